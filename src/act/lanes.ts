import { allowed, type Breaker, newBreaker } from '../core/breaker.ts'
import type { Work } from '../core/intake.ts'
import { hasOwnLimit, mayWaitClaimed } from '../core/lane.ts'

/**
 * A lane in memory: what is under way, what waits claimed, and whether more waits in the store.
 *
 *   in the store ──claim──→ claimed ──place free──→ under way ──→ recorded
 *   born claimed ─────────────↑
 */
export interface Lane {
  name: string
  limit: number
  underWay: number
  /** Places given to react that have not been offered yet. */
  reserved: number
  claimed: Work[]
  breaker: Breaker
  /** Runs of this lane wait in the store, or may do. */
  backlog: boolean
  /** How long calls take here, in milliseconds, and how large bodies are; newer ones count more. */
  paceMs: number
  /** Calls that ended so far. */
  calls: number
  bodyBytes: number
  sinceMs: number
  lastUsedMs: number
}

/** A limit that only the reaction tells is not known before its first run: it may be one. */
export const newLane = (name: string, limit: number, nowMs: number): Lane => ({
  name,
  limit: hasOwnLimit(name) ? 1 : limit,
  underWay: 0,
  reserved: 0,
  claimed: [],
  breaker: newBreaker(),
  backlog: false,
  paceMs: 100,
  calls: 0,
  bodyBytes: 65_536,
  sinceMs: nowMs,
  lastUsedMs: nowMs,
})

/** Claimed runs that wait here are lost attempts if the process dies: keep as many as 100 ms of work, up to 500. */
const aheadMs = 100
const mostAhead = 500

/** How many more runs the lane can take: its free places, and what it may keep claimed ahead of them. */
export function room(lane: Lane, nowMs: number): number {
  const ahead = mayWaitClaimed(lane.name)
    ? Math.min(mostAhead, Math.floor((lane.limit * aheadMs) / Math.max(lane.paceMs, 0.2)))
    : 0
  const taken = lane.reserved + lane.claimed.length
  const free = Math.max(0, lane.limit + ahead - lane.underWay - taken)
  if (lane.breaker.state === 'closed') return free
  // Who is reserved or claimed is the one that will probe.
  return taken > 0 ? 0 : allowed(lane.breaker, free, nowMs)
}

/** Calls that end this soon free their places by themselves. A lane is taken for quick until it is known, or for 2 s. */
const quickMs = 50
const unknownMs = 2_000
const isQuick = (lane: Lane, nowMs: number): boolean =>
  lane.paceMs < quickMs || (lane.calls < 20 * lane.limit && nowMs < lane.sinceMs + unknownMs)

/** Is it worth waiting a moment until this lane has room for so many runs? */
export const isWorthWaiting = (lane: Lane, runs: number, nowMs: number): boolean =>
  mayWaitClaimed(lane.name) &&
  lane.breaker.state === 'closed' &&
  lane.underWay > 0 &&
  isQuick(lane, nowMs) &&
  (lane.backlog || room(lane, nowMs) < Math.min(runs, mostAhead / 2))

const holds = (lane: Lane): number => lane.underWay + lane.reserved + lane.claimed.length

/**
 * No lane takes more than a part of what is still free: however many targets hang, each with as many runs as it may
 * have, some room is left for the next one. A quick one gives its part back soon. `heldRoom`: how many runs this
 * process may still hold.
 */
export const fairRoom = (lane: Lane, heldRoom: number): number =>
  Math.max(0, Math.floor(heldRoom / (lane.paceMs < quickMs ? 3 : 8)) - holds(lane))

/** May the next claimed run be started now? */
export const mayStart = (lane: Lane, nowMs: number): boolean =>
  lane.claimed.length > 0 && lane.underWay < lane.limit && allowed(lane.breaker, 1, nowMs) > 0

/**
 * Must runs that found no place go back to the store? While the breaker is open they would wait here for long; and
 * those that must not be sent twice would count as lost if the process died.
 */
export const mustGiveBack = (lane: Lane): boolean =>
  lane.breaker.state !== 'closed' || !mayWaitClaimed(lane.name)

/** How many to claim now; 0 while too few places are free for a claim to be worth a commit. */
export function worthClaiming(lane: Lane, nowMs: number): number {
  const free = room(lane, nowMs)
  return lane.claimed.length > 0 && free < lane.limit ? 0 : free
}

/** A claim brings bodies with it: of large ones, fewer at a time, whatever the number of lanes. */
const claimBytes = 16 * 1024 * 1024

/** What to claim now, for all lanes together. */
export function planClaims(
  lanes: Iterable<Lane>,
  room: number,
  nowMs: number,
): { lane: string; limit: number }[] {
  const wanted: { lane: string; limit: number }[] = []
  let free = room
  let freeBytes = claimBytes
  for (const lane of lanes) {
    if (free <= 0 || freeBytes <= 0) break
    if (!lane.backlog) continue
    const fitting = Math.max(1, Math.floor(freeBytes / lane.bodyBytes))
    const limit = Math.min(worthClaiming(lane, nowMs), fairRoom(lane, free), fitting)
    if (limit === 0) continue
    wanted.push({ lane: lane.name, limit })
    free -= limit
    freeBytes -= limit * lane.bodyBytes
  }
  return wanted
}

export function noteCall(lane: Lane, tookMs: number): void {
  lane.calls++
  lane.paceMs += (tookMs - lane.paceMs) / 16
}

export function noteBody(lane: Lane, bodyBytes: number): void {
  lane.bodyBytes += (Math.max(1, bodyBytes) - lane.bodyBytes) / 16
}

export const isIdle = (lane: Lane): boolean =>
  lane.underWay === 0 &&
  lane.reserved === 0 &&
  lane.claimed.length === 0 &&
  !lane.backlog &&
  lane.breaker.state === 'closed'
