/**
 * One execution of a reaction, for one event.
 *
 *  waiting-approval ──┬── declined
 *                     └→ due ──claim──→ trying ──┬─ succeeded
 *           held ──────→  ↑                      ├─ failed       (attempts spent, or permanent error)
 *                         ├──── retry at ────────┤
 *                         │                      └─ in-progress → succeeded | failed | timed-out
 *                         ├── retry (by hand) ── failed, timed-out, cancelled
 *                         └── retry (by hand) ── due: its next try comes at once
 *  any state that is not final ── cancel ──→ cancelled;  its deadline passes ──→ timed-out
 *
 * `dueAtMs` is the schedule, the lease, the retry and the crash recovery: a run that is due or trying has one, and
 * whoever finds it in the past may claim the run by pushing it forward and raising `claimNo`, the fence. What a
 * claimant writes counts only while `claimNo` is still the one it got.
 */
export interface Run {
  id: string
  /** Its place in the order of commits. */
  position: number
  eventId: string
  reactionId: string
  reactionVersion: number
  /** '' for the event's own arrival; a replay has an occasion of its own. */
  occasion: string
  team: string | null
  actor: string
  state: RunState
  /** Runs of one lane share a concurrency limit and a breaker: a target host, or a reaction. */
  lane: string
  dueAtMs: number | null
  claimNo: number
  /** All attempts ever made. */
  attempts: number
  /** Attempts since the run was opened, or opened again by hand: what the retry policy counts. */
  tries: number
  createdAtMs: number
  deadlineAtMs: number
  endedAtMs: number | null
  /** One line on how it stands: "200 OK", "timed out after 30 s; next try in 2 min". */
  label: string
}

export const runStates = [
  'waiting-approval',
  'held',
  'due',
  'trying',
  'in-progress',
  'succeeded',
  'failed',
  'timed-out',
  'cancelled',
  'declined',
] as const
export type RunState = (typeof runStates)[number]

const finalStates = new Set<RunState>(['succeeded', 'failed', 'timed-out', 'cancelled', 'declined'])
export const isFinal = (state: RunState): boolean => finalStates.has(state)

const retryable = new Set<RunState>(['due', 'failed', 'timed-out', 'cancelled'])
/** May a person have this run tried now? A succeeded one never: replay the event instead. */
export const canRetry = (state: RunState): boolean => retryable.has(state)

export type AttemptOutcome = 'succeeded' | 'failed' | 'lost'

/** The request of an attempt as it is shown: what left, secrets masked. */
export interface AttemptRequest {
  method: string
  url: string
  headers: [name: string, value: string][]
  body: string
  bodyBytes: number
}

export interface AttemptResponse {
  status: number
  headers: [name: string, value: string][]
  body: string
  bodyBytes: number
  bodyTruncated: boolean
  remoteAddress: string | null
  timings: Record<string, number>
}
