import { statfs } from 'node:fs/promises'
import type { Event } from './core/event.ts'
import { diskEvent } from './core/disk-event.ts'
import type { Storage } from './storage/port.ts'

/**
 * Watches the disk that holds the store.
 *
 *   ok ──(room < low)──→ low ──(room < reserve)──→ full        told once as `disk.low`
 *    ↑                    │ ↑                        │
 *    └──(room > 1.5 low)──┘ └───(room > 2 reserve)───┘          told once, without an error
 *
 * Room is what is free, and what the store has inside to use again. While it is full, events are refused before the
 * last page is used, so that what is already accepted can still be delivered, recorded and taken away.
 */
export interface Disk {
  readonly level: 'ok' | 'low' | 'full'
  readonly freeBytes: number
  readonly totalBytes: number
  /** A sentence, when it is not ok. */
  readonly note: string | null
  stop(): void
}

export interface DiskOptions {
  directory: string
  storage: Pick<Storage, 'query'>
  now(): number
  /** Stores an event of our own. */
  tell(event: Event, body: Uint8Array): Promise<unknown>
  onError(error: unknown): void
}

const everyMs = 200
const mib = 1024 * 1024

export function watchDisk({ directory, storage, now, tell, onError }: DiskOptions): Disk {
  let level: Disk['level'] = 'ok'
  let free = 0
  let total = 0
  let isLow = false
  /** Still to be told: on a disk without any room that has to wait. */
  const untold: { event: Event; body: Uint8Array }[] = []
  let looking = false

  const look = async () => {
    const { bavail, blocks, bsize } = await statfs(directory)
    free = bavail * bsize
    total = blocks * bsize
    const low = Math.min(total / 10, 1024 * mib)
    const reserve = Math.min(total / 50, 32 * mib)
    const room = free + (free < low * 1.5 ? await reusable(storage) : 0)
    if (room < (level === 'full' ? 2 * reserve : reserve)) level = 'full'
    else if (room < (level === 'ok' ? low : low * 1.5)) level = 'low'
    else level = 'ok'
    if (isLow !== (level !== 'ok')) {
      isLow = !isLow
      untold.push(diskEvent({ directory, roomBytes: room, totalBytes: total, isLow }, now()))
    }
    await tellAll()
  }
  const tellAll = async () => {
    for (let next = untold[0]; next !== undefined; next = untold[0]) {
      await tell(next.event, next.body)
      untold.shift()
    }
  }
  const tick = () => {
    if (looking) return
    looking = true
    void look()
      .catch(onError)
      .finally(() => (looking = false))
  }
  tick()
  const timer = setInterval(tick, everyMs).unref()
  return {
    get level() {
      return level
    },
    get freeBytes() {
      return free
    },
    get totalBytes() {
      return total
    },
    get note() {
      if (level === 'ok') return null
      const left = `${Math.floor(free / mib)} MiB of ${Math.ceil(total / mib)} MiB are free in ${directory}`
      return level === 'low' ? left : `${left}; no events are taken until there is more`
    },
    stop: () => clearInterval(timer),
  }
}

async function reusable(storage: DiskOptions['storage']): Promise<number> {
  const { bytes, usedBytes } = await storage.query('storeSize', null)
  return bytes - usedBytes
}
