/** strconv.Quote and strconv.QuoteRune. */

const printable = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u
export const isPrintable = (character: string): boolean => printable.test(character)

const escapes: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

export const quoteText = (text: string, asciiOnly = false): string => quoteWith('"', text, asciiOnly)
export const quoteCharacter = (character: string, asciiOnly = false): string =>
  quoteWith("'", character, asciiOnly)

function quoteWith(quote: string, text: string, asciiOnly: boolean): string {
  let quoted = quote
  for (const character of text.toWellFormed()) quoted += escaped(character, quote, asciiOnly)
  return quoted + quote
}

function escaped(character: string, quote: string, asciiOnly: boolean): string {
  if (character === quote || character === '\\') return `\\${character}`
  if ((!asciiOnly || character < '\x7f') && isPrintable(character)) return character
  const escape = escapes[character]
  if (escape !== undefined) return escape
  const code = character.codePointAt(0) as number
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}
