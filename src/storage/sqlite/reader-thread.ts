import { parentPort, workerData } from 'node:worker_threads'
import { type Queries, queriesIn } from '../queries/index.ts'
import { sqliteSpelling } from '../queries/spelling.ts'
import { openConnection } from './connection.ts'
import { kyselyOn } from './kysely.ts'

/** Lists and searches, away from the main thread. */
export interface ReaderRequest {
  id: number
  name: keyof Queries
  input: unknown
}
export type ReaderAnswer = { id: number; value: unknown } | { id: number; error: string }

const queries = queriesIn(sqliteSpelling)
const port = parentPort!
const db = kyselyOn(openConnection(workerData.file as string, { readonly: true }))

async function answer({ id, name, input }: ReaderRequest): Promise<ReaderAnswer> {
  try {
    const run = queries[name] as (on: typeof db, input: unknown) => Promise<unknown>
    return { id, value: await run(db, input) }
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

port.on('message', (request: ReaderRequest) => void answer(request).then(reply => port.postMessage(reply)))
