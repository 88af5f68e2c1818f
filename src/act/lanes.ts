import { allowed, type Breaker, newBreaker } from '../core/breaker.ts'
import type { Work } from '../core/intake.ts'
import { mayWaitClaimed } from '../core/lane.ts'

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
  bodyBytes: number
  lastUsedMs: number
}

export const newLane = (name: string, limit: number, nowMs: number): Lane => ({
  name,
  limit,
  underWay: 0,
  reserved: 0,
  claimed: [],
  breaker: newBreaker(),
  backlog: false,
  paceMs: 100,
  bodyBytes: 65_536,
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
  const free = lane.limit + ahead - lane.underWay - lane.reserved - lane.claimed.length
  return allowed(lane.breaker, Math.max(0, free), nowMs)
}

/** A claim brings bodies with it: of large ones, fewer at a time. */
const claimBytes = 16 * 1024 * 1024

/** How many to claim now; 0 while too few places are free for a claim to be worth a commit. */
export function worthClaiming(lane: Lane, nowMs: number): number {
  const free = room(lane, nowMs)
  if (lane.claimed.length > 0 && free < lane.limit) return 0
  return Math.min(free, Math.max(1, Math.floor(claimBytes / lane.bodyBytes)))
}

export function noteCall(lane: Lane, tookMs: number, bodyBytes: number): void {
  lane.paceMs += (tookMs - lane.paceMs) / 16
  lane.bodyBytes += (bodyBytes - lane.bodyBytes) / 16
}

export const isIdle = (lane: Lane): boolean =>
  lane.underWay === 0 &&
  lane.reserved === 0 &&
  lane.claimed.length === 0 &&
  !lane.backlog &&
  lane.breaker.state === 'closed'
