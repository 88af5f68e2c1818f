import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../command.ts'
import { closed } from '../group-commit.ts'
import type { Storage } from '../port.ts'
import { openConnection } from './connection.ts'
import { createKeyReader } from './key-queries.ts'
import { lockDirectory } from './lock.ts'
import { startReaders } from './readers.ts'
import { startWriter } from './writer.ts'

/** The embedded store: one SQLite file, one writer thread, readers beside it. */
export async function openSqliteStorage(options: {
  directory: string
  readers?: number
  onCommitted?: (commands: readonly Command[]) => void
}): Promise<Storage> {
  mkdirSync(options.directory, { recursive: true })
  const lock = lockDirectory(options.directory)
  const file = join(options.directory, 'signalbox.db')
  const writer = await startWriter(file, options.onCommitted ?? (() => {})).catch((error: unknown) => {
    lock.release()
    throw error
  })
  const readers = startReaders(file, options.readers ?? 2)
  const connection = openConnection(file, { readonly: true })
  const byKey = createKeyReader(connection)
  let ended = false
  return {
    durability: 'fsynced to this disk (SQLite, WAL, synchronous=FULL)',
    health: writer.health,
    execute: (name, input, audit) =>
      writer.execute({ name, input, ...(audit && { audit }) } as Command) as never,
    async read(name, input) {
      if (ended) throw closed()
      return (byKey[name] as (input: unknown) => unknown)(input) as never
    },
    query: (name, input, deadlineMs = 10_000) => readers.query(name, input, deadlineMs) as never,
    async close() {
      if (ended) return
      ended = true
      await readers.close()
      connection.close()
      // The last to go folds the write-ahead log back into the store.
      await writer.close()
      lock.release()
    },
  }
}
