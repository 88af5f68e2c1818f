/** float64 as strconv.FormatFloat writes it. JavaScript's own toFixed rounds ties up where Go rounds them to even. */

/** 0.ddd × 10^point; no trailing zeros; zero has no digits. */
interface Decimal {
  digits: string
  point: number
}

/** A float64 has no digit after this many places; what a template asks for beyond is zeros. */
const lastPlace = 1100

/**
 * `precision` -1: as few digits as bring the same number back.
 * e, E, f, g, G: decimal; x, X: hexadecimal with a binary exponent; b: whole mantissa with a binary exponent.
 */
export function formatFloat(value: number, verb: string, precision: number): string {
  if (Number.isNaN(value)) return 'NaN'
  const negative = value < 0 || Object.is(value, -0)
  const magnitude = Math.abs(value)
  const sign = negative ? '-' : ''
  if (magnitude === Number.POSITIVE_INFINITY) return negative ? '-Inf' : '+Inf'
  switch (verb) {
    case 'e':
    case 'E':
      return sign + formatExponent(magnitude, verb, precision)
    case 'f':
      return sign + formatFixed(magnitude, precision)
    case 'g':
    case 'G':
      return sign + formatGeneral(magnitude, verb, precision)
    case 'b':
      return sign + formatBinary(magnitude)
    default:
      return sign + formatHex(magnitude, verb, precision)
  }
}

function formatExponent(value: number, verb: string, precision: number): string {
  if (precision < 0) {
    const decimal = shortest(value)
    return writeExponent(decimal, verb, Math.max(decimal.digits.length - 1, 0))
  }
  return writeExponent(round(exact(value), precision + 1), verb, precision)
}

function formatFixed(value: number, precision: number): string {
  if (precision < 0) {
    const decimal = shortest(value)
    return writeFixed(decimal, Math.max(decimal.digits.length - decimal.point, 0))
  }
  const decimal = exact(value)
  return writeFixed(round(decimal, decimal.point + precision), precision)
}

function formatGeneral(value: number, verb: string, asked: number): string {
  const isShortest = asked < 0
  const precision = asked === 0 ? 1 : asked
  const decimal = isShortest ? shortest(value) : round(exact(value), precision)
  const count = decimal.digits.length
  let limit = precision > count && count >= decimal.point ? count : precision
  if (isShortest) limit = 6
  const exponent = decimal.point - 1
  const exponentVerb = verb === 'g' ? 'e' : 'E'
  if (exponent < -4 || exponent >= limit) {
    return writeExponent(decimal, exponentVerb, (isShortest ? count : Math.min(precision, count)) - 1)
  }
  const places = isShortest || precision > decimal.point ? count : precision
  return writeFixed(decimal, Math.max(places - decimal.point, 0))
}

function writeExponent({ digits, point }: Decimal, verb: string, places: number): string {
  const exponent = digits === '' ? 0 : point - 1
  const fraction = digits.slice(1).padEnd(Math.max(places, 0), '0').slice(0, Math.max(places, 0))
  const mantissa = (digits[0] ?? '0') + (fraction === '' ? '' : `.${fraction}`)
  return mantissa + verb + (exponent < 0 ? '-' : '+') + String(Math.abs(exponent)).padStart(2, '0')
}

function writeFixed({ digits, point }: Decimal, places: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  if (places <= 0) return whole
  const leading = '0'.repeat(Math.min(Math.max(-point, 0), places))
  const fraction = (leading + digits.slice(Math.max(point, 0))).padEnd(places, '0').slice(0, places)
  return `${whole}.${fraction}`
}

function shortest(value: number): Decimal {
  if (value === 0) return { digits: '', point: 0 }
  const [mantissa = '', exponent = ''] = value.toExponential().split('e')
  return trimmed(mantissa.replace('.', ''), Number(exponent) + 1)
}

/** Every digit of the number: 5^1074 has 751 of them. */
function exact(value: number): Decimal {
  const { mantissa, exponent } = parts(value)
  if (mantissa === 0n) return { digits: '', point: 0 }
  if (exponent >= 0) {
    const digits = String(mantissa << BigInt(exponent))
    return trimmed(digits, digits.length)
  }
  const digits = String(mantissa * 5n ** BigInt(-exponent))
  return trimmed(digits, digits.length + exponent)
}

const trimmed = (digits: string, point: number): Decimal => ({ digits: digits.replace(/0+$/, ''), point })

/** To `count` digits; a tie goes to the even one. */
function round({ digits, point }: Decimal, count: number): Decimal {
  if (count >= digits.length || count > lastPlace) return { digits, point }
  if (count < 0) return { digits: '', point: 0 }
  const kept = digits.slice(0, count)
  if (!roundsUp(digits, count)) return kept === '' ? { digits: '', point: 0 } : trimmed(kept, point)
  const nines = /9*$/.exec(kept)?.[0].length ?? 0
  const rest = kept.slice(0, kept.length - nines)
  if (rest === '') return { digits: '1', point: point + 1 }
  return { digits: rest.slice(0, -1) + String(Number(rest.at(-1)) + 1), point }
}

function roundsUp(digits: string, count: number): boolean {
  const next = digits.charAt(count)
  if (next !== '5' || digits.length > count + 1) return next >= '5'
  return count > 0 && Number(digits.charAt(count - 1)) % 2 === 1
}

const bits = new DataView(new ArrayBuffer(8))

/** mantissa · 2^exponent, mantissa < 2^53. */
function parts(value: number): { mantissa: bigint; exponent: number } {
  bits.setFloat64(0, value)
  const raw = bits.getBigUint64(0)
  const biased = Number((raw >> 52n) & 0x7ffn)
  const fraction = raw & 0xfffffffffffffn
  if (biased === 0) return { mantissa: fraction, exponent: -1074 }
  return { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 }
}

function formatBinary(value: number): string {
  const { mantissa, exponent } = parts(value)
  return `${mantissa}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
}

/** 1.fff × 2^n, with the fraction in hexadecimal. */
function formatHex(value: number, verb: string, precision: number): string {
  let { mantissa, exponent } = parts(value)
  if (mantissa !== 0n) {
    while (mantissa < 1n << 52n) {
      mantissa <<= 1n
      exponent--
    }
  } else exponent = -52
  if (precision >= 0 && precision < 13) {
    mantissa = roundToEven(mantissa, BigInt(52 - 4 * precision))
    if (mantissa >= 1n << 53n) {
      mantissa >>= 1n
      exponent++
    }
  }
  const all = (mantissa & 0xfffffffffffffn).toString(16).padStart(13, '0')
  const fraction = precision < 0 ? all.replace(/0+$/, '') : all.padEnd(precision, '0').slice(0, precision)
  const power = exponent + 52
  const text = `0x${mantissa >> 52n}${fraction === '' ? '' : `.${fraction}`}p${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
  return verb === 'X' ? text.toUpperCase() : text
}

function roundToEven(value: bigint, dropped: bigint): bigint {
  const unit = 1n << dropped
  const rest = value % unit
  const kept = value - rest
  const half = unit >> 1n
  const up = rest > half || (rest === half && (kept >> dropped) % 2n === 1n)
  return up ? kept + unit : kept
}
