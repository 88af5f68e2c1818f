import { parentPort, workerData } from 'node:worker_threads'
import { sql } from 'kysely'
import { commitBatch, runBatch, type Savepoint, type Transact } from '../batch.ts'
import type { Command, Failure, Outcome } from '../command.ts'
import type { Transaction } from '../hot.ts'
import { sqliteEngine } from '../migrations/engine.ts'
import { migrateToLatest } from '../migrations/migrate.ts'
import { openConnection } from './connection.ts'
import { kyselyOn } from './kysely.ts'
import { createForgetStatements } from './forget.ts'
import { createHotStatements } from './hot.ts'
import { createPositions } from './positions.ts'

/**
 * The one writer of a store, in a thread of its own: in the main thread its fsyncs made p99 187 ms under delivery.
 * It gets what waits as one batch, runs it as one transaction, and answers after one fsync (group commit).
 */
export type WriterAnswer = { type: 'ready' } | { type: 'done'; outcomes: Outcome[] }

const port = parentPort!
const connection = openConnection(workerData.file as string, { readonly: false })
const db = kyselyOn(connection)
await migrateToLatest(db as never, sqliteEngine)

const positions = createPositions(connection)
const trx: Transaction = {
  db,
  nextPosition: positions.next,
  forUpdate: sql``, // the only writer waits for nobody
  ...createHotStatements(connection, positions),
  ...createForgetStatements(connection),
}

const savepoint: Savepoint = async work => {
  connection.exec('savepoint command')
  try {
    const value = await work()
    connection.exec('release command')
    return value
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback to command; release command')
    positions.rolledBack()
    throw error
  }
}

const transact: Transact = async commands => {
  try {
    connection.exec('begin immediate')
    const outcomes = await runBatch(trx, commands, savepoint)
    connection.exec('commit')
    return outcomes
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback')
    positions.rolledBack()
    return explain(error)
  }
}

/** The file or the machine failed, whatever was asked for; any other error is about one command of the batch. */
const engineFailures =
  /^SQLITE_(FULL|IOERR|BUSY|LOCKED|NOMEM|READONLY|CORRUPT|NOTADB|CANTOPEN|PROTOCOL|PERM|AUTH)/

function explain(error: unknown): { failure: Failure; spoiledByOne: boolean } {
  const sqliteCode = error instanceof Error && 'code' in error ? String(error.code) : ''
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (sqliteCode === 'SQLITE_FULL') {
    const message = 'The disk that holds the store is full'
    return { failure: { code: 'storage.full', message, retryable: true, cause }, spoiledByOne: false }
  }
  const retryable = /^SQLITE_(IOERR|BUSY)/.test(sqliteCode)
  return {
    failure: { code: 'storage.failed', message: 'The store could not write', retryable, cause },
    spoiledByOne: !engineFailures.test(sqliteCode),
  }
}

port.on('message', (message: Command[] | 'close') => {
  if (message === 'close') {
    connection.close()
    port.close()
    return
  }
  void commitBatch(message, transact).then(outcomes =>
    port.postMessage({ type: 'done', outcomes } satisfies WriterAnswer),
  )
})
port.postMessage({ type: 'ready' } satisfies WriterAnswer)
