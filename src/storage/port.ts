import type { AuditEntry } from '../core/audit.ts'
import type { HotCommands } from './hot.ts'
import type { ColdCommands } from './commands/index.ts'
import type { KeyQueries } from './key-queries.ts'
import type { Queries } from './queries/index.ts'

/**
 * The truth: configuration, events, runs, attempts. Two adapters, SQLite and Postgres, pass one contract suite.
 *
 * Every write is a named command, and no transaction is opened anywhere else. A command's promise resolves once its
 * transaction is durable; commands that wait together share one transaction and one fsync.
 */
export interface Storage {
  /** `audit`: who asks, for a row of the audit trail in the same transaction; hot commands have none. */
  execute<N extends keyof Commands>(
    name: N,
    input: Input<Commands[N]>,
    audit?: AuditEntry,
  ): Promise<Output<Commands[N]>>
  /** Reads by key, and pages of what comes next: at once, on the caller's thread where the engine allows it. */
  read<N extends keyof KeyQueries>(name: N, input: Input<KeyQueries[N]>): Promise<Output<KeyQueries[N]>>
  /** Lists and searches: off the caller's thread, ended at the deadline with `storage.deadline`. */
  query<N extends keyof Queries>(
    name: N,
    input: Input<Queries[N]>,
    deadlineMs?: number,
  ): Promise<Output<Queries[N]>>
  /** What a 202 rests on, for people. */
  readonly durability: string
  /** Whether writes are taken just now; the reason when they are not. */
  health(): { ok: true } | { ok: false; reason: string }
  close(): Promise<void>
}

export type Commands = HotCommands & ColdCommands

type Input<F> = F extends (context: never, input: infer I) => unknown ? I : never
type Output<F> = F extends (context: never, input: never) => infer O ? Awaited<O> : never
export type CommandInput<N extends keyof Commands> = Input<Commands[N]>

/** `retryable`: the same command may succeed later, as when the disk is full now. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code:
    | 'storage.full'
    | 'storage.unavailable'
    | 'storage.closed'
    | 'storage.deadline'
    | 'storage.busy'
    | 'storage.failed'
  readonly retryable: boolean

  constructor(code: StorageError['code'], message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.code = code
    this.retryable = options.retryable
  }
}
