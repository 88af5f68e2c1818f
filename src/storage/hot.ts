import type { Kysely, RawBuilder } from 'kysely'
import type { AttemptOutcome, RunState } from '../core/run.ts'
import type { ForgetStatements } from './forget.ts'
import type { Database, EventTable, RunTable } from './schema.ts'

/**
 * What a command works on: one open transaction. `nextPosition` numbers rows in the order of commits.
 * The hot statements are written by hand for each engine, side by side in sqlite/hot.ts and postgres/hot.ts.
 */
export interface Transaction extends HotStatements, ForgetStatements {
  readonly db: Kysely<Database>
  nextPosition(): number | Promise<number>
  /** Ends a select whose rows are then changed: locks them, where there are other writers. */
  readonly forUpdate: RawBuilder<unknown>
}

/** Runs and own events of one command: one transaction numbers at most 16,384 rows in Postgres. */
export const maxRowsPerCommand = 16_000

type MaybePromise<T> = T | Promise<T>

export interface HotStatements {
  appendEvents(inputs: readonly AppendEvent[]): MaybePromise<AppendedEvent[]>
  insertRuns(runs: readonly NewRun[]): MaybePromise<number[]>
  commitReacted(input: CommitReacted): MaybePromise<Reacted>
  recordAttempts(inputs: readonly RecordAttempt[]): MaybePromise<Recorded[]>
  claimRuns(input: ClaimRuns): MaybePromise<ClaimedRun[]>
}

/** The hot commands as the port offers them: the writer gathers those that wait together into one statement. */
export type HotCommands = {
  appendEvent(trx: Transaction, input: AppendEvent): AppendedEvent
  commitReacted(trx: Transaction, input: CommitReacted): Reacted
  recordAttempt(trx: Transaction, input: RecordAttempt): Recorded
  claimRuns(trx: Transaction, input: ClaimRuns): ClaimedRun[]
}

export interface AppendEvent {
  id: string
  partition: number
  receivedAtMs: number
  kindType: string
  kindName: string
  endpointId: string | null
  team: string | null
  actor: string
  error: string | null
  hops: number
  contentType: string | null
  detail: string
  targets: readonly { type: string; value: string }[]
  /** A second event with this id on this endpoint (or source, when there is none) is not kept. */
  deliveryId: string | null
  body: Uint8Array
}

export interface AppendedEvent {
  /** 0 when this delivery was kept before. */
  position: number
  /** The last event's position before this one; null where the engine cannot know it. */
  previous: number | null
  /** The event that holds this delivery id already; the event itself, when just this one is appended again. */
  duplicateOf: string | null
}

export interface NewRun {
  id: string
  eventId: string
  reactionId: string
  reactionVersion: number
  occasion: string
  team: string | null
  actor: string
  /** `trying`: born claimed by the caller, with claim number 1. */
  state: 'due' | 'held' | 'trying'
  onLost: 'retry' | 'fail'
  lane: string
  dueAtMs: number | null
  createdAtMs: number
  deadlineAtMs: number
  label: string
}

export interface CommitReacted {
  partition: number
  /** The last event that these runs cover. */
  position: number
  /** The configuration that they were matched with. */
  configVersion: number
  runs: readonly NewRun[]
  /** One that tells of a run which existed already is not kept again. */
  ownEvents: readonly AppendEvent[]
}

/** `positions`: one a run, 0 where the run existed already. Stale: match again with the current configuration. */
export type Reacted = { stale: false; positions: number[] } | { stale: true; configVersion: number }

export interface RecordAttempt {
  runId: string
  claimNo: number
  number: number
  startedAtMs: number
  endedAtMs: number
  outcome: AttemptOutcome
  errorCode: string | null
  message: string
  status: number | null
  record: string
  request: Uint8Array
  response: Uint8Array
  next: { state: RunState; dueAtMs: number | null; label: string }
  ownEvents: readonly AppendEvent[]
}

/** `recorded` is false when another claim has overtaken this one: its result counts, this one changed nothing. */
export interface Recorded {
  recorded: boolean
}

export interface ClaimRuns {
  lanes: readonly { lane: string; limit: number }[]
  nowMs: number
  leaseUntilMs: number
}

/** A run with what is needed to try it. `lostAttempt`: its former claimant vanished; that attempt is recorded as lost. */
export interface ClaimedRun {
  run: RunTable
  event: EventTable
  body: Uint8Array
}
