/** Durations as people write them: `5s`, `30 s`, `2m`, `1.5h`, `250ms`. A bare number counts seconds. */

const unitMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds, or null when the text is no duration. */
export function parseDuration(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)?\s*$/.exec(text)
  if (!match) return null
  return Math.round(Number(match[1]) * (unitMs[match[2] ?? 's'] ?? 1000))
}

/** `5s, 30s, 2m`: milliseconds each, or null when one of them is no duration. Empty text is an empty list. */
export function parseDurations(text: string): number[] | null {
  if (text.trim() === '') return []
  const durations = text.split(',').map(parseDuration)
  return durations.every(ms => ms !== null) ? durations : null
}

export function writeDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = unitMs[unit] ?? 1
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`
  }
  return `${ms}ms`
}
