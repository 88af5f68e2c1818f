/** JSON for reading: a number that JavaScript would round keeps the digits that it was written with. */

/** A number as its text. */
export class ExactNumber {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

type Reviver = (name: string, value: unknown, context?: { source?: string }) => unknown
// TypeScript's library does not know the third argument yet; browsers without it show the rounded number.
const parseWith = JSON.parse as (text: string, reviver: Reviver) => unknown

/** The value, or undefined when the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return parseWith(text, (_name, value, context) => {
      const source = context?.source
      const isAltered = typeof value === 'number' && source !== undefined && String(value) !== source
      return isAltered ? new ExactNumber(source) : value
    })
  } catch {
    return undefined
  }
}

/** Valid JSON with line breaks and indentation; nothing else of it changes. Any other text as it is. */
export function pretty(text: string): string {
  if (!/^\s*[{[]/.test(text) || parseJson(text) === undefined) return text
  let depth = 0
  const line = () => `\n${'  '.repeat(depth)}`
  // Texts, empty brackets, brackets, separators, and anything else; white space between them is dropped.
  const tokens = text.match(/"(?:\\.|[^"\\])*"|\{\s*\}|\[\s*\]|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
  return tokens
    .map(token => {
      if (token === '{' || token === '[') {
        depth += 1
        return token + line()
      }
      if (token === '}' || token === ']') {
        depth -= 1
        return line() + token
      }
      if (token === ',') return `,${line()}`
      if (token === ':') return ': '
      return /^[{[]/.test(token) ? token.replaceAll(/\s/g, '') : token
    })
    .join('')
}
