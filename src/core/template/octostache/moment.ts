/** A date as .NET has it: what a clock shows, to 100 ns, and how far that clock is from UTC. */
export interface Moment {
  /** What the clock shows, as if it were UTC. */
  clockMs: number
  /** 0 to 9999, of 100 ns each. */
  ticks: number
  offsetMinutes: number
  /** `none`: nobody said which clock. */
  zone: 'none' | 'utc' | 'local' | 'offset'
}

const minuteMs = 60_000
const earliestMs = Date.UTC(2000, 0, 1) - 730_119 * 86_400_000
const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

export const isInRange = ({ clockMs }: Moment): boolean => clockMs >= earliestMs && clockMs <= latestMs

export const atUtc = (nowMs: number): Moment => ({
  clockMs: nowMs,
  ticks: 0,
  offsetMinutes: 0,
  zone: 'utc',
})

export function atLocal(nowMs: number, zone: 'local' | 'none' = 'local'): Moment {
  const offsetMinutes = -new Date(nowMs).getTimezoneOffset()
  return { clockMs: nowMs + offsetMinutes * minuteMs, ticks: 0, offsetMinutes, zone }
}

export const inUtc = (moment: Moment): Moment => ({
  ...moment,
  clockMs: moment.clockMs - moment.offsetMinutes * minuteMs,
  offsetMinutes: 0,
  zone: 'utc',
})

export function inLocal(moment: Moment): Moment {
  const local = atLocal(moment.clockMs - moment.offsetMinutes * minuteMs)
  return { ...local, ticks: moment.ticks }
}

/** The offset that the server's own clock has when it shows this. */
export function localOffset(clockMs: number): number {
  const shown = new Date(clockMs)
  const local = new Date(
    shown.getUTCFullYear(),
    shown.getUTCMonth(),
    shown.getUTCDate(),
    shown.getUTCHours(),
    shown.getUTCMinutes(),
  )
  return -local.getTimezoneOffset()
}

export function later(moment: Moment, milliseconds: number): Moment | null {
  const whole = Math.floor(milliseconds)
  const ticks = moment.ticks + Math.round((milliseconds - whole) * 10_000)
  const moved = {
    ...moment,
    clockMs: moment.clockMs + whole + Math.floor(ticks / 10_000),
    ticks: ticks % 10_000,
  }
  return isInRange(moved) ? moved : null
}
