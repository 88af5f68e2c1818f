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

/** Also after a restart, when it is known to have been open: the next run probes at once. */
export const openBreaker = (nowMs: number): Breaker => ({
  state: 'open',
  failuresInARow: failuresToOpen,
  restMs: firstRestMs,
  probeAtMs: nowMs,
})

/** What a call told of the target. Answers what became of the breaker with it; null: it is as before. */
export function observe(
  breaker: Breaker,
  healthy: boolean,
  nowMs: number,
): 'opened' | 'stays-open' | 'closed' | null {
  if (healthy) {
    const wasOpen = breaker.state !== 'closed'
    Object.assign(breaker, newBreaker())
    return wasOpen ? 'closed' : null
  }
  breaker.failuresInARow++
  const wasProbing = breaker.state === 'probing'
  const opens = wasProbing || (breaker.state === 'closed' && breaker.failuresInARow >= failuresToOpen)
  if (!opens) return null
  breaker.restMs = wasProbing ? Math.min(breaker.restMs * 2, longestRestMs) : firstRestMs
  breaker.state = 'open'
  breaker.probeAtMs = nowMs + breaker.restMs
  return wasProbing ? 'stays-open' : 'opened'
}
