import type { Event } from '../core/event.ts'
import type { Storage } from '../storage/port.ts'
import { toEvent } from '../storage/rows.ts'

export interface QueuedEvent {
  event: Event
  body: Uint8Array
}

/**
 * The events that react has still to see, in the order of commits. Those that ingest just stored are taken from
 * memory as long as each follows the one before it; at any gap (an event that others wrote, a restart, more than is
 * kept here) they are read from the store, which has them all.
 *
 * A read costs some 20 µs, and most would find nothing that was not offered already: the store is read only after
 * something said that it has more.
 */
export interface EventQueue {
  /** `previous`: the event before it in the order of commits; null where nobody knows. */
  offer(event: Event, body: Uint8Array, previous: number | null): void
  /** Events were stored that are not offered. */
  expectStored(): void
  /** The next events after `position`; none when react has seen everything. */
  next(position: number): Promise<QueuedEvent[]>
}

const batchEvents = 256
const batchBytes = 4 * 1024 * 1024
const maxKept = 2000
const maxKeptBytes = 16 * 1024 * 1024

export function createEventQueue(storage: Storage, partition: number): EventQueue {
  let kept: (QueuedEvent & { previous: number })[] = []
  let keptBytes = 0
  let storeHasMore = true

  const drop = (count: number) => {
    for (const one of kept.splice(0, count)) keptBytes -= one.body.byteLength
  }
  const fromMemory = (position: number): QueuedEvent[] => {
    const seen = kept.findIndex(one => one.event.position > position)
    drop(seen === -1 ? kept.length : seen)
    let last = position
    let count = 0
    while (count < batchEvents && kept[count]?.previous === last) last = kept[count++]!.event.position
    const taken = kept.slice(0, count)
    drop(count)
    return taken
  }
  const fromStore = async (position: number): Promise<QueuedEvent[]> => {
    storeHasMore = false
    try {
      const stored = await storage.read('eventsAfter', {
        partition,
        position,
        limit: batchEvents,
        maxBytes: batchBytes,
      })
      if (stored.length > 0) storeHasMore = true
      return stored.map(({ event, body }) => ({ event: toEvent(event), body }))
    } catch (error) {
      storeHasMore = true
      throw error
    }
  }
  return {
    offer(event, body, previous) {
      if (previous === null || kept.length >= maxKept || keptBytes >= maxKeptBytes) {
        kept = []
        keptBytes = 0
        storeHasMore = true
        return
      }
      kept.push({ event, body, previous })
      keptBytes += body.byteLength
    },
    expectStored() {
      storeHasMore = true
    },
    async next(position) {
      const taken = fromMemory(position)
      if (taken.length > 0) return taken
      // What is kept does not follow: the event between is in the store.
      return storeHasMore || kept.length > 0 ? fromStore(position) : []
    },
  }
}
