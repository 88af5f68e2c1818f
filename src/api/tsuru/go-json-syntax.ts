import { quoteText } from '../../core/template/go/quote.ts'

const literals: Record<string, string> = { t: 'true', f: 'false', n: 'null' }
const isSpace = (character: string): boolean => /[ \t\r\n]/.test(character)
const isDigit = (character: string): boolean => /\d/.test(character)

const shown = (character: string): string =>
  character === "'" ? `'\\''` : character === '"' ? `'"'` : `'${quoteText(character).slice(1, -1)}'`

/**
 * What Go's encoding/json says against the syntax of a text, or null. Go reads bytes, and at the end one space more: a
 * literal that is cut short fails on that.
 */
export function goSyntaxError(bytes: Buffer): string | null {
  const text = `${bytes.toString('latin1')} `
  let at = 0
  const open: ('{' | '[')[] = []
  const bad = (where: string): string =>
    at >= text.length
      ? 'unexpected end of JSON input'
      : `invalid character ${shown(text.charAt(at))} ${where}`
  const skip = (): void => {
    while (at < text.length && isSpace(text.charAt(at))) at++
  }

  const string = (): string | null => {
    for (at++; at < text.length; at++) {
      const character = text.charAt(at)
      if (character === '"') {
        at++
        return null
      }
      if (character < ' ') return bad('in string literal')
      if (character !== '\\') continue
      at++
      if (at >= text.length) break
      if (text.charAt(at) === 'u') {
        for (let digit = 0; digit < 4; digit++) {
          at++
          if (!/[0-9A-Fa-f]/.test(text.charAt(at))) return bad('in \\u hexadecimal character escape')
        }
      } else if (!/["\\/bfnrt]/.test(text.charAt(at))) return bad('in string escape code')
    }
    return 'unexpected end of JSON input'
  }

  const number = (): string | null => {
    const digits = (where: string): string | null => {
      if (!isDigit(text.charAt(at))) return bad(where)
      while (isDigit(text.charAt(at))) at++
      return null
    }
    if (text.charAt(at) === '-') at++
    if (text.charAt(at) === '0') at++
    else {
      const wrong = digits('in numeric literal')
      if (wrong !== null) return wrong
    }
    if (text.charAt(at) === '.') {
      at++
      const wrong = digits('after decimal point in numeric literal')
      if (wrong !== null) return wrong
    }
    if (/[eE]/.test(text.charAt(at))) {
      at++
      if (/[+-]/.test(text.charAt(at))) at++
      return digits('in exponent of numeric literal')
    }
    return null
  }

  const literal = (word: string): string | null => {
    for (const expected of word.slice(1)) {
      at++
      if (text.charAt(at) !== expected) return bad(`in literal ${word} (expecting ${shown(expected)})`)
    }
    at++
    return null
  }

  /** A value, or the opening of one that has others inside. */
  const begin = (): string | null => {
    const character = text.charAt(at)
    if (character === '"') return string()
    if (character === '-' || isDigit(character)) return number()
    const word = literals[character]
    if (word !== undefined) return literal(word)
    if (character !== '{' && character !== '[') return bad('looking for beginning of value')
    at++
    open.push(character)
    return open.length > 10_000 ? 'exceeded max depth' : null
  }

  const key = (): string | null => {
    if (text.charAt(at) !== '"') return bad('looking for beginning of object key string')
    const wrong = string()
    if (wrong !== null) return wrong
    skip()
    if (text.charAt(at) !== ':') return bad('after object key')
    at++
    skip()
    return null
  }

  skip()
  let isFresh = false
  for (;;) {
    const depth = open.length
    const wrong = begin()
    if (wrong !== null) return wrong
    isFresh = open.length > depth
    for (;;) {
      skip()
      const inside = open.at(-1)
      if (inside === undefined) return at >= text.length ? null : bad('after top-level value')
      const character = text.charAt(at)
      if (character === (inside === '{' ? '}' : ']')) {
        at++
        open.pop()
        isFresh = false
        continue
      }
      if (!isFresh) {
        if (character !== ',')
          return bad(inside === '{' ? 'after object key:value pair' : 'after array element')
        at++
        skip()
      }
      const wrongKey = inside === '{' ? key() : null
      if (wrongKey !== null) return wrongKey
      break
    }
  }
}
