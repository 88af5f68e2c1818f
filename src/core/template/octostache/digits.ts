/** Numbers as .NET has them: of decimal digits, with a place for the point. */
export interface Digits {
  isNegative: boolean
  /** Without leading zeros; '' is zero. */
  digits: string
  /** How many of the digits stand after the point. */
  scale: number
  /** A zero of a double keeps its sign. */
  isDouble: boolean
}

/** All the digits that a double has; none is lost. */
export function exactDigits(value: number): Digits {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, Math.abs(value))
  const raw = bits.getBigUint64(0)
  const biased = Number(raw >> 52n)
  const fraction = raw & 0xfffffffffffffn
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n
  const exponent = (biased === 0 ? 1 : biased) - 1075
  const isNegative = value < 0 || Object.is(value, -0)
  if (exponent >= 0) return make(isNegative, (mantissa << BigInt(exponent)).toString(), 0)
  return make(isNegative, (mantissa * 5n ** BigInt(-exponent)).toString(), -exponent)
}

/** The fewest digits that tell a double from its neighbours. */
export function shortestDigits(value: number): Digits {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(Math.abs(value))) ?? []
  const scale = fraction.length - Number(exponent)
  const digits = scale < 0 ? whole + fraction + '0'.repeat(-scale) : whole + fraction
  return make(value < 0 || Object.is(value, -0), digits, Math.max(scale, 0))
}

const make = (isNegative: boolean, digits: string, scale: number): Digits => ({
  isNegative,
  digits: digits.replace(/^0+/, ''),
  scale,
  isDouble: true,
})

/** Where the point stands: before the first digit is 0. */
export const pointOf = ({ digits, scale }: Digits): number => digits.length - scale

/** Keeps `count` digits from the left; half is rounded away from zero. What is beyond is dropped. */
export function roundDigits(number: Digits, count: number): Digits {
  const { digits } = number
  if (count >= digits.length) return number
  if (count < 0 || digits === '') return { ...number, digits: '', scale: 0 }
  const point = pointOf(number)
  const kept = BigInt(digits.slice(0, count) || '0') + (digits.charCodeAt(count) >= 53 ? 1n : 0n)
  if (kept === 0n) return { ...number, digits: '', scale: 0 }
  const text = kept.toString()
  const newPoint = point + Math.max(text.length - Math.max(count, 0), 0)
  return withPoint(number, text, newPoint)
}

function withPoint(number: Digits, digits: string, point: number): Digits {
  return point > digits.length
    ? { ...number, digits: digits + '0'.repeat(point - digits.length), scale: 0 }
    : { ...number, digits, scale: digits.length - point }
}

export const shifted = (number: Digits, places: number): Digits =>
  number.digits === '' ? number : withPoint(number, number.digits, pointOf(number) + places)

/** `E+05` */
export const exponentText = (exponent: number, letter: string, minDigits: number, hasPlus: boolean) =>
  letter + (exponent < 0 ? '-' : hasPlus ? '+' : '') + String(Math.abs(exponent)).padStart(minDigits, '0')

const decimalNumber = /^\s*([+-]?)\s*(\d[\d,]*)?(?:\.(\d*))?\s*([+-]?)\s*$/
const largestDecimal = 79_228_162_514_264_337_593_543_950_335n

/** As Decimal.TryParse of the culture en-US; null where that is false. */
export function parseDecimal(text: string): Digits | null {
  if (text.length > 400) return null
  const [, before = '', whole, fraction = '', after = ''] = decimalNumber.exec(text) ?? []
  if ((whole === undefined && fraction === '') || (before !== '' && after !== '')) return null
  const integer = (whole ?? '').replaceAll(',', '').replace(/^0+/, '')
  const places = Math.min(fraction.length, 28, Math.max(29 - integer.length, 0))
  const digits = (integer + fraction).replace(/^0+/, '')
  const number: Digits = {
    isNegative: before + after === '-',
    digits,
    scale: fraction.length,
    isDouble: false,
  }
  const rounded = roundDigits(number, digits.length - (fraction.length - places))
  if (BigInt(rounded.digits.slice(0, Math.max(pointOf(rounded), 0)) || '0') > largestDecimal) return null
  return rounded.digits === '' ? { ...number, digits: '', scale: places } : rounded
}

const doubleNumber = /^\s*([+-]?)(?:(\d[\d,]*)?(?:\.(\d*))?(e[+-]?\d+)?)\s*$/i

/** As Double.TryParse of the culture en-US; null where that is false. */
export function parseDouble(text: string): number | null {
  if (text.length > 2000) return null
  const special = /^\s*([+-]?)(nan|infinity|∞)\s*$/i.exec(text)
  if (special) return special[2]!.toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity
  const [, sign = '', whole, fraction = '', exponent = ''] = doubleNumber.exec(text) ?? []
  if (whole === undefined && fraction === '') return null
  return Number(`${sign}${(whole ?? '0').replaceAll(',', '')}.${fraction || '0'}${exponent}`)
}
