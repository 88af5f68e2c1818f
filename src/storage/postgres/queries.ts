import type pg from 'pg'
import { StorageError } from '../port.ts'
import { type Queries, queriesIn } from '../queries/index.ts'
import { postgresSpelling } from '../queries/spelling.ts'
import { kyselyOn } from './connection.ts'
import { readError } from './errors.ts'

const queries = queriesIn(postgresSpelling)

/**
 * Runs a query in a transaction that only reads, so that all its statements see one moment. The server ends a
 * statement at the deadline; when there are several, or the server is silent, the connection is given up.
 */
export async function runQuery(
  pool: pg.Pool,
  name: keyof Queries,
  input: unknown,
  deadlineMs: number,
): Promise<unknown> {
  const startedAtMs = performance.now()
  const client = await pool.connect().catch((error: unknown) => {
    throw readError(error, deadlineMs)
  })
  let late: NodeJS.Timeout | undefined
  let given: Error | boolean = true
  try {
    const leftMs = Math.max(1, Math.round(deadlineMs - (performance.now() - startedAtMs)))
    const deadline = new Promise<never>((_, reject) => {
      late = setTimeout(() => reject(tooLate(deadlineMs)), leftMs + graceMs)
    })
    const value = await Promise.race([deadline, inTransaction(client, name, input, leftMs)])
    given = false
    return value
  } catch (error) {
    throw readError(error, deadlineMs)
  } finally {
    clearTimeout(late)
    client.release(given)
  }
}

/** The server's own answer, with its reason, is given a moment to come first. */
const graceMs = 250

async function inTransaction(client: pg.PoolClient, name: keyof Queries, input: unknown, leftMs: number) {
  await client.query(
    `begin isolation level repeatable read, read only; set local statement_timeout = ${leftMs}`,
  )
  const run = queries[name] as (db: ReturnType<typeof kyselyOn>, input: unknown) => Promise<unknown>
  const value = await run(kyselyOn(client), input)
  await client.query('commit')
  return value
}

const tooLate = (deadlineMs: number) =>
  new StorageError('storage.deadline', `The query took longer than ${deadlineMs} ms`, { retryable: true })
