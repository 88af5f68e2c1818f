/** A span of time as the dashboard's addresses hold it: a length up to now (`1h`), or two times with a slash between. */
const lengthsMs: ReadonlyMap<string, number> = new Map([
  ['15m', 900_000],
  ['1h', 3_600_000],
  ['6h', 6 * 3_600_000],
  ['24h', 86_400_000],
  ['7d', 7 * 86_400_000],
  ['30d', 30 * 86_400_000],
])

export const rangeMeaning = `one of ${[...lengthsMs.keys()].join(', ')} up to now, or two times as 2026-11-21T06:00:00Z/2026-11-21T07:00:00Z`

export function isRange(text: string): boolean {
  if (lengthsMs.has(text)) return true
  const [from = '', to = '', ...rest] = text.split('/')
  return text.includes('/') && rest.length === 0 && [from, to].every(isTime) && from + to !== ''
}

const isTime = (text: string): boolean => text === '' || !Number.isNaN(Date.parse(text))

export function timesOfRange(range: string, nowMs: number): { since?: string; until?: string } {
  const lengthMs = lengthsMs.get(range)
  if (lengthMs !== undefined) return { since: new Date(nowMs - lengthMs).toISOString() }
  const [from, to] = range.split('/')
  return {
    ...(from ? { since: new Date(from).toISOString() } : {}),
    ...(to ? { until: new Date(to).toISOString() } : {}),
  }
}
