/** Go's literals: quoted strings, characters and numbers, as strconv reads them. */
import { decodeUtf8 } from './bytes.ts'
import { Float } from './values.ts'

const maxInt = 2n ** 63n - 1n
const minInt = -(2n ** 63n)
const maxUint = 2n ** 64n - 1n
const longestNumber = 1000

/** `overflows`: fits uint64 but not int, which Go notices when the template runs. */
interface ParsedNumber {
  value: bigint | Float
  overflows: boolean
}

/** A text answer is the error. */
export function parseNumber(text: string): ParsedNumber | string {
  if (text.length > longestNumber) return `number literal longer than ${longestNumber} characters`
  if (text.endsWith('i')) return `complex numbers are not supported: ${text}`
  const integer = parseInteger(text)
  if (integer !== null) {
    if (integer >= minInt && integer <= maxInt) return { value: integer, overflows: false }
    if (integer <= maxUint && integer > 0n && !text.startsWith('+'))
      return { value: integer, overflows: true }
  }
  const float = parseFloatingPoint(text)
  if (float === null) return `illegal number syntax: "${text}"`
  if (!/[.eEpP]/.test(text)) return `integer overflow: "${text}"`
  return { value: new Float(float), overflows: false }
}

export function parseCharacter(text: string): ParsedNumber | string {
  const character = readCharacter(text, 1, "'")
  if (character === null || character.end !== text.length - 1) return `malformed character constant: ${text}`
  return { value: BigInt(character.code), overflows: false }
}

/** Base by prefix (0x, 0o, 0b, a leading 0 is octal); `_` between digits. */
function parseInteger(text: string): bigint | null {
  const match = /^([+-]?)(0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]*|[1-9][0-9_]*)$/.exec(text)
  if (match === null || !underscoresSeparate(text)) return null
  const digits = (match[2] as string).replaceAll('_', '')
  if (/^0[oO]$/.test(digits)) return null
  const octal = /^0[0-7]+$/.test(digits)
  const magnitude = BigInt(octal ? `0o${digits.slice(1)}` : digits)
  return match[1] === '-' ? -magnitude : magnitude
}

function parseFloatingPoint(text: string): number | null {
  if (!underscoresSeparate(text)) return null
  const plain = text.replaceAll('_', '')
  const hex = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+)$/.exec(plain)
  const value = hex === null ? parseDecimal(plain) : parseHexFloat(hex)
  return value === null || !Number.isFinite(value) ? null : value
}

const parseDecimal = (text: string): number | null =>
  /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : null

function parseHexFloat(match: RegExpExecArray): number | null {
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole + fraction === '') return null
  const power = Number(exponent) - 4 * fraction.length
  if (Math.abs(power) > 5000) return null
  const mantissa = BigInt(`0x${whole}${fraction}`)
  const magnitude = scaledByPowerOfTwo(mantissa, power)
  return sign === '-' ? -magnitude : magnitude
}

/** mantissa · 2^power, rounded once. */
function scaledByPowerOfTwo(mantissa: bigint, power: number): number {
  if (power >= 0) return Number(mantissa << BigInt(power))
  // m / 2^n is m · 5^n / 10^n, which a decimal literal says exactly.
  return Number(`${mantissa * 5n ** BigInt(-power)}e${power}`)
}

/** As Go: between digits or right after a base prefix. */
function underscoresSeparate(text: string): boolean {
  if (!text.includes('_')) return true
  return !/(^|[^0-9a-fA-FxXoObB_])_|__|_($|[^0-9a-fA-F])/.test(text.replace(/^[+-]/, ''))
}

/** Null: not a valid literal. */
export function unquote(text: string): string | null {
  if (text.startsWith('`')) return text.slice(1, -1).replaceAll('\r', '')
  if (!text.includes('\\')) return text.slice(1, -1)
  const parts: Buffer[] = []
  const end = text.length - 1
  for (let at = 1; at < end; ) {
    const character = readCharacter(text, at, '"')
    if (character === null || character.end > end) return null
    parts.push(
      character.isByte ? Buffer.of(character.code) : Buffer.from(String.fromCodePoint(character.code)),
    )
    at = character.end
  }
  return decodeUtf8(Buffer.concat(parts))
}

const simpleEscapes: Record<string, number> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
}
const hexLengths: Record<string, number> = { x: 2, u: 4, U: 8 }

interface Character {
  code: number
  /** `\xff` and `\377` are bytes, not characters. */
  isByte: boolean
  end: number
}

function readCharacter(text: string, at: number, quote: string): Character | null {
  const first = text.charAt(at)
  if (first === quote || first === '') return null
  if (first !== '\\') {
    const code = text.codePointAt(at) as number
    return { code, isByte: false, end: at + (code > 0xffff ? 2 : 1) }
  }
  const letter = text.charAt(at + 1)
  const simple = letter === quote ? letter.charCodeAt(0) : simpleEscapes[letter]
  if (simple !== undefined) return { code: simple, isByte: false, end: at + 2 }
  const length = hexLengths[letter]
  if (length !== undefined) return readEscape(text, at + 2, length, 16, letter === 'x')
  return readEscape(text, at + 1, 3, 8, true)
}

function readEscape(
  text: string,
  at: number,
  length: number,
  base: 8 | 16,
  isByte: boolean,
): Character | null {
  const digits = text.slice(at, at + length)
  if (digits.length < length || !(base === 8 ? /^[0-7]+$/ : /^[0-9a-fA-F]+$/).test(digits)) return null
  const code = Number.parseInt(digits, base)
  const valid = isByte ? code <= 255 : code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
  return valid ? { code, isByte, end: at + length } : null
}
