const steps: [unit: string, ms: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
]

/** "250 ms", "1.5 s", "12 min", "3 h 20 min", "2 d 23 h": days and hours are too coarse alone. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`
  if (durationMs < 10_000) return `${Math.floor(durationMs / 100) / 10} s`
  const at = steps.findIndex(([, ms]) => durationMs >= ms)
  const [unit, ms] = steps[at] ?? ['s', 1000]
  const [finerUnit, finerMs] = steps[at + 1] ?? ['s', 1000]
  const finer = Math.floor((durationMs % ms) / finerMs)
  const rest = ms >= 3_600_000 && finer > 0 ? ` ${finer} ${finerUnit}` : ''
  return `${Math.floor(durationMs / ms)} ${unit}${rest}`
}
