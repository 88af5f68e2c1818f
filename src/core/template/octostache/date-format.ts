/** .NET's standard and custom date formats, in the culture en-US. */
import { dayNames, monthNames } from '../date-names.ts'
import { inUtc, localOffset, type Moment } from './moment.ts'

/** `DateTimeOffset` always shows its offset, `DateTime` only what is known of it. */
export type DateType = 'DateTime' | 'DateTimeOffset'

const longDate = 'dddd, MMMM d, yyyy'
const roundTrip = 'yyyy-MM-ddTHH:mm:ss.fffffffK'

const patterns: Partial<Record<string, string>> = {
  d: 'M/d/yyyy',
  D: longDate,
  f: `${longDate} h:mm tt`,
  F: `${longDate} h:mm:ss tt`,
  g: 'M/d/yyyy h:mm tt',
  G: 'M/d/yyyy h:mm:ss tt',
  m: 'MMMM d',
  M: 'MMMM d',
  o: roundTrip,
  O: roundTrip,
  r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  R: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  s: 'yyyy-MM-ddTHH:mm:ss',
  t: 'h:mm tt',
  T: 'h:mm:ss tt',
  u: "yyyy-MM-dd HH:mm:ss'Z'",
  U: `${longDate} h:mm:ss tt`,
  y: 'MMMM yyyy',
  Y: 'MMMM yyyy',
}

/** Null where .NET refuses the format. */
export function formatDate(moment: Moment, format: string, type: DateType): string | null {
  if (format === '') return write(moment, `${patterns.G}${type === 'DateTime' ? '' : ' zzz'}`, type)
  if (format.length > 1) return write(moment, format, type)
  const pattern = patterns[format]
  if (pattern === undefined || (format === 'U' && type === 'DateTimeOffset')) return null
  const isUniversal = format === 'U' || (/[ru]/i.test(format) && type === 'DateTimeOffset')
  return write(isUniversal ? inUtc(moment) : moment, pattern, type)
}

const specifier =
  /'(?<single>[^']*)'|"(?<double>[^"]*)"|\\(?<escaped>[^])|%(?<one>[dfFghHKmMstyz:/])|(?<run>([dfFgHhmMstyz])\6*|K)|(?<open>['"\\%])|(?<text>[^])/g

function write(moment: Moment, format: string, type: DateType): string | null {
  let output = ''
  for (const { groups = {} } of format.matchAll(specifier)) {
    if (groups.open !== undefined) return null
    const run = groups.one ?? groups.run
    const part =
      run === undefined
        ? (groups.single ?? groups.double ?? groups.escaped ?? groups.text ?? '')
        : partOf(moment, run, type)
    if (part === null) return null
    // A point before an empty fraction goes with it.
    output = part === '' && run?.startsWith('F') && output.endsWith('.') ? output.slice(0, -1) : output + part
  }
  return output
}

function partOf(moment: Moment, run: string, type: DateType): string | null {
  const date = new Date(moment.clockMs)
  const count = run.length
  const padded = (value: number): string => String(value).padStart(Math.min(count, 2), '0')
  switch (run[0]) {
    case 'd': {
      const name = dayNames[date.getUTCDay()]!
      return count > 3 ? name : count === 3 ? name.slice(0, 3) : padded(date.getUTCDate())
    }
    case 'M': {
      const name = monthNames[date.getUTCMonth()]!
      return count > 3 ? name : count === 3 ? name.slice(0, 3) : padded(date.getUTCMonth() + 1)
    }
    case 'y': {
      const year = date.getUTCFullYear()
      return count > 2 ? String(year).padStart(count, '0') : padded(year % 100)
    }
    case 'H':
      return padded(date.getUTCHours())
    case 'h':
      return padded(date.getUTCHours() % 12 || 12)
    case 'm':
      return padded(date.getUTCMinutes())
    case 's':
      return padded(date.getUTCSeconds())
    case 't': {
      const half = date.getUTCHours() < 12 ? 'AM' : 'PM'
      return count === 1 ? half[0]! : half
    }
    case 'f':
    case 'F':
      return fraction(moment, run)
    case 'g':
      return 'A.D.'
    case 'K':
      return kind(moment, type)
    case 'z':
      return offset(moment.zone === 'none' ? localOffset(moment.clockMs) : moment.offsetMinutes, count)
    default:
      return run
  }
}

/** `F` leaves out the zeros at the end. */
function fraction({ clockMs, ticks }: Moment, run: string): string | null {
  if (run.length > 7) return null
  const milliseconds = ((clockMs % 1000) + 1000) % 1000
  const digits = `${String(milliseconds).padStart(3, '0')}${String(ticks).padStart(4, '0')}`
  const shown = digits.slice(0, run.length)
  return run.startsWith('F') ? shown.replace(/0+$/, '') : shown
}

function kind({ zone, offsetMinutes }: Moment, type: DateType): string {
  if (type === 'DateTimeOffset') return offset(offsetMinutes, 3)
  if (zone === 'none') return ''
  return zone === 'utc' ? 'Z' : offset(offsetMinutes, 3)
}

function offset(minutes: number, count: number): string {
  const sign = minutes < 0 ? '-' : '+'
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(Math.min(count, 2), '0')
  return count < 3 ? sign + hours : `${sign}${hours}:${String(Math.abs(minutes) % 60).padStart(2, '0')}`
}
