/** Go's time.Duration: nanoseconds, as far as 64 bits reach. */
import { Float, GoStruct, int64, namedInteger, type GoMethod, type GoType } from './values.ts'

const longest = 2n ** 63n - 1n

/** What is too long becomes the longest there is, as Go's Sub has it. */
export function duration(nanoseconds: bigint): GoStruct<bigint> {
  const shortened =
    nanoseconds > longest ? longest : nanoseconds < -longest - 1n ? -longest - 1n : nanoseconds
  return new GoStruct(durationType, shortened)
}

export const isDuration = (value: unknown): value is GoStruct<bigint> =>
  value instanceof GoStruct && value.type === durationType

const reading = (call: (nanoseconds: bigint) => unknown): GoMethod<bigint> => ({ parameters: [], call })
/** Whole units and their fraction apart, as Go divides. */
const amount = (unit: bigint): GoMethod<bigint> =>
  reading(ns => new Float(Number(ns / unit) + Number(ns % unit) / Number(unit)))
const count = (unit: bigint): GoMethod<bigint> => reading(ns => int64(ns / unit))
const absolute = (ns: bigint): bigint => (ns < 0n ? -ns : ns)

const rounding = (round: (ns: bigint, unit: bigint) => bigint): GoMethod<bigint> => ({
  parameters: ['duration'],
  call: (ns: bigint, unit: bigint) => duration(unit <= 0n ? ns : round(ns, unit)),
})

function roundHalfAway(ns: bigint, unit: bigint): bigint {
  const over = absolute(ns % unit)
  const towardsZero = ns - (ns % unit)
  return over * 2n < unit ? towardsZero : towardsZero + (ns < 0n ? -unit : unit)
}

const durationType: GoType<bigint> = {
  ...namedInteger('time.Duration', formatDuration),
  methods: new Map<string, GoMethod<bigint>>([
    ['String', reading(formatDuration)],
    ['Hours', amount(3_600_000_000_000n)],
    ['Minutes', amount(60_000_000_000n)],
    ['Seconds', amount(1_000_000_000n)],
    ['Milliseconds', count(1_000_000n)],
    ['Microseconds', count(1000n)],
    ['Nanoseconds', count(1n)],
    ['Abs', reading(ns => duration(absolute(ns)))],
    ['Round', rounding(roundHalfAway)],
    ['Truncate', rounding((ns, unit) => ns - (ns % unit))],
  ]),
}

/** `1h2m3.5s`, `250ms`, `1.5µs`, `0s`. */
function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s'
  const sign = nanoseconds < 0n ? '-' : ''
  const ns = absolute(nanoseconds)
  if (ns < 1000n) return `${sign}${ns}ns`
  if (ns < 1_000_000n) return `${sign}${decimal(ns, 3)}µs`
  if (ns < 1_000_000_000n) return `${sign}${decimal(ns, 6)}ms`
  const seconds = `${decimal(ns % 60_000_000_000n, 9)}s`
  const minutes = ns / 60_000_000_000n
  if (minutes === 0n) return sign + seconds
  const hours = minutes / 60n
  return `${sign}${hours > 0n ? `${hours}h` : ''}${minutes % 60n}m${seconds}`
}

/** `places` digits after the point, without zeros at the end. */
function decimal(value: bigint, places: number): string {
  const digits = String(value).padStart(places + 1, '0')
  const fraction = digits.slice(-places).replace(/0+$/, '')
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`)
}
