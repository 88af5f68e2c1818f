/** .NET's standard number formats, in the culture en-US. */
import { failLimit } from '../go/failure.ts'
import { formatCustom } from './custom-number-format.ts'
import {
  exactDigits,
  exponentText,
  pointOf,
  roundDigits,
  shifted,
  shortestDigits,
  type Digits,
} from './digits.ts'

/** How many digits an author may ask for. */
const maxPrecision = 10_000
/** What N, F and P have after the point when the format does not say. */
const defaultPlaces = 3

export const formatDouble = (value: number): string => formatDoubleAs(value, 'R') ?? ''

/** Null where .NET refuses the format. */
export function formatDoubleAs(value: number, format: string): string | null {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞'
  const { letter, precision } = standardOf(format)
  if (letter === null) return formatCustom(roundDigits(exactDigits(value), 15), format)
  if (letter === 'R' || (letter === 'G' && (precision ?? 0) === 0))
    return general(shortestDigits(value), null, format === 'g' || format === 'r' ? 'e' : 'E')
  return isOneOf(letter, 'DXB') ? null : formatDigits(exactDigits(value), format)
}

export function formatDecimalAs(value: Digits, format: string): string | null {
  const { letter } = standardOf(format)
  if (letter === null) return formatCustom(value, format)
  return isOneOf(letter, 'DXBR') ? null : formatDigits(value, format)
}

/** Of a whole number of 32 bits. */
export function formatInt32As(value: number, format: string): string | null {
  const { letter, precision } = standardOf(format)
  const digits: Digits = {
    isNegative: value < 0,
    digits: value === 0 ? '' : String(Math.abs(value)),
    scale: 0,
    isDouble: false,
  }
  if (letter === null) return formatCustom(digits, format)
  if (letter === 'D') return sign(digits) + String(Math.abs(value)).padStart(precision ?? 0, '0')
  if (letter === 'X') {
    const text = (value >>> 0).toString(16).padStart(precision ?? 0, '0')
    return format.startsWith('x') ? text : text.toUpperCase()
  }
  if (letter === 'B') return (value >>> 0).toString(2).padStart(precision ?? 0, '0')
  return letter === 'R' ? null : formatDigits(digits, format)
}

const sign = (number: Digits): string =>
  number.isNegative && (number.isDouble || number.digits !== '') ? '-' : ''

const isOneOf = (letter: string, letters: string): boolean => letters.includes(letter)

/** A letter of its own that .NET does not know is no custom format either. */
function standardOf(format: string): { letter: string | null; precision: number | null } {
  const [, letter, digits = ''] = /^([a-z])(\d{0,9})$/i.exec(format === '' ? 'G' : format) ?? []
  if (letter === undefined) return { letter: null, precision: null }
  const precision = digits === '' ? null : Number(digits)
  if ((precision ?? 0) > maxPrecision) failLimit(`a number is formatted with at most ${maxPrecision} digits`)
  return { letter: letter.toUpperCase(), precision }
}

function formatDigits(number: Digits, format: string): string | null {
  const { letter, precision } = standardOf(format)
  const isLower = /^[a-z]/.test(format)
  switch (letter) {
    case 'C':
      return around(fixed(number, precision ?? 2, true), '$', '')
    case 'N':
      return around(fixed(number, precision ?? defaultPlaces, true), '', '')
    case 'F':
      return around(fixed(number, precision ?? defaultPlaces, false), '', '')
    case 'P':
      return around(fixed(shifted(number, 2), precision ?? defaultPlaces, true), '', '%')
    case 'E':
      return scientific(number, precision ?? 6, isLower ? 'e' : 'E', 3)
    case 'G':
      return general(number, precision === 0 ? null : precision, isLower ? 'e' : 'E')
    default:
      return null
  }
}

const around = ({ sign: minus, text }: { sign: string; text: string }, before: string, after: string) =>
  `${minus}${before}${text}${after}`

function fixed(number: Digits, places: number, isGrouped: boolean): { sign: string; text: string } {
  const rounded = roundDigits(number, pointOf(number) + places)
  const point = pointOf(rounded)
  const whole = rounded.digits.slice(0, Math.max(point, 0)) || '0'
  const fraction = ('0'.repeat(Math.max(-point, 0)) + rounded.digits.slice(Math.max(point, 0)))
    .padEnd(places, '0')
    .slice(0, places)
  const grouped = isGrouped ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole
  return { sign: sign(rounded), text: places > 0 ? `${grouped}.${fraction}` : grouped }
}

function scientific(number: Digits, places: number, letter: string, minDigits: number): string {
  const rounded = roundDigits(number, places + 1)
  const digits = (rounded.digits || '0').padEnd(places + 1, '0').slice(0, places + 1)
  const exponent = rounded.digits === '' ? 0 : pointOf(rounded) - 1
  const mantissa = places > 0 ? `${digits[0]}.${digits.slice(1)}` : digits
  return sign(rounded) + mantissa + exponentText(exponent, letter, minDigits, true)
}

/** Without a precision all digits are shown; a double is then still short where it is very large or small. */
function general(number: Digits, precision: number | null, letter: string): string {
  const most = precision ?? (number.isDouble ? 15 : Infinity)
  const isShort = most < Infinity
  const rounded = precision === null ? number : withoutZeros(roundDigits(number, precision))
  const point = pointOf(rounded)
  if (rounded.digits === '') {
    const { text } = fixed(number, precision === null ? number.scale : 0, false)
    return sign(rounded) + text
  }
  if (isShort && (point > most || point < -3)) {
    const digits = rounded.digits.replace(/0+$/, '')
    return scientific(rounded, digits.length - 1, letter, 2)
  }
  const { text } = fixed(rounded, rounded.scale, false)
  return sign(rounded) + text
}

function withoutZeros(number: Digits): Digits {
  const spare = Math.min(/0*$/.exec(number.digits)![0].length, Math.max(number.scale, 0))
  return spare === 0
    ? number
    : { ...number, digits: number.digits.slice(0, -spare), scale: number.scale - spare }
}
