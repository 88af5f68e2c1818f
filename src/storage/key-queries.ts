import type { Assignment } from '../core/permission.ts'
import type { ChangeRow } from './queries/changes.ts'
import type {
  AlarmTable,
  ApiKeyTable,
  EndpointTable,
  EventTable,
  ReactionVersionTable,
  RunTable,
  SecretTable,
  SessionTable,
  ShareTable,
  SourceTable,
  UserTable,
} from './schema.ts'

/**
 * Reads by key, written by hand for each engine: they stand on the hot path, or must be quick enough for it.
 * SQLite answers them on the main thread (5–10 µs each).
 */
export type KeyQueries = {
  /** Events after a position in the order of commits, with their bodies: how react catches up. */
  eventsAfter(
    context: never,
    input: { partition: number; position: number; limit: number; maxBytes: number },
  ): StoredEvent[]
  event(context: never, input: { id: string }): StoredEvent | null
  run(context: never, input: { id: string }): RunTable | null
  /** Whatever changed after a position, oldest first: how the feed tails the store. */
  changesAfter(context: never, input: { position: number; limit: number }): ChangePage
  /** The position that a watcher starts from who wants to see only what comes. */
  lastPosition(context: never, input: null): number
  reactPosition(context: never, input: { partition: number }): number
  /** Endpoints and reactions that changed after a version of the configuration. */
  configurationSince(context: never, input: { version: number }): ConfigurationChange
  reactionVersion(context: never, input: { id: string; version: number }): ReactionVersionTable | null
  /** The lanes that have runs waiting, each with its earliest time. */
  dueLanes(context: never, input: null): { lane: string; dueAtMs: number }[]
  /** Ids of the jobs that have something left to do. */
  workingJobs(context: never, input: null): string[]
  /** All that last, the oldest first. */
  alarms(context: never, input: null): AlarmTable[]
  /** The oldest first. */
  sources(context: never, input: null): SourceTable[]
  session(context: never, input: { tokenHash: string }): SessionTable | null
  /** By the hash of its token, whether it still opens anything or not. */
  apiKey(context: never, input: { tokenHash: string }): ApiKeyTable | null
  /** A user with what they may do. */
  person(context: never, input: { id: string }): { user: UserTable; assignments: Assignment[] } | null
  /** By the hash of its token, whether it still opens anything or not. */
  share(context: never, input: { tokenHash: string }): ShareTable | null
  /** Those of a team and of the whole organization that have one of these names; of two with one name the team's alone. */
  secretsNamed(context: never, input: { names: readonly string[]; team: string | null }): SecretTable[]
  installation(context: never, input: { key: string }): string | null
}

export interface StoredEvent {
  event: EventTable
  body: Uint8Array
}

export interface ChangePage {
  changes: ChangeRow[]
  /** Everything up to here has been told, also when nothing of it is in `changes`. */
  position: number
  /** More is waiting after `position`. */
  more: boolean
}

export interface ConfigurationChange {
  version: number
  endpoints: EndpointTable[]
  /** The latest version of each reaction that changed. */
  reactions: ReactionVersionTable[]
}
