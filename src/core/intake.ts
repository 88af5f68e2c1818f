import type { Event } from './event.ts'
import type { Reaction } from './reaction.ts'
import type { Run } from './run.ts'

/** A run with all that is needed to try it. */
export interface Work {
  run: Pick<
    Run,
    'id' | 'eventId' | 'lane' | 'claimNo' | 'attempts' | 'tries' | 'createdAtMs' | 'deadlineAtMs' | 'team'
  >
  event: Event
  body: Uint8Array
  reaction: Reaction
}

/**
 * How react hands runs to act without a detour over the store: a run is born claimed when there is a place for it,
 * and due when there is none. What was reserved is either offered, after its commit, or released.
 */
export interface Intake {
  /** Until when a run of this lane is leased if it is born claimed; null when it has to wait in the store. */
  reserve(lane: string, bodyBytes: number): number | null
  offer(work: Work): void
  release(lane: string, bodyBytes: number): void
  /** Runs of this lane wait in the store. */
  waiting(lane: string): void
}
