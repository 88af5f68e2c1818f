import type { TimestampFormat } from '../../core/authentication.ts'
import { refused } from './verdict.ts'
import type { Rejected } from './verdict.ts'

export const defaultToleranceSeconds = 300

/** Without leading zeros, so that a time has one spelling: what is signed can then be cut in one way only. */
const decimal = /^(?:0|[1-9]\d{0,15})$/
const iso8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/
/** The last moment that a JavaScript Date can hold. */
const lastMs = 8.64e15

export function parseTimestamp(text: string, format: TimestampFormat): number | null {
  const shape = format === 'iso-8601' ? iso8601 : decimal
  if (!shape.test(text)) return null
  const ms = format === 'iso-8601' ? Date.parse(text) : Number(text) * (format === 'unix-seconds' ? 1000 : 1)
  return Number.isNaN(ms) || ms > lastMs ? null : ms
}

export const timestampShapes: Record<TimestampFormat, string> = {
  'unix-seconds': 'whole seconds since 1970',
  'unix-milliseconds': 'whole milliseconds since 1970',
  'iso-8601': 'a time such as 2026-01-31T12:00:00Z',
}

/** Null when the time of signing is near enough; the edges belong to it. */
export function judgeAge(
  scheme: string,
  signedAtMs: number,
  receivedAtMs: number,
  toleranceSeconds: number,
): Rejected | null {
  const aheadMs = signedAtMs - receivedAtMs
  if (Math.abs(aheadMs) <= toleranceSeconds * 1000) return null
  const distance = `${Math.ceil(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'after' : 'before'} it arrived`
  return refused(
    scheme,
    aheadMs > 0 ? 'timestamp.ahead' : 'timestamp.stale',
    `Rightly signed, but at ${new Date(signedAtMs).toISOString()}, ${distance}; ${toleranceSeconds} s are allowed. ` +
      (aheadMs > 0 ? 'A clock is off, here or there.' : 'A replay, a late delivery, or a clock that is off.'),
  )
}
