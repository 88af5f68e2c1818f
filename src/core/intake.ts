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
  /**
   * Before react catches up with many events: resolves once lanes that are quick have room for so many runs each, or
   * after 100 ms. A run that is handed over in memory spares the store a claim.
   */
  quickRoom(runsByLane: ReadonlyMap<string, number>): Promise<void> | null
  /** Until when a run of this lane is leased if it is born claimed; null when it has to wait in the store. */
  reserve(lane: string, bodyBytes: number): number | null
  offer(work: Work): void
  release(lane: string, bodyBytes: number): void
  /** Runs of this lane wait in the store. */
  waiting(lane: string): void
}
