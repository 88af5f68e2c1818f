import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { StorageError } from '../port.ts'

/**
 * One process a store. The lock is SQLite's own exclusive lock on a file of no other use: the system lets go of it
 * however the process ends, so there is no stale lock to clean up.
 */
export function lockDirectory(directory: string): { release(): void } {
  const note = join(directory, 'running.json')
  const lock = new SqliteDatabase(join(directory, 'lock.db'), { timeout: 0 })
  try {
    lock.pragma('journal_mode = DELETE')
    lock.exec('begin exclusive')
  } catch (cause) {
    lock.close()
    throw new StorageError(
      'storage.unavailable',
      `The store in ${directory} is in use by another Signalbox${holder(note)}. Stop that one, or give this one a folder of its own (--data).`,
      { retryable: false, cause },
    )
  }
  writeFileSync(note, JSON.stringify({ pid: process.pid }))
  return {
    release() {
      rmSync(note, { force: true })
      lock.close()
    },
  }
}

function holder(note: string): string {
  try {
    return ` (process ${(JSON.parse(readFileSync(note, 'utf8')) as { pid: number }).pid})`
  } catch {
    return ''
  }
}
