import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Keyring } from '../core/seal.ts'
import type { SecretKeys } from '../keys.ts'
import type { Storage } from '../storage/port.ts'
import {
  type Resealed,
  sealedColumns,
  type SealedKey,
  type SealedRow,
  type SealedTable,
  sealedTables,
} from '../storage/sealed.ts'

export interface Rotation {
  status(): RotationStatus
  /** A new key, with which everything is then sealed anew, in the background. */
  begin(): void
  stop(): Promise<void>
}

export interface RotationStatus {
  where: string
  isFile: boolean
  state: 'idle' | 'working' | 'failed'
  /** Texts that this process has sealed anew. */
  resealed: number
  /** When everything was sealed with the current key; null before. */
  finishedAtMs: number | null
}

const rowsInStep = 50

/**
 * Seals everything in the store anew, in steps of a few rows, each a transaction of its own. There is no position to
 * keep: what is sealed with the current key already is passed over, so a start that finds both keys begins again, and
 * does what is left. Only when a whole pass finds nothing, the former key is put away.
 */
export function startRotation(options: {
  keys: SecretKeys
  keyring: Keyring
  storage: Storage
  now(): number
  failpoint(name: 'after-reseal-step'): void
  onError(error: unknown): void
}): Rotation {
  const { keys, keyring, storage, now, failpoint, onError } = options
  const status: RotationStatus = {
    where: keys.where,
    isFile: keys.isFile,
    state: 'idle',
    resealed: 0,
    finishedAtMs: null,
  }
  let stopped = false
  let working: Promise<void> = Promise.resolve()

  const work = async (): Promise<void> => {
    status.state = 'working'
    try {
      while (!stopped && (await pass()) > 0);
      if (stopped) return
      keys.finish()
      Object.assign(status, { state: 'idle', finishedAtMs: now() })
    } catch (error) {
      status.state = 'failed'
      onError(error)
    }
  }

  /** Answers how many texts it sealed anew. */
  const pass = async (): Promise<number> => {
    let count = 0
    for (const table of sealedTables)
      for (let after: SealedKey | null = null; !stopped; ) {
        const rows: SealedRow[] = await storage.query('sealedRows', { table, after, limit: rowsInStep })
        const renewed = rows.flatMap(row => renewedIn(table, row))
        if (renewed.length > 0) {
          await storage.execute('resealRows', { table, rows: renewed })
          failpoint('after-reseal-step')
        }
        count += renewed.length
        status.resealed += renewed.length
        if (rows.length < rowsInStep) break
        after = rows.at(-1)!.key
        await nextTurn()
      }
    return count
  }

  const renewedIn = (table: SealedTable, { key, texts }: SealedRow): Resealed[] =>
    texts.flatMap((former, at) => {
      const text = former === null ? null : keyring.renew(former)
      return text === null ? [] : [{ key, column: sealedColumns[table].columns[at]!, former: former!, text }]
    })

  if (keys.former !== null) working = work()
  return {
    status: () => ({ ...status }),
    begin() {
      if (status.state === 'working') return
      if (status.state === 'idle') keyring.use(keys.begin())
      working = work()
    },
    async stop() {
      stopped = true
      await working
    },
  }
}
