import { InvalidArgumentError } from 'commander'
import { formatDuration } from '../core/duration.ts'

export { formatDuration }

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** `500ms`, `5s`, `2m`, `1h`, `7d`, or several of them: `1h30m`. Null when it is none. */
export function parseDurationMs(text: string): number | null {
  const trimmed = text.trim()
  if (!/^(\d+(\.\d+)?(ms|s|min|m|h|d))+$/.test(trimmed)) return null
  let sum = 0
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|min|m|h|d)/g)) {
    sum += Number(amount) * (units[unit ?? ''] ?? 0)
  }
  return Math.round(sum)
}

/** For an option of commander. */
export function durationOption(text: string): number {
  const durationMs = parseDurationMs(text)
  if (durationMs === null)
    throw new InvalidArgumentError('It takes a duration such as 500ms, 10s, 5m, 2h or 7d.')
  return durationMs
}

/** `2h` is two hours before now; anything else must be a time such as 2026-11-21T06:50:00Z. */
export function parseTime(text: string, nowMs: number): string | null {
  const durationMs = parseDurationMs(text)
  const atMs = durationMs === null ? Date.parse(text) : nowMs - durationMs
  return Number.isNaN(atMs) ? null : new Date(atMs).toISOString()
}

/** "12 s ago", "in 5 min"; empty for no time. */
export function relative(time: string | null | undefined, nowMs: number): string {
  if (time === null || time === undefined) return ''
  const differenceMs = nowMs - Date.parse(time)
  if (Number.isNaN(differenceMs)) return time
  if (Math.abs(differenceMs) < 1000) return 'now'
  const wholeMs = Math.floor(Math.abs(differenceMs) / 1000) * 1000
  return differenceMs > 0 ? `${formatDuration(wholeMs)} ago` : `in ${formatDuration(wholeMs)}`
}

/** Local time of day; with the date when it is another day. For lines that follow each other. */
export function clock(time: string, nowMs: number): string {
  const at = new Date(time)
  if (Number.isNaN(at.getTime())) return time
  const two = (number: number): string => String(number).padStart(2, '0')
  const ofDay = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
  if (at.toDateString() === new Date(nowMs).toDateString()) return ofDay
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${ofDay}`
}
