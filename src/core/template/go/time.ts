import { dayNames, monthNames } from '../date-names.ts'

/** Go's time.Time over a Date: always UTC, milliseconds; how it prints, and Format with Go layouts. */

const dayMs = 86_400_000
/** 0001-01-01T00:00:00Z, Go's zero time. */
export const zeroTimeMs = -62_135_596_800_000

/** time.Time.String. */
export const formatTime = (time: Date): string =>
  Number.isNaN(time.getTime())
    ? 'invalid time'
    : formatLayout(time, '2006-01-02 15:04:05.999999999 -0700 MST')

/** time.Time.GoString. */
export const goTime = (time: Date): string =>
  `time.Date(${time.getUTCFullYear()}, time.${monthNames[time.getUTCMonth()]}, ${time.getUTCDate()}, ${time.getUTCHours()}, ${time.getUTCMinutes()}, ${time.getUTCSeconds()}, ${millisecondOf(time) * 1_000_000}, time.UTC)`

/** As Go keeps a time. */
export function sinceYearOne(time: Date): { seconds: bigint; nanoseconds: bigint } {
  const milliseconds = BigInt(time.getTime() - zeroTimeMs)
  return {
    seconds: milliseconds / 1000n - (milliseconds % 1000n < 0n ? 1n : 0n),
    nanoseconds: BigInt(millisecondOf(time)) * 1_000_000n,
  }
}

export const millisecondOf = (time: Date): number => ((time.getTime() % 1000) + 1000) % 1000

const pad = (value: number, length: number): string => String(value).padStart(length, '0')

function year(time: Date): string {
  const value = time.getUTCFullYear()
  return value < 0 ? `-${pad(-value, 4)}` : pad(value, 4)
}

/** What `15` and its kin stand for, for a time in UTC. `.000` and `.999` are apart. */
const elements: Record<string, (time: Date) => string> = {
  January: time => monthNames[time.getUTCMonth()] as string,
  Jan: time => (monthNames[time.getUTCMonth()] as string).slice(0, 3),
  '01': time => pad(time.getUTCMonth() + 1, 2),
  '1': time => String(time.getUTCMonth() + 1),
  Monday: time => dayNames[time.getUTCDay()] as string,
  Mon: time => (dayNames[time.getUTCDay()] as string).slice(0, 3),
  '02': time => pad(time.getUTCDate(), 2),
  _2: time => String(time.getUTCDate()).padStart(2, ' '),
  '2': time => String(time.getUTCDate()),
  '002': time => pad(yearDay(time), 3),
  __2: time => String(yearDay(time)).padStart(3, ' '),
  '15': time => pad(time.getUTCHours(), 2),
  '03': time => pad(twelveHours(time), 2),
  '3': time => String(twelveHours(time)),
  '04': time => pad(time.getUTCMinutes(), 2),
  '4': time => String(time.getUTCMinutes()),
  '05': time => pad(time.getUTCSeconds(), 2),
  '5': time => String(time.getUTCSeconds()),
  '2006': year,
  '06': time => pad(((time.getUTCFullYear() % 100) + 100) % 100, 2),
  PM: time => (time.getUTCHours() >= 12 ? 'PM' : 'AM'),
  pm: time => (time.getUTCHours() >= 12 ? 'pm' : 'am'),
  MST: () => 'UTC',
  'Z07:00:00': () => 'Z',
  Z070000: () => 'Z',
  'Z07:00': () => 'Z',
  Z0700: () => 'Z',
  Z07: () => 'Z',
  '-07:00:00': () => '+00:00:00',
  '-070000': () => '+000000',
  '-07:00': () => '+00:00',
  '-0700': () => '+0000',
  '-07': () => '+00',
}

/** `Jan` only where no lower-case letter follows, `_2` not before `006`, fractions only where no digit follows. */
const element =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|01|02|03|04|05|06|2006|15|__2|_2(?!006)|PM|pm|Z07:00:00|Z070000|Z07:00|Z0700|Z07|-07:00:00|-070000|-07:00|-0700|-07|[.,](?:0+|9+)(?!\d)|_(?=2006)|[12345]/g

export const formatLayout = (time: Date, layout: string): string =>
  layout.replace(element, found => elements[found]?.(time) ?? (found === '_' ? '_' : fraction(time, found)))

/** `.000` keeps its zeros, `.999` drops those at the end. */
function fraction(time: Date, layout: string): string {
  const nanoseconds = pad(millisecondOf(time) * 1_000_000, 9)
  const digits = nanoseconds.slice(0, layout.length - 1).padEnd(layout.length - 1, '0')
  if (layout.charAt(1) === '0') return layout.charAt(0) + digits
  const significant = digits.replace(/0+$/, '')
  return significant === '' ? '' : layout.charAt(0) + significant
}

export const yearDay = (time: Date): number => {
  const start = new Date(time)
  start.setUTCMonth(0, 1)
  start.setUTCHours(0, 0, 0, 0)
  return Math.floor((time.getTime() - start.getTime()) / dayMs) + 1
}

const twelveHours = (time: Date): number => time.getUTCHours() % 12 || 12
