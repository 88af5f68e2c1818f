/** A span of time as the address holds it: a length up to now (`1h`), or two times with a slash between. */

const lengths: Record<string, number> = {
  '15m': 900_000,
  '1h': 3_600_000,
  '6h': 6 * 3_600_000,
  '24h': 86_400_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
}

export const presets: [range: string, label: string][] = [
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['6h', 'Last 6 hours'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
]

export function isRange(text: string): boolean {
  if (Object.hasOwn(lengths, text)) return true
  const [from, to, ...rest] = text.split('/')
  return rest.length === 0 && isTime(from) && isTime(to)
}

const isTime = (text: string | undefined): boolean => text === '' || !Number.isNaN(Date.parse(text ?? ''))

export function sinceOf(range: string | undefined, nowMs: number): { since?: string; until?: string } {
  if (range === undefined) return {}
  const length = Object.hasOwn(lengths, range) ? lengths[range] : undefined
  if (length !== undefined) return { since: new Date(nowMs - length).toISOString() }
  const [from, to] = range.split('/')
  return {
    ...(from ? { since: new Date(from).toISOString() } : {}),
    ...(to ? { until: new Date(to).toISOString() } : {}),
  }
}
