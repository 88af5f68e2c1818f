import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Command } from '../../src/storage/command.ts'
import { type Commands, type Storage, StorageError } from '../../src/storage/port.ts'
import { openSqliteStorage } from '../../src/storage/sqlite/storage.ts'

/** A real store in a folder of its own, that fails when told to. */
export interface TestStore extends Storage {
  directory: string
  /** These commands fail until `mend`, as when the disk is full. */
  breakCommands(...names: (keyof Commands)[]): void
  mend(): void
  /** Every command that was asked for, failed ones too. */
  readonly asked: (keyof Commands)[]
}

export async function openStore(
  t: TestContext,
  onCommitted: (commands: readonly Command[]) => void = () => {},
): Promise<TestStore> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-test-'))
  const storage = await openSqliteStorage({ directory, readers: 1, onCommitted })
  t.after(async () => {
    await storage.close()
    await rm(directory, { recursive: true, force: true })
  })
  const broken = new Set<keyof Commands>()
  const asked: (keyof Commands)[] = []
  return {
    ...storage,
    directory,
    asked,
    execute(name, input) {
      asked.push(name)
      if (broken.has(name)) return Promise.reject(diskFull())
      return storage.execute(name, input)
    },
    breakCommands: (...names) => names.forEach(name => broken.add(name)),
    mend: () => broken.clear(),
  }
}

export const diskFull = (): StorageError =>
  new StorageError('storage.full', 'The disk that holds the store is full', { retryable: true })

/** Until something has come about that no event tells of; fails loudly instead of waiting for ever. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  withinMs = 10_000,
): Promise<NonNullable<T>> {
  const endMs = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    if (performance.now() > endMs) throw new Error(`Did not come about within ${withinMs} ms: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
