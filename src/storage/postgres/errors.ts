import type { Failure } from '../command.ts'
import { StorageError } from '../port.ts'

/**
 * What a failure of Postgres means for the commands that it met.
 *
 *   again       lost a race with another transaction: the same commands, once more
 *   spoiled     one of the commands cannot be taken; the others can
 *   connection  the server is gone, or is ending; connect again
 *   refused     it answers but cannot write now
 */
export type Trouble = 'again' | 'spoiled' | 'connection' | 'refused'

/** Classes (two characters) and codes of https://www.postgresql.org/docs/current/errcodes-appendix.html */
const meanings: [codes: RegExp, trouble: Trouble][] = [
  [/^(40001|40P01|55P03)$/, 'again'], // serialization failure, deadlock, lock not available
  [/^(08|57P0|25P0[34]|25006|XX)/, 'connection'], // lost, shut down, timed out in a transaction, now a standby
  [/^(53|58|57014|57)/, 'refused'], // out of disk, memory or connections; system error; cancelled
]

export function troubleOf(error: unknown): Trouble {
  const code = sqlState(error)
  if (code !== null) return meanings.find(([codes]) => codes.test(code))?.[1] ?? 'spoiled'
  return isConnectionError(error) ? 'connection' : 'spoiled'
}

/** Five characters that the server sends; the system's own codes (EPIPE) look different. */
export function sqlState(error: unknown): string | null {
  const code = codeOf(error)
  return /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? code : null
}

/** The system's errors have codes, the driver's only sentences: "Connection terminated unexpectedly" and the like. */
const isConnectionError = (error: unknown): boolean =>
  /^E[A-Z_]+$/.test(codeOf(error)) ||
  (error instanceof Error && /connection|not queryable|timeout/i.test(error.message)) ||
  (error instanceof AggregateError && error.errors.some(isConnectionError))

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

export function failureOf(error: unknown, message: string): Failure {
  const trouble = troubleOf(error)
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (sqlState(error) === '53100')
    return {
      code: 'storage.full',
      message: "The disk of the store's Postgres is full",
      retryable: true,
      cause,
    }
  if (trouble === 'connection') return { code: 'storage.unavailable', message, retryable: true, cause }
  const retryable = trouble !== 'spoiled'
  return { code: 'storage.failed', message: 'The store could not write', retryable, cause }
}

/** Of a read: nothing was changed, so asking again is always safe. */
export function readError(error: unknown, deadlineMs: number): StorageError {
  if (error instanceof StorageError) return error
  if (sqlState(error) === '57014')
    return new StorageError('storage.deadline', `The query took longer than ${deadlineMs} ms`, {
      retryable: true,
      cause: error,
    })
  if (troubleOf(error) === 'spoiled')
    return new StorageError('storage.failed', 'The store could not be read', {
      retryable: false,
      cause: error,
    })
  return new StorageError('storage.unavailable', "The store's Postgres does not answer", {
    retryable: true,
    cause: error,
  })
}
