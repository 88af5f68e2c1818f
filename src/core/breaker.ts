/**
 * Keeps a dead target from being called over and over by every run that waits for it.
 *
 *   closed ──(10 failures in a row)──→ open ──(its rest is over)──→ probing ──(success)──→ closed
 *                                       ↑                             │
 *                                       └──(failure: rest doubles)────┘
 *
 * Rests last 2 s, doubling up to 60 s. A failure is what tells of the target's health: no answer, or a 5xx. While it
 * is open, runs stay due and spend no attempts; one at a time is let through to probe.
 */
export interface Breaker {
  state: 'closed' | 'open' | 'probing'
  failuresInARow: number
  restMs: number
  probeAtMs: number
}

export const failuresToOpen = 10
const firstRestMs = 2_000
const longestRestMs = 60_000

export const newBreaker = (): Breaker => ({
  state: 'closed',
  failuresInARow: 0,
  restMs: firstRestMs,
  probeAtMs: 0,
})

/** How many runs may be started now, of `wanted`. */
export function allowed(breaker: Breaker, wanted: number, nowMs: number): number {
  if (breaker.state === 'closed') return wanted
  if (breaker.state === 'probing' || nowMs < breaker.probeAtMs) return 0
  return Math.min(1, wanted)
}

/** A run was let through an open breaker. */
export function probe(breaker: Breaker): void {
  if (breaker.state === 'open') breaker.state = 'probing'
}

/** What a call told of the target. Answers whether the breaker opened with it. */
export function observe(breaker: Breaker, healthy: boolean, nowMs: number): boolean {
  if (healthy) {
    Object.assign(breaker, newBreaker())
    return false
  }
  breaker.failuresInARow++
  const opens =
    breaker.state === 'probing' || (breaker.state === 'closed' && breaker.failuresInARow >= failuresToOpen)
  if (!opens) return false
  breaker.restMs = breaker.state === 'probing' ? Math.min(breaker.restMs * 2, longestRestMs) : firstRestMs
  breaker.state = 'open'
  breaker.probeAtMs = nowMs + breaker.restMs
  return true
}
