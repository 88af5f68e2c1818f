/** What stands in records where a secret was. */
export const mask = '•••'

/**
 * Makes a function that puts `•••` in the place of each secret in a text, also where it is written
 * - in JSON: `\"`, `\\`, `\/`, `\n`, `\u003c`;
 * - in a URL: `%2F`, `%2f`, and a space as `%20` or `+`; any mixture of encoded and plain characters;
 * - in base64 or base64url, alone or anywhere inside something longer (`Basic` of `user:secret`), padded or not,
 *   itself written in JSON or a URL.
 *
 * Secrets shorter than 4 characters are masked only as whole words, as they are: of "a" every text is full, and dots all
 * over it would tell the secret and nothing else. Empty ones are passed over.
 *
 * Making one costs 50 µs a secret: keep it. Five secrets are sought in 1 KB in 1.5 µs, in 64 KB in 70 µs.
 * Mask a text before it is cut for a preview: of a secret that is cut in two, the first half is not recognised.
 */
export function createMasker(secretValues: readonly string[]): (text: string) => string {
  const patterns = [...new Set(secretValues)].filter(secret => secret !== '').flatMap(patternsOf)
  if (patterns.length === 0) return text => text
  return text =>
    maskSpans(
      text,
      patterns.flatMap(pattern => spansOf(text, pattern)),
    )
}

type Span = [start: number, end: number]

/** Also those that overlap: of "abab" in "ababab" nothing may remain. */
function spansOf(text: string, pattern: RegExp): Span[] {
  const spans: Span[] = []
  pattern.lastIndex = 0
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    spans.push([found.index, found.index + found[0].length])
    pattern.lastIndex = found.index + 1
  }
  return spans
}

function maskSpans(text: string, spans: Span[]): string {
  if (spans.length === 0) return text
  spans.sort((a, b) => a[0] - b[0])
  let masked = ''
  let copiedTo = 0
  let coveredTo = -1
  for (const [start, end] of spans) {
    if (start > coveredTo) {
      masked += text.slice(copiedTo, start) + mask
      coveredTo = end
    } else coveredTo = Math.max(coveredTo, end)
    copiedTo = coveredTo
  }
  return masked + text.slice(copiedTo)
}

const shortest = 4

function patternsOf(secret: string): RegExp[] {
  if (secret.length < shortest) {
    return [new RegExp(`(?<![\\p{L}\\p{N}_])${literal(secret)}(?![\\p{L}\\p{N}_])`, 'gu')]
  }
  const written = Array.from(secret, anyWriting).join('')
  const base64 = [0, 1, 2].map(offset => base64Pattern(Buffer.from(secret), offset))
  return [new RegExp(written, 'g'), new RegExp(base64.join('|'), 'g')]
}

const literal = (text: string): string => text.replace(/[\^$.*+?()[\]{}|/\\]/g, '\\$&')

const jsonShorthands = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['/', '\\/'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

/** One character: as it is, or in any of its encodings. No two begin alike, so that matching never backtracks far. */
function anyWriting(character: string): string {
  const percent = Array.from(
    Buffer.from(character),
    byte => `%${anyCase(byte.toString(16).padStart(2, '0'))}`,
  ).join('')
  const unicode = character
    .split('')
    .map(unit => `\\\\u${anyCase(unit.charCodeAt(0).toString(16).padStart(4, '0'))}`)
    .join('')
  const writings = [unicode, percent]
  const shorthand = jsonShorthands.get(character)
  if (shorthand !== undefined) writings.push(literal(shorthand))
  if (character === ' ') writings.push('\\+')
  return `(?:${[...writings, literal(character)].join('|')})`
}

const anyCase = (hex: string): string => hex.replace(/[a-f]/g, digit => `[${digit}${digit.toUpperCase()}]`)

/**
 * The secret in base64 when `offset` bytes (mod 3) stand before it. Six bits make a character: those that the secret
 * fills alone are known, and of the one before and the one after, which hold bits of a neighbour too, any will do.
 */
function base64Pattern(secret: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), secret]).toString('base64url')
  const firstOwn = Math.ceil((offset * 8) / 6)
  const pastOwn = Math.floor(((offset + secret.length) * 8) / 6)
  const own = Array.from(
    encoded.slice(firstOwn, pastOwn),
    character => base64Writings.get(character) ?? character,
  ).join('')
  const before = offset === 0 ? '' : `${anyBase64}?`
  const after = (offset + secret.length) % 3 === 0 ? '' : `(?:${anyBase64}(?:=|%3[dD]){0,2})?`
  return before + own + after
}

const plus = '(?:[+-]|%2[bB])'
const slash = '(?:[/_]|%2[fF]|\\\\/)'
const base64Writings = new Map([
  ['-', plus],
  ['_', slash],
])
const anyBase64 = `(?:[A-Za-z0-9]|${plus}|${slash})`

/** Header names whose values are credentials, whoever invented them: `X-Api-Key`, `Private-Token`, `X-Acme-Secret`. */
const secretName =
  /(?:^|[-_])(?:authorization|auth|cookie2?|token|secret|password|passwd|credentials?|session|signature-key|(?:api|access|auth|private|secret|account|shared|function|subscription)[-_]?key|apikey|functions-key)$/i

export const isSecretHeader = (name: string): boolean => secretName.test(name)

const publicNames = new Set(['accept', 'accept-language', 'cache-control', 'content-type', 'user-agent'])

/** Header names that never carry a credential. */
export const isPublicHeader = (name: string): boolean => publicNames.has(name.toLowerCase())

/** The same headers, the values of those that carry credentials replaced; names, order and repetitions kept. */
export function maskHeaders(
  headers: readonly (readonly [name: string, value: string])[],
): [name: string, value: string][] {
  return headers.map(([name, value]) => [name, isSecretHeader(name) ? mask : value])
}

/** The password in `http://user:password@host/` replaced; what is no URL stays as it is. */
export function maskUrl(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:)[^/?#]*@/i, `$1${mask}@`)
}
