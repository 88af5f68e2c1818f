import { Failure, failLimit } from '../go/failure.ts'

const identifierCharacter = /[\p{L}\p{Nd}\s_\-:/~()@]/u
const space = /\s/
const wordCharacter = /[\p{L}\p{Nd}_\-:/~()@]/u

const maxDepth = 150

/** What was read, and where it ends. */
export interface Read<T> {
  node: T
  end: number
}

/** The characters of a template. Each method answers null where what it reads does not stand. */
export class Reader {
  readonly source: string
  #work: number
  #depth = 0
  /** The place that was reached before it was given up, and what should have stood there. */
  furthest = { at: 0, expected: '' }

  constructor(source: string) {
    this.source = source
    this.#work = 5_000_000 + source.length * 64
  }

  /** Runs what reads something that stands within something like itself. */
  nested<T>(at: number, read: () => T): T {
    if (++this.#depth > maxDepth)
      failLimit(`blocks and expressions can be nested ${maxDepth} deep`, at, 'take some of them out')
    try {
      return read()
    } finally {
      this.#depth--
    }
  }

  /** However a template is written, it is read in a time that is proportional to its length. */
  #charge(characters: number, at: number): void {
    this.#work -= characters
    if (this.#work < 0) failLimit('the template takes too long to read', at)
  }

  expect(text: string, at: number): number | null {
    if (this.source.startsWith(text, at)) return at + text.length
    this.missing(at, text)
    return null
  }

  missing(at: number, expected: string): null {
    if (at >= this.furthest.at) this.furthest = { at, expected }
    return null
  }

  skipSpace(at: number): number {
    let end = at
    while (end < this.source.length && space.test(this.source[end]!)) end++
    this.#charge(end - at, at)
    return end
  }

  /** `#{`, but neither `#{/` nor what divides an `if`. */
  open(at: number): number | null {
    if (!this.source.startsWith('#{', at) || this.source[at + 2] === '/') return null
    if (this.source.startsWith('#{else}', at) || this.isElseIf(at)) return null
    return at + 2
  }

  isElseIf(at: number): boolean {
    return this.source.startsWith('#{elseif', at) && space.test(this.source[at + 8] ?? '')
  }

  /** After `#{`: one of the words that open a block, in any case, and the space behind. */
  keyword<T extends string>(words: readonly T[], at: number): Read<T> | null {
    const start = this.skipSpace(at)
    for (const word of words) {
      const end = start + word.length
      if (this.source.slice(start, end).toLowerCase() === word && space.test(this.source[end] ?? ''))
        return { node: word, end: this.skipSpace(end) }
    }
    return null
  }

  /** Spaces are part of a name, but for those before `|`, `}` and ` in `. */
  identifier(at: number, isEachVariable = false): Read<string> | null {
    const { source } = this
    let end = at
    while (end < source.length) {
      const character = source[end]!
      if (!identifierCharacter.test(character)) break
      if (space.test(character) && (/[|}]/.test(source[end + 1] ?? '') || this.#isIn(end, isEachVariable)))
        break
      end++
    }
    this.#charge(end - at, at)
    return end === at ? this.missing(at, 'a name') : { node: source.slice(at, end).trim(), end }
  }

  #isIn(at: number, inAnyCase: boolean): boolean {
    const word = this.source.slice(at + 1, at + 3)
    return (inAnyCase ? word.toLowerCase() : word) === 'in' && space.test(this.source[at + 3] ?? '')
  }

  word(at: number): Read<string> | null {
    let end = at
    while (end < this.source.length && wordCharacter.test(this.source[end]!)) end++
    this.#charge(end - at, at)
    return end === at ? null : { node: this.source.slice(at, end), end }
  }

  /** `"…"` without `#`, or `\"…\"` with whatever. */
  quoted(at: number): Read<string> | null {
    const { source } = this
    if (source[at] === '"') {
      let end = at + 1
      while (end < source.length && source[end] !== '"' && source[end] !== '#') end++
      this.#charge(end - at, at)
      return source[end] === '"'
        ? { node: source.slice(at + 1, end), end: end + 1 }
        : this.missing(end, 'a closing quote')
    }
    if (!source.startsWith('\\"', at)) return null
    const end = source.indexOf('\\"', at + 2)
    this.#charge((end === -1 ? source.length : end) - at, at)
    return end === -1 ? this.missing(source.length, '\\"') : { node: source.slice(at + 2, end), end: end + 2 }
  }

  /** `[…]` with brackets in pairs. */
  index(at: number): Read<string> | null {
    const { source } = this
    if (source[at] !== '[') return null
    let open = 0
    let end = at
    for (; end < source.length; end++) {
      if (source[end] === '[') open++
      else if (source[end] === ']' && --open === 0) break
    }
    this.#charge(end - at, at)
    return end >= source.length
      ? this.missing(end, ']')
      : { node: source.slice(at + 1, end).trim(), end: end + 1 }
  }

  number(at: number): Read<number> | null {
    const text = /^(?:\d+(?:\.\d+)?|\.\d+)/.exec(this.source.slice(at, at + 400))?.[0]
    return text === undefined ? null : { node: Number(text), end: at + text.length }
  }

  /** `##{` is `#{`, `###{x}` is `#` and x; any other `#` is itself. */
  text(at: number): Read<string> | null {
    const { source } = this
    let text = ''
    let end = at
    while (end < source.length) {
      const hash = source.indexOf('#', end)
      if (hash === -1) {
        text += source.slice(end)
        end = source.length
        break
      }
      text += source.slice(end, hash)
      end = hash
      while (source[end] === '#') end++
      const count = end - hash
      if (source[end] !== '{') text += '#'.repeat(count)
      else if (count === 2) {
        text += '#{'
        end++
      } else {
        end--
        text += '#'.repeat(Math.max(count - 2, 0))
        break
      }
    }
    this.#charge(end - at, at)
    return end === at ? null : { node: text, end }
  }

  /** Says why nothing more could be read at `at`. */
  refuse(at: number): never {
    const { source, furthest } = this
    const closing = /^#\{(?:\/\w*|else)\}/.exec(source.slice(at, at + 40))?.[0]
    if (closing !== undefined) failSyntax(`${closing} does not belong to any block`, at)
    const block = /^#\{\s*(if|unless|each|calc)\s/i.exec(source.slice(at, at + 100))?.[1]?.toLowerCase()
    if (block !== undefined && block !== 'calc' && furthest.at >= source.length)
      failSyntax(`#{${block} …} is not closed`, at, `write #{/${block}} where it ends`)
    if (furthest.at < at) failSyntax(`cannot read ${quote(source.slice(at, at + 20))}`, at)
    const found =
      furthest.at >= source.length ? 'the end' : quote(source.slice(furthest.at, furthest.at + 10))
    failSyntax(
      `expected ${furthest.expected}, found ${found}`,
      furthest.at,
      'two hashes, ##{, write #{ as text',
    )
  }
}

const quote = (text: string): string => JSON.stringify(text)

function failSyntax(message: string, at: number, hint?: string): never {
  throw new Failure('template.syntax', message, at, hint)
}
