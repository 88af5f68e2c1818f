/** The methods of Go's time.Time that a template may call. Those that answer two values are none for a template. */
import { duration } from './duration.ts'
import { fail } from './failure.ts'
import { dayNames, monthNames } from '../date-names.ts'
import { formatLayout, formatTime, millisecondOf, yearDay, zeroTimeMs } from './time.ts'
import { GoStruct, int64, namedInteger, type GoMethod, type GoType } from './values.ts'

const zeroTimeNs = BigInt(zeroTimeMs) * 1_000_000n

const reading = (call: (time: Date) => unknown): GoMethod<Date> => ({ parameters: [], call })
const int = (read: (time: Date) => number): GoMethod<Date> => reading(time => BigInt(Math.floor(read(time))))

const comparison = (compare: (a: number, b: number) => unknown): GoMethod<Date> => ({
  parameters: ['time'],
  call: (time: Date, other: Date) => compare(time.getTime(), other.getTime()),
})

const itself = reading(time => time)
const nanosecondsOf = (time: Date): bigint => BigInt(time.getTime()) * 1_000_000n

/** Moves a time by nanoseconds that depend on it; our times have whole milliseconds. */
const moving = (move: (sinceZeroNs: bigint, by: bigint) => bigint): GoMethod<Date> => ({
  parameters: ['duration'],
  call: (time: Date, by: bigint) => {
    const ns = nanosecondsOf(time)
    const moved = ns + move(ns - zeroTimeNs, by)
    const milliseconds = moved / 1_000_000n - (moved % 1_000_000n < 0n ? 1n : 0n)
    const result = new Date(Number(milliseconds))
    return Number.isNaN(result.getTime()) ? fail('the time is out of range') : result
  },
})

const rest = (value: bigint, unit: bigint): bigint => ((value % unit) + unit) % unit

const addDate: GoMethod<Date> = {
  parameters: ['int', 'int', 'int'],
  call: (time: Date, addedYears: bigint, addedMonths: bigint, addedDays: bigint) => {
    const moved = new Date(time)
    moved.setUTCFullYear(
      time.getUTCFullYear() + Number(addedYears),
      time.getUTCMonth() + Number(addedMonths),
      time.getUTCDate() + Number(addedDays),
    )
    return Number.isNaN(moved.getTime()) ? fail('the time is out of range') : moved
  },
}

const month = namedInteger('time.Month', value => monthNames[Number(value) - 1] ?? `%!Month(${value})`)
const weekday = namedInteger('time.Weekday', value => dayNames[Number(value)] ?? `%!Weekday(${value})`)

const locationType: GoType<null> = {
  name: '*time.Location',
  fields: new Map(),
  methods: new Map([['String', { parameters: [], call: () => 'UTC' }]]),
  print: () => 'UTC',
}

export const timeMethods: ReadonlyMap<string, GoMethod<Date>> = new Map<string, GoMethod<Date>>([
  ['Format', { parameters: ['string'], call: (time: Date, layout: string) => formatLayout(time, layout) }],
  ['String', reading(formatTime)],
  ['UTC', itself],
  ['Local', itself],
  ['Location', reading(() => new GoStruct(locationType, null))],
  ['IsDST', reading(() => false)],
  ['IsZero', reading(time => time.getTime() === zeroTimeMs)],
  ['Unix', reading(time => int64(BigInt(Math.floor(time.getTime() / 1000))))],
  ['UnixMilli', reading(time => int64(BigInt(time.getTime())))],
  ['UnixMicro', reading(time => int64(BigInt(time.getTime()) * 1000n))],
  ['UnixNano', reading(time => int64(nanosecondsOf(time)))],
  ['Year', int(time => time.getUTCFullYear())],
  ['Month', reading(time => new GoStruct(month, BigInt(time.getUTCMonth() + 1)))],
  ['Day', int(time => time.getUTCDate())],
  ['Hour', int(time => time.getUTCHours())],
  ['Minute', int(time => time.getUTCMinutes())],
  ['Second', int(time => time.getUTCSeconds())],
  ['Nanosecond', int(time => millisecondOf(time) * 1_000_000)],
  ['YearDay', int(yearDay)],
  ['Weekday', reading(time => new GoStruct(weekday, BigInt(time.getUTCDay())))],
  ['Before', comparison((a, b) => a < b)],
  ['After', comparison((a, b) => a > b)],
  ['Equal', comparison((a, b) => a === b)],
  ['Compare', comparison((a, b) => BigInt(Math.sign(a - b)))],
  [
    'Sub',
    {
      parameters: ['time'],
      call: (time: Date, other: Date) => duration(nanosecondsOf(time) - nanosecondsOf(other)),
    },
  ],
  ['Add', moving((_since, by) => by)],
  ['Truncate', moving((since, unit) => (unit <= 0n ? 0n : -rest(since, unit)))],
  [
    'Round',
    moving((since, unit) => {
      if (unit <= 0n) return 0n
      const over = rest(since, unit)
      return over * 2n < unit ? -over : unit - over
    }),
  ],
  ['AddDate', addDate],
])
