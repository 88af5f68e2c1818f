import type { ShapedEvent } from '../../core/template/event-shape.ts'
import { fromTsuruEvent, readTsuruEvent } from '../../core/template/tsuru/event.ts'
import { goJson } from '../../core/template/tsuru/go-json.ts'

/** tsuru lists no more at once. */
export const pageSize = 100

/** The events that began from then on, the oldest first. */
export function pageUrl(base: string, sinceMs: number, skip: number): string {
  const query = new URLSearchParams({
    since: new Date(sinceMs).toISOString(),
    sort: 'starttime',
    limit: String(pageSize),
    skip: String(skip),
  })
  return `${base.replace(/\/+$/, '')}/1.1/events?${query.toString()}`
}

export interface ListedEvent {
  id: string
  startMs: number
  isRunning: boolean
  /** Null for one that names more than an event may. */
  event: ShapedEvent | null
  /** As a webhook of tsuru's would send it. */
  body: Uint8Array
}

export class ListingError extends Error {
  override readonly name = 'ListingError'
}

/** One page as it was answered. Throws a ListingError that says what was wrong, for people. */
export function readPage(status: number, body: Uint8Array): ListedEvent[] {
  if (status === 204) return []
  if (status === 401 || status === 403)
    throw new ListingError(`It does not take the token (${status}). Add the source again with another`)
  if (status !== 200) throw new ListingError(`It answered ${status}: ${textOf(body).slice(0, 200).trim()}`)
  const items = parsed(body)
  if (!Array.isArray(items))
    throw new ListingError('It answered no list of events. Is this the URL of a tsuru API?')
  return items.map(listed)
}

const textOf = (body: Uint8Array): string => Buffer.from(body).toString('utf8')

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(body)) as unknown
  } catch {
    return null
  }
}

function listed(item: unknown): ListedEvent {
  const event = readTsuruEvent(item)
  if (event === null) throw new ListingError('It lists what is no event. Is this the URL of a tsuru API?')
  return {
    id: event.UniqueID,
    startMs: Date.parse(event.StartTime),
    isRunning: event.Running,
    event: fromTsuruEvent(event),
    body: new TextEncoder().encode(goJson(event)),
  }
}
