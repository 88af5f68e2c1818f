import { sql } from 'kysely'
import type pg from 'pg'
import { commitBatch, runBatch, type Savepoint, type Transact } from '../batch.ts'
import type { Command, Failure, Outcome } from '../command.ts'
import { closed, createGroupCommit } from '../group-commit.ts'
import type { Transaction } from '../hot.ts'
import { connectWriter, kyselyOn } from './connection.ts'
import { failureOf, troubleOf } from './errors.ts'
import { createForgetStatements } from './forget.ts'
import { createHotStatements } from './hot.ts'
import { beginWithId, createPositions } from './positions.ts'

export interface Writer {
  execute(command: Command): Promise<unknown>
  health(): { ok: true } | { ok: false; reason: string }
  close(): Promise<void>
}

/** A transaction that lost a race (a deadlock with another node) is run again this often. */
const maxRaces = 5

/**
 * The one connection of this node that writes. What waits leaves as one transaction, and commits with one flush.
 *
 * When the connection breaks, nobody can say whether its last commit was kept: those commands fail with
 * `storage.unavailable`, and whoever asked may ask again. That is harmless by construction: an event is appended once
 * by its id (and its delivery id), a run is unique per event, reaction and occasion, an attempt counts only under its
 * claim, a lost claim runs out. Configuration is refused as changed meanwhile, or as existing already.
 */
export async function startWriter(
  url: string,
  onCommitted: (commands: readonly Command[]) => void,
): Promise<Writer> {
  let client: pg.Client | null = null

  const connect = async (): Promise<pg.Client> => {
    if (client) return client
    const fresh = await connectWriter(url)
    fresh.once('end', () => drop(fresh, 'The connection to Postgres ended'))
    client = fresh
    return fresh
  }
  const drop = (broken: pg.Client, reason: string) => {
    if (client !== broken) return
    client = null
    commits.suspect(reason)
    void broken.end().catch(() => {})
  }
  const transact: Transact = async commands => {
    for (let race = 1; ; race++) {
      const connected = await connect().catch(unreachable)
      if ('failure' in connected) return connected
      const result = await transaction(connected, commands)
      if ('outcomes' in result) return result.outcomes
      if (result.broken) drop(connected, result.failure.message)
      if (!result.again || race === maxRaces) return result
    }
  }
  const commits = createGroupCommit(commands => commitBatch(commands, transact), onCommitted)
  await connect()
  return {
    execute: commits.execute,
    health: commits.health,
    async close() {
      await commits.drain()
      commits.end(closed())
      const last = client
      client = null
      await last?.end()
    },
  }
}

function unreachable(error: unknown): { failure: Failure; spoiledByOne: boolean } {
  const failure = failureOf(error, "The store's Postgres cannot be reached; nothing of this was kept")
  return { failure: { ...failure, code: 'storage.unavailable', retryable: true }, spoiledByOne: false }
}

type Ended =
  | { outcomes: Outcome[] }
  | { failure: Failure; spoiledByOne: boolean; again: boolean; broken: boolean }

async function transaction(client: pg.Client, commands: Command[]): Promise<Ended> {
  let committing = false
  try {
    const trx = await begin(client)
    const outcomes = await runBatch(trx, commands, savepointOn(client))
    committing = true
    const { command } = await client.query('commit')
    if (command !== 'COMMIT') throw new Error(`The transaction ended with ${command}`)
    return { outcomes }
  } catch (error) {
    const broken = troubleOf(error) === 'connection' || !(await rolledBack(client))
    const trouble = broken ? 'connection' : troubleOf(error)
    const kept = committing ? 'whether this was kept is not known' : 'nothing of this was kept'
    const failure = failureOf(error, `The connection to Postgres was lost; ${kept}`)
    return {
      failure: broken ? { ...failure, code: 'storage.unavailable', retryable: true } : failure,
      spoiledByOne: trouble === 'spoiled',
      again: trouble === 'again',
      broken,
    }
  }
}

async function begin(client: pg.Client): Promise<Transaction> {
  const results = (await client.query(beginWithId)) as unknown as pg.QueryResult<{ id: number }>[]
  const positions = createPositions(results[1]!.rows[0]!.id)
  return {
    db: kyselyOn(client),
    nextPosition: positions.next,
    forUpdate: sql`for update`,
    ...createHotStatements(client, positions),
    ...createForgetStatements(client),
  }
}

const savepointOn =
  (client: pg.Client): Savepoint =>
  async work => {
    await client.query('savepoint command')
    try {
      const value = await work()
      await client.query('release savepoint command')
      return value
    } catch (error) {
      await client.query('rollback to savepoint command; release savepoint command')
      throw error
    }
  }

const rolledBack = (client: pg.Client): Promise<boolean> =>
  client.query('rollback').then(
    () => true,
    () => false,
  )
