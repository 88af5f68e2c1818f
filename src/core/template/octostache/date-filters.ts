import { formatDate } from './date-format.ts'
import { parseDate } from './date-parse.ts'
import type { Filter } from './filter.ts'
import { withOptions } from './filter.ts'
import { atLocal, atUtc, later, type Moment } from './moment.ts'

const now =
  (at: (nowMs: number) => Moment): Filter =>
  (input, [format = 'O', ...more], context) =>
    input !== null || more.length > 0 ? null : formatDate(at(context.nowMs()), format, 'DateTime')

const hourMs = 3_600_000

const add = (unitMs: number): Filter =>
  withOptions(1, 1, (text, [count]) => {
    const number = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*$/.test(count!) ? Number(count) : null
    const start = parseDate(text)
    const end = start && number !== null ? later(start, number * unitMs) : null
    return end && formatDate(end, 'O', 'DateTime')
  })

/** The local time does not say how far it is from UTC, unless a format asks. */
export const dateFilters: Record<string, Filter> = {
  NowDate: now(nowMs => atLocal(nowMs, 'none')),
  NowDateUtc: now(atUtc),
  AddHours: add(hourMs),
  AddDays: add(24 * hourMs),
}
