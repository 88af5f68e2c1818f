/**
 * Something that is done to many, in steps that neither a stop nor a crash can lose or repeat.
 *
 *   working ──all done──→ done
 *      │ ↑ resume
 *      └─┴─ stop ──→ stopped
 */
export const jobKinds = ['replay', 'retry'] as const
export type JobKind = (typeof jobKinds)[number]
export const jobStates = ['working', 'stopped', 'done'] as const
export type JobState = (typeof jobStates)[number]

/** Which runs are retried. */
export interface FailedRunFilter {
  reactionId?: string
  /** Those of these teams; of all, if it is left out. */
  teams?: readonly string[]
  /** Found in the line on how it stands, in any case. */
  error?: string
  /** When it failed. */
  sinceMs?: number
  untilMs?: number
}

export const defaultPerSecond = 100
export const mostPerSecond = 10_000
