import { parentPort, workerData } from 'node:worker_threads'
import { type Command, type Outcome, runBatch, type Savepoint } from '../batch.ts'
import type { Transaction } from '../hot.ts'
import { sqliteEngine } from '../migrations/engine.ts'
import { migrateToLatest } from '../migrations/migrate.ts'
import { kyselyOn, openConnection } from './connection.ts'
import { createHotStatements } from './hot.ts'
import { createPositions } from './positions.ts'

/**
 * The one writer of a store, in a thread of its own: in the main thread its fsyncs made p99 187 ms under delivery.
 * It gets what waits as one batch, runs it as one transaction, and answers after one fsync (group commit).
 */
export type WriterAnswer =
  | { type: 'ready' }
  | { type: 'committed'; outcomes: Outcome[] }
  | { type: 'failed'; sqliteCode: string; message: string }

const port = parentPort!
const connection = openConnection(workerData.file as string, { readonly: false })
const db = kyselyOn(connection)
await migrateToLatest(db as never, sqliteEngine)

const positions = createPositions(connection)
const trx: Transaction = { db, nextPosition: positions.next, ...createHotStatements(connection, positions) }

const savepoint: Savepoint = async work => {
  connection.exec('savepoint command')
  try {
    const value = await work()
    connection.exec('release command')
    return value
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback to command; release command')
    throw error
  }
}

async function commit(commands: Command[]): Promise<WriterAnswer> {
  try {
    connection.exec('begin immediate')
    const outcomes = await runBatch(trx, commands, savepoint)
    connection.exec('commit')
    return { type: 'committed', outcomes }
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback')
    positions.rolledBack()
    const sqliteCode = error instanceof Error && 'code' in error ? String(error.code) : ''
    return {
      type: 'failed',
      sqliteCode,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }
  }
}

port.on('message', (message: Command[] | 'close') => {
  if (message === 'close') {
    connection.close()
    port.close()
    return
  }
  void commit(message).then(answer => port.postMessage(answer))
})
port.postMessage({ type: 'ready' } satisfies WriterAnswer)
