import type { Command } from '../command.ts'
import { closed } from '../group-commit.ts'
import { postgresEngine } from '../migrations/engine.ts'
import { migrateToLatest } from '../migrations/migrate.ts'
import { type Storage, StorageError } from '../port.ts'
import {
  connectWriter,
  createPool,
  inspectServer,
  kyselyOn,
  statementTimeoutMs,
  unhurried,
} from './connection.ts'
import { readError } from './errors.ts'
import { createKeyReader } from './key-queries.ts'
import { runQuery } from './queries.ts'
import { startWriter } from './writer.ts'

/** The store of many nodes: one Postgres, one writing connection a node, two pools that read. */
export async function openPostgresStorage(options: {
  url: string
  /** Connections for lists and searches; reads by key have as many of their own. */
  readers?: number
  onCommitted?: (commands: readonly Command[]) => void
}): Promise<Storage> {
  const { url, readers = 4 } = options
  const { durability } = await prepare(url)
  const writer = await startWriter(url, options.onCommitted ?? (() => {}))
  const keyPool = createPool(url, readers)
  const listPool = createPool(url, readers)
  const byKey = createKeyReader(keyPool)
  let ended = false
  return {
    durability,
    health: writer.health,
    execute: (name, input, audit) =>
      writer.execute({ name, input, ...(audit && { audit }) } as Command) as never,
    async read(name, input) {
      if (ended) throw closed()
      try {
        return (await (byKey[name] as (input: unknown) => Promise<unknown>)(input)) as never
      } catch (error) {
        throw readError(error, statementTimeoutMs)
      }
    },
    query: (name, input, deadlineMs = 10_000) =>
      (ended ? Promise.reject(closed()) : runQuery(listPool, name, input, deadlineMs)) as never,
    async close() {
      if (ended) return
      ended = true
      await writer.close()
      await Promise.all([keyPool.end(), listPool.end()])
    },
  }
}

/** Kysely's migrator holds an advisory lock around its transaction, so any number of nodes may start at once. */
async function prepare(url: string): Promise<{ durability: string }> {
  const client = await connectWriter(url, unhurried).catch((cause: unknown) => {
    throw new StorageError('storage.unavailable', "The store's Postgres cannot be reached", {
      retryable: true,
      cause,
    })
  })
  try {
    const server = await inspectServer(client)
    await migrateToLatest(kyselyOn(client) as never, postgresEngine)
    return server
  } finally {
    await client.end()
  }
}
