/** .NET's regular expressions in the language of RE2, which answers in linear time. */

export class UnusablePattern extends Error {}

export interface Translated {
  source: string
  /** What each group is called in .NET, where the first is in place 1. */
  groups: { name: string | null; number: number }[]
}

interface Options {
  /** The only line end of the text is its last character. */
  hasFinalLine: boolean
}

interface Modes {
  explicitCapture: boolean
  extended: boolean
  multiline: boolean
}

const classes: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  w: '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}',
  s: '\\t-\\r\\x{85}\\p{Z}',
}

export function translate(source: string, options: Options): Translated {
  return new Translator(source, options).run()
}

class Translator {
  readonly #source: string
  readonly #options: Options
  readonly #names: (string | null)[] = []
  readonly #modes: Modes[] = [{ explicitCapture: false, extended: false, multiline: false }]
  #at = 0

  constructor(source: string, options: Options) {
    this.#source = source
    this.#options = options
  }

  run(): Translated {
    let output = ''
    while (this.#at < this.#source.length) output += this.#next()
    return { source: output, groups: this.#numbered() }
  }

  /** Groups without a name are numbered first. */
  #numbered(): Translated['groups'] {
    let unnamed = 0
    let named = this.#names.filter(name => name === null).length
    return this.#names.map(name => ({ name, number: name === null ? ++unnamed : ++named }))
  }

  get #mode(): Modes {
    return this.#modes.at(-1)!
  }

  #next(): string {
    const character = this.#source[this.#at]!
    if (character === '\\') return this.#escape()
    if (character === '[') return this.#class()
    if (character === '(') return this.#open()
    this.#at++
    if (character === ')' && this.#modes.length > 1) this.#modes.pop()
    if (this.#mode.extended && /\s/.test(character)) return ''
    if (this.#mode.extended && character === '#') {
      const end = this.#source.indexOf('\n', this.#at)
      this.#at = end === -1 ? this.#source.length : end
      return ''
    }
    if (character === '$') return this.#end()
    if (character === '{' && !/^\d+(?:,\d*)?\}/.test(this.#source.slice(this.#at, this.#at + 20)))
      return '\\{'
    return character
  }

  #end(): string {
    if (this.#mode.multiline) return '(?m:$)'
    return this.#options.hasFinalLine ? '(?m:$)' : '\\z'
  }

  #open(): string {
    const rest = this.#source.slice(this.#at)
    const named = /^\(\?(?:<([A-Za-z_]\w*|\d+)>|'([A-Za-z_]\w*|\d+)')/.exec(rest)
    if (named) {
      this.#enter(named[0])
      this.#names.push(named[1] ?? named[2]!)
      return '('
    }
    const modes = /^\(\?([imnsx]*)(?:-([imnsx]+))?([:)])/.exec(rest)
    if (modes) return this.#setModes(modes)
    if (rest.startsWith('(?#')) {
      const end = rest.indexOf(')')
      if (end === -1) throw new UnusablePattern('a comment is not closed')
      this.#at += end + 1
      return ''
    }
    if (rest.startsWith('(?'))
      throw new UnusablePattern(`${unsupported(rest)} cannot be matched in linear time`)
    this.#enter('(')
    if (this.#mode.explicitCapture) return '(?:'
    this.#names.push(null)
    return '('
  }

  #enter(text: string): void {
    this.#at += text.length
    this.#modes.push({ ...this.#mode })
  }

  #setModes([text, on = '', off = '', end]: RegExpExecArray): string {
    if (end === ':') this.#enter(text)
    else this.#at += text.length
    for (const [letter, mode] of [
      ['n', 'explicitCapture'],
      ['x', 'extended'],
      ['m', 'multiline'],
    ] as const) {
      if (on.includes(letter)) this.#mode[mode] = true
      if (off.includes(letter)) this.#mode[mode] = false
    }
    const kept = (letters: string): string => letters.replace(/[nx]/g, '')
    const minus = kept(off) === '' ? '' : `-${kept(off)}`
    if (end === ')' && kept(on) + minus === '') return ''
    return `(?${kept(on)}${minus}${end}`
  }

  #escape(): string {
    const rest = this.#source.slice(this.#at)
    const letter = rest[1]
    if (letter === undefined) throw new UnusablePattern('it ends with a backslash')
    const code = codeOf(rest)
    if (code) {
      this.#at += code.length
      return code.text
    }
    if (/^\\(?:[1-9]|k[<'{])/.test(rest))
      throw new UnusablePattern('a reference back to a group cannot be matched in linear time')
    if (letter === 'G') throw new UnusablePattern('\\G is not supported')
    const property = /^\\[pP]\{[^}]*\}/.exec(rest)?.[0]
    this.#at += property?.length ?? 2
    if (property !== undefined) return propertyOf(property)
    if (letter === 'Z') return this.#options.hasFinalLine ? '(?m:$)' : '\\z'
    const lower = classes[letter.toLowerCase()]
    if (lower !== undefined) return letter === letter.toLowerCase() ? `[${lower}]` : `[^${lower}]`
    if (/[bBAz]/.test(letter)) return `\\${letter}`
    if (/[A-Za-z_]/.test(letter)) throw new UnusablePattern(`\\${letter} is not known`)
    return quoted(letter)
  }

  /** `[…]`; what is negated inside of it becomes an alternative. */
  #class(): string {
    const isNegated = this.#source[this.#at + 1] === '^'
    this.#at += isNegated ? 2 : 1
    let text = ''
    const negated: string[] = []
    for (let isFirst = true; ; isFirst = false) {
      const rest = this.#source.slice(this.#at)
      const character = rest[0]
      if (character === undefined) throw new UnusablePattern('a [ is not closed')
      if (character === ']' && !isFirst) break
      if (rest.startsWith('-[')) throw new UnusablePattern('one class less another is not supported')
      if (character === '[') text += '\\['
      const code = codeOf(rest)
      const property = /^\\[pP]\{[^}]*\}/.exec(rest)?.[0]
      const lower = character === '\\' ? classes[rest[1]?.toLowerCase() ?? ''] : undefined
      if (code) text += code.text
      else if (property !== undefined) text += propertyOf(property)
      else if (lower !== undefined && rest[1] !== rest[1]!.toLowerCase()) negated.push(`[^${lower}]`)
      else if (lower !== undefined) text += lower
      else if (character === '\\') text += rest[1] === 'b' ? '\\x{8}' : quoted(rest[1] ?? '')
      else if (character !== '[') text += /[\]^&~|]/.test(character) ? `\\${character}` : character
      this.#at += code?.length ?? property?.length ?? (character === '\\' ? 2 : 1)
    }
    this.#at++
    if (negated.length === 0) return `[${isNegated ? '^' : ''}${text}]`
    if (!isNegated) return `(?:${[...(text === '' ? [] : [`[${text}]`]), ...negated].join('|')})`
    if (text === '' && negated.length === 1) return `[${negated[0]!.slice(2, -1)}]`
    throw new UnusablePattern('a class without \\D, \\S or \\W and more is not supported')
  }
}

const quoted = (character: string): string =>
  /[\p{L}\p{N}_\s]/u.test(character) ? character : `\\${character}`

const letters: Partial<Record<string, string>> = {
  a: '\\x07',
  e: '\\x1B',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
  '0': '\\x00',
}

/** An escape that stands for one character. */
function codeOf(rest: string): { text: string; length: number } | null {
  const hexadecimal = /^\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2}))/.exec(rest)
  if (hexadecimal) return { text: `\\x{${hexadecimal[1] ?? hexadecimal[2]!}}`, length: hexadecimal[0].length }
  const control = /^\\c([A-Za-z])/.exec(rest)?.[1]
  if (control !== undefined)
    return { text: `\\x{${(control.toUpperCase().charCodeAt(0) - 64).toString(16)}}`, length: 3 }
  const text = rest.startsWith('\\') ? letters[rest[1] ?? ''] : undefined
  return text === undefined ? null : { text, length: 2 }
}

/** .NET calls blocks of characters `IsGreek`; RE2 knows scripts. */
function propertyOf(property: string): string {
  const block = /\{Is([A-Za-z]+)\}/.exec(property)?.[1]
  if (block === undefined) return property
  if (block === 'BasicLatin') return property.startsWith('\\p') ? '\\x00-\\x7F' : '\\x{80}-\\x{10FFFF}'
  return property.replace('{Is', '{')
}

function unsupported(rest: string): string {
  if (/^\(\?<?[=!]/.test(rest)) return `looking ahead or behind, ${rest.slice(0, rest[2] === '<' ? 4 : 3)}…),`
  return rest.startsWith('(?>') ? 'an atomic group, (?>…),' : `${rest.slice(0, 4)}…)`
}
