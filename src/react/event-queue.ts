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
 */
export interface EventQueue {
  offer(event: Event, body: Uint8Array, previous: number | null): void
  /** The next events after `position`; none when react has seen everything. */
  next(position: number): Promise<QueuedEvent[]>
}

const batchEvents = 256
const batchBytes = 4 * 1024 * 1024
const maxKept = 2000
const maxKeptBytes = 16 * 1024 * 1024

export function createEventQueue(storage: Storage, partition: number): EventQueue {
  let kept: (QueuedEvent & { previous: number | null })[] = []
  let keptBytes = 0
  const forget = () => {
    kept = []
    keptBytes = 0
  }
  const drop = (count: number) => {
    for (const one of kept.splice(0, count)) keptBytes -= one.body.byteLength
  }
  const fromMemory = (position: number): QueuedEvent[] => {
    const seen = kept.findIndex(one => one.event.position > position)
    drop(seen === -1 ? kept.length : seen)
    let last = position
    let count = 0
    while (count < batchEvents && kept[count] !== undefined && kept[count]!.previous === last) {
      last = kept[count]!.event.position
      count++
    }
    const taken = kept.slice(0, count)
    drop(count)
    return taken
  }
  return {
    offer(event, body, previous) {
      if (previous === null) return
      if (kept.length >= maxKept || keptBytes >= maxKeptBytes) forget()
      kept.push({ event, body, previous })
      keptBytes += body.byteLength
    },
    async next(position) {
      const taken = fromMemory(position)
      if (taken.length > 0) return taken
      const stored = await storage.read('eventsAfter', {
        partition,
        position,
        limit: batchEvents,
        maxBytes: batchBytes,
      })
      return stored.map(({ event, body }) => ({ event: toEvent(event), body }))
    },
  }
}
