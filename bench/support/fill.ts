import type { Event } from '../../src/core/event.ts'
import { newEventId } from '../../src/core/ids.ts'
import { toAppend } from '../../src/storage/rows.ts'
import { openSqliteStorage } from '../../src/storage/sqlite/storage.ts'

export interface Filling {
  directory: string
  events: number
  /** The event of a place, counted from the oldest. */
  at(place: number): { event: Event; body: Uint8Array }
  /** Whether react and the statistics have seen them. */
  seen: boolean
}

const atOnce = 2000

/** Through the storage port, as ingest would, while no Signalbox runs. */
export async function fill({ directory, events, at, seen }: Filling): Promise<void> {
  const storage = await openSqliteStorage({ directory })
  const { version: configVersion } = await storage.read('configurationSince', { version: 0 })
  for (let stored = 0; stored < events; stored += atOnce) {
    const appended = await Promise.all(
      Array.from({ length: Math.min(atOnce, events - stored) }, (_, index) => {
        const { event, body } = at(stored + index)
        return storage.execute('appendEvent', toAppend(event, body))
      }),
    )
    if (!seen) continue
    const position = appended.at(-1)!.position
    await storage.execute('commitReacted', { partition: 0, position, configVersion, runs: [], ownEvents: [] })
  }
  if (seen) {
    const { from } = await storage.query('uncounted', { limit: 1 })
    const to = await storage.read('lastPosition', null)
    await storage.execute('addStatistics', { from, to, counts: [], waiting: null })
  }
  await storage.close()
}

/** A webhook of 1 KB or so to an endpoint, as GitHub would send it. */
export function aWebhook(
  endpoint: { id: string; name: string },
  receivedAtMs: number,
  body: Uint8Array,
  more: Partial<Event> = {},
): { event: Event; body: Uint8Array } {
  const event: Event = {
    id: newEventId(receivedAtMs),
    position: 0,
    receivedAtMs,
    kind: { type: 'external', name: 'webhook.received' },
    targets: [{ type: 'endpoint', value: endpoint.name }],
    owner: { type: 'endpoint', name: endpoint.name },
    error: null,
    team: null,
    actor: endpoint.id,
    endpointId: endpoint.id,
    cause: null,
    hops: 0,
    request: {
      method: 'POST',
      path: `/hooks/${endpoint.name}`,
      query: '',
      headers: { host: '127.0.0.1', 'content-type': 'application/json' },
      params: {},
      sender: '127.0.0.1',
      verified: 'github',
      deliveryId: null,
    },
    contentType: 'application/json',
    bodyBytes: body.length,
    ...more,
  }
  return { event, body }
}
