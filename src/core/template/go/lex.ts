/**
 * Source text → tokens, all at once; the last one is `eof` or `error`.
 *
 *   text ── {{ ──► action ── }} ──► text
 *     └── {{/* ──► comment ── *\/}} ──► text
 *
 * `{{- ` trims the white space before an action, ` -}}` the white space after it: done here, the parser never sees it.
 */
type TokenType =
  | 'text'
  | 'leftDelimiter'
  | 'rightDelimiter'
  | 'space'
  | 'identifier'
  | 'keyword'
  | 'nil'
  | 'dot'
  | 'field'
  | 'variable'
  | 'bool'
  | 'number'
  | 'complex'
  | 'character'
  | 'string'
  | 'rawString'
  | 'declare'
  | 'assign'
  | 'pipe'
  | 'leftParenthesis'
  | 'rightParenthesis'
  | 'char'
  | 'eof'
  | 'error'

export interface Token {
  type: TokenType
  /** As in the source; of an `error` the message. */
  text: string
  /** Offset of its first character. */
  at: number
}

const keywords = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'template',
  'with',
])

const single: Record<string, TokenType> = {
  '=': 'assign',
  '|': 'pipe',
  '(': 'leftParenthesis',
  ')': 'rightParenthesis',
}

const spaces = ' \t\r\n'
const isSpace = (character: string): boolean => character !== '' && spaces.includes(character)
const isDigit = (character: string): boolean => character >= '0' && character <= '9'

const isAsciiWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95

/** Costs 1 ms when it is first used, which ASCII never does. */
const word = /[\p{L}\p{Nd}_]+/uy
const number =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y

export function lex(source: string): Token[] {
  return new Lexer(source).run()
}

class Lexer {
  readonly #source: string
  readonly #tokens: Token[] = []
  #at = 0
  #parentheses = 0

  constructor(source: string) {
    this.#source = source
  }

  run(): Token[] {
    let more = true
    while (more) more = this.#text() && this.#action()
    return this.#tokens
  }

  /** Up to and including the next `{{`; comments are passed over. False: nothing is left. */
  #text(): boolean {
    for (;;) {
      const source = this.#source
      const delimiter = source.indexOf('{{', this.#at)
      if (delimiter < 0) {
        if (this.#at < source.length) this.#push('text', source.length)
        return this.#end()
      }
      const trimsBefore = source.charAt(delimiter + 2) === '-' && isSpace(source.charAt(delimiter + 3))
      const textEnd = trimsBefore ? trimmedEnd(source, this.#at, delimiter) : delimiter
      if (textEnd > this.#at) this.#push('text', textEnd)
      const inside = delimiter + (trimsBefore ? 4 : 2)
      if (!source.startsWith('/*', inside)) {
        this.#at = delimiter
        this.#push('leftDelimiter', delimiter + 2)
        this.#at = inside
        return true
      }
      this.#at = inside
      if (!this.#comment()) return false
    }
  }

  #comment(): boolean {
    const end = this.#source.indexOf('*/', this.#at + 2)
    if (end < 0) return this.#error('unclosed comment')
    const start = this.#at
    this.#at = end + 2
    if (this.#closes()) return true
    this.#at = start
    return this.#error('comment ends before closing delimiter')
  }

  /** Passes over `}}` or ` -}}` (with the space after it), if that is next. Where `}}` began, or 0. */
  #closes(): number {
    const trims = this.#trimsAfter(this.#at)
    if (!trims && !this.#source.startsWith('}}', this.#at)) return 0
    const delimiter = this.#at + (trims ? 2 : 0)
    this.#at = delimiter + 2
    if (trims) while (isSpace(this.#source.charAt(this.#at))) this.#at++
    return delimiter
  }

  #trimsAfter(at: number): boolean {
    return isSpace(this.#source.charAt(at)) && this.#source.startsWith('-}}', at + 1)
  }

  /** Up to and including `}}`. */
  #action(): boolean {
    this.#parentheses = 0
    for (;;) {
      const start = this.#at
      if (this.#parentheses > 0 && (this.#trimsAfter(start) || this.#source.startsWith('}}', start))) {
        return this.#error('unclosed left paren')
      }
      const delimiter = this.#closes()
      if (delimiter > 0) {
        this.#tokens.push({ type: 'rightDelimiter', text: '}}', at: delimiter })
        return true
      }
      if (!this.#token()) return false
    }
  }

  #token(): boolean {
    const source = this.#source
    const next = source.charAt(this.#at)
    const follower = source.charAt(this.#at + 1)
    if (next === '') return this.#error('unclosed action')
    if (isSpace(next)) return this.#space()
    if (next === ':')
      return follower === '=' ? this.#push('declare', this.#at + 2) : this.#error('expected :=')
    if (next === '"') return this.#quoted('string', '"', 'unterminated quoted string')
    if (next === "'") return this.#quoted('character', "'", 'unterminated character constant')
    if (next === '`') return this.#raw()
    if (next === '$') return this.#name('variable')
    if (next === '.' && !isDigit(follower)) return this.#name('field')
    if (next === '.' || next === '+' || next === '-' || isDigit(next)) return this.#number()
    if (next === '(') this.#parentheses++
    if (next === ')' && --this.#parentheses < 0) return this.#error('unexpected right paren')
    const type = single[next]
    if (type !== undefined) return this.#push(type, this.#at + 1)
    if (this.#wordEnd(this.#at) > this.#at) return this.#identifier()
    if (next > ' ' && next <= '~') return this.#push('char', this.#at + 1)
    return this.#error(`unrecognized character in action: ${describe(source.codePointAt(this.#at) ?? 0)}`)
  }

  /** A run of white space, without the one that belongs to ` -}}`. */
  #space(): boolean {
    let end = this.#at + 1
    while (isSpace(this.#source.charAt(end))) end++
    if (this.#trimsAfter(end - 1)) end--
    return end === this.#at || this.#push('space', end)
  }

  #identifier(): boolean {
    const end = this.#wordEnd(this.#at)
    if (!this.#terminates(end)) return this.#badCharacter(end)
    const text = this.#source.slice(this.#at, end)
    return this.#push(identifierType(text), end)
  }

  /** `.x`, `$x`, `.` or `$`. */
  #name(type: 'field' | 'variable'): boolean {
    const start = this.#at + 1
    if (this.#terminates(start)) return this.#push(type === 'field' ? 'dot' : 'variable', start)
    const end = this.#wordEnd(start)
    return this.#terminates(end) ? this.#push(type, end) : this.#badCharacter(end)
  }

  #number(): boolean {
    const end = this.#numberEnd(this.#at)
    if (end < 0) return this.#error(`bad number syntax: "${this.#source.slice(this.#at, this.#at + 40)}"`)
    const sign = this.#source.charAt(end)
    if (sign !== '+' && sign !== '-') return this.#push('number', end)
    const complexEnd = this.#numberEnd(end)
    if (complexEnd < 0 || this.#source.charAt(complexEnd - 1) !== 'i') {
      return this.#error(`bad number syntax: "${this.#source.slice(this.#at, end + 1)}"`)
    }
    return this.#push('complex', complexEnd)
  }

  #numberEnd(at: number): number {
    number.lastIndex = at
    const end = at + (number.exec(this.#source)?.[0].length ?? 0)
    return this.#wordEnd(end) > end ? -1 : end
  }

  #quoted(type: 'string' | 'character', quote: string, message: string): boolean {
    const source = this.#source
    for (let end = this.#at + 1; ; end++) {
      const character = source.charAt(end)
      if (character === quote) return this.#push(type, end + 1)
      if (character === '\\') end++
      if (source.charAt(end) === '' || source.charAt(end) === '\n') return this.#error(message)
    }
  }

  #raw(): boolean {
    const end = this.#source.indexOf('`', this.#at + 1)
    return end < 0 ? this.#error('unterminated raw quoted string') : this.#push('rawString', end + 1)
  }

  /** The end of the letters, digits and `_` from here on. */
  #wordEnd(at: number): number {
    let end = at
    while (isAsciiWord(this.#source.charCodeAt(end))) end++
    if (!(this.#source.charCodeAt(end) > 0x7f)) return end
    word.lastIndex = end
    return end + (word.exec(this.#source)?.[0].length ?? 0)
  }

  /** May what stands here follow a name? */
  #terminates(at: number): boolean {
    const next = this.#source.charAt(at)
    return next === '' || ' \t\r\n.,|:)('.includes(next) || this.#source.startsWith('}}', at)
  }

  #push(type: TokenType, end: number): true {
    this.#tokens.push({ type, text: this.#source.slice(this.#at, end), at: this.#at })
    this.#at = end
    return true
  }

  #badCharacter(at: number): false {
    return this.#error(`bad character ${describe(this.#source.codePointAt(at) ?? 0)}`)
  }

  #error(message: string): false {
    this.#tokens.push({ type: 'error', text: message, at: this.#at })
    return false
  }

  #end(): false {
    this.#tokens.push({ type: 'eof', text: '', at: this.#at })
    return false
  }
}

function identifierType(text: string): TokenType {
  if (keywords.has(text)) return 'keyword'
  if (text === 'nil') return 'nil'
  return text === 'true' || text === 'false' ? 'bool' : 'identifier'
}

function trimmedEnd(source: string, start: number, end: number): number {
  let trimmed = end
  while (trimmed > start && isSpace(source.charAt(trimmed - 1))) trimmed--
  return trimmed
}

function describe(codePoint: number): string {
  const hex = codePoint.toString(16).toUpperCase().padStart(4, '0')
  return /\P{C}/u.test(String.fromCodePoint(codePoint))
    ? `U+${hex} '${String.fromCodePoint(codePoint)}'`
    : `U+${hex}`
}
