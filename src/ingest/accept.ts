import type { Event } from '../core/event.ts'
import type { AppendedEvent } from '../storage/hot.ts'
import { type Storage, StorageError } from '../storage/port.ts'
import { toAppend } from '../storage/rows.ts'

/** The way into the store, for whatever arrives. Resolves once the event is durable. */
export type Accept = (event: Event, body: Uint8Array) => Promise<Accepted>

export interface Accepted {
  /** The id of the event that holds it: the former one's, when this delivery was kept before. */
  id: string
  duplicate: boolean
}

export interface AcceptOptions {
  storage: Storage
  /** Spares react a read, when it can take the event from memory. */
  offer(event: Event, body: Uint8Array, previous: number | null): void
  failpoint(name: 'after-append'): void
  /** Whether the disk has no room for more. */
  isFull?(): boolean
}

export function createAccept({ storage, offer, failpoint, isFull = () => false }: AcceptOptions): Accept {
  return async (event, body) => {
    if (isFull()) throw full()
    const appended: AppendedEvent = await storage.execute('appendEvent', toAppend(event, owned(body)))
    if (appended.duplicateOf !== null) return { id: appended.duplicateOf, duplicate: true }
    failpoint('after-append')
    event.position = appended.position
    offer(event, body, appended.previous)
    return { id: event.id, duplicate: false }
  }
}

const full = () =>
  new StorageError('storage.full', 'The disk that holds the store is full', { retryable: true })

/** A small Buffer is a view of a shared page, and cloning it to the writer would copy the whole page. */
const owned = (body: Uint8Array): Uint8Array =>
  body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body)
