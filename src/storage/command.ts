import type { AuditEntry } from '../core/audit.ts'
import type { AppendEvent, RecordAttempt } from './hot.ts'
import type { CommandInput, Commands, StorageError } from './port.ts'
import type { RefusalCode } from './refusal.ts'

/** What goes to the thread or the connection that writes, and what comes back; what runs it is batch.ts, over there. */
export type Command = {
  [N in keyof Commands]: { name: N; input: CommandInput<N>; audit?: AuditEntry }
}[keyof Commands]

/** How one command of a batch ended; plain data, so that it can leave a thread. */
export type Outcome =
  | { ok: true; value: unknown }
  | { ok: false; refused: RefusalCode; message: string }
  | { ok: false; failure: Failure }

/** Why nothing was kept: the user's sentence and the operator's cause. */
export interface Failure {
  code: StorageError['code']
  message: string
  retryable: boolean
  cause: string
}

/** What a command keeps in memory while it waits: its bodies, which are nearly all of it. */
export function bytesOf(command: Command): number {
  if (command.name === 'appendEvent') return eventBytes(command.input)
  if (command.name === 'recordAttempt') return attemptBytes(command.input)
  if (command.name === 'commitReacted') return sum(command.input.ownEvents.map(eventBytes))
  return 0
}

const eventBytes = (event: AppendEvent): number => event.body.length + event.detail.length
const attemptBytes = (attempt: RecordAttempt): number =>
  attempt.request.length + attempt.response.length + sum(attempt.ownEvents.map(eventBytes))
const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)
