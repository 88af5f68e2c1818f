import { rmSync } from 'node:fs'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Event } from '../src/core/event.ts'
import { newEventId } from '../src/core/ids.ts'
import { toAppend } from '../src/storage/rows.ts'
import { openSqliteStorage } from '../src/storage/sqlite/storage.ts'
import { atLeast, atMost, megabytes, ms, percentile, perSecond, type Row } from './support/measure.ts'
import { send, startSignalbox, startSink } from './support/processes.ts'
import { createEndpoint, delivery, signedBody } from './support/setup.ts'

/** Events stored and not yet reacted to at the start of the process, drained to a fast target while newcomers arrive. */
export async function backlog({ events }: { events: number }): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-backlog-'))
  const sink = await startSink()
  const first = await startSignalbox({ directory })
  const { id, path } = await createEndpoint(first, 'backlog')
  await first.api('POST', '/api/reactions', delivery('backlog', id, `http://127.0.0.1:${sink.port}/`))
  await first.stop({ keepStore: true })
  await fill(directory, id, events)

  const startedAt = performance.now()
  const box = await startSignalbox({ directory })
  const newcomers = send({
    ...signedBody(1024),
    paths: [path],
    port: box.port,
    connections: 16,
    rate: 100,
    durationMs: Math.max(2000, events / 25),
    count: null,
  })
  let arrived = 0
  let mostMb = 0
  const seen = new Set<string>()
  while (arrived < events) {
    await sleep(200)
    for (const [eventId] of (await sink.report()).arrivals) seen.add(eventId)
    arrived = seen.size
    mostMb = Math.max(mostMb, box.memoryMb())
    if (performance.now() - startedAt > 900_000)
      throw new Error(`${events - arrived} of ${events} events were not delivered in 15 minutes`)
  }
  const elapsedMs = performance.now() - startedAt
  const { tookMs } = await newcomers
  await box.stop()
  sink.stop()
  rmSync(directory, { recursive: true, force: true })
  return [
    atLeast(
      'backlog',
      `${events.toLocaleString('en')} events drained`,
      [(arrived * 1000) / elapsedMs],
      15_000,
      perSecond,
    ),
    atMost('backlog', 'most memory meanwhile', [mostMb], 300, megabytes),
    atMost('backlog', 'newcomers, p99 of the 202', [percentile(tookMs, 99)], 50, ms),
  ]
}

/** Through the storage port, as ingest would, without anybody reacting. */
async function fill(directory: string, endpointId: string, events: number): Promise<void> {
  const storage = await openSqliteStorage({ directory })
  const body = new TextEncoder().encode(signedBody(1024).body)
  for (let stored = 0; stored < events; stored += 1000) {
    const batch = Array.from({ length: Math.min(1000, events - stored) }, () =>
      storage.execute('appendEvent', toAppend(event(endpointId, body.length), body)),
    )
    await Promise.all(batch)
  }
  await storage.close()
}

function event(endpointId: string, bodyBytes: number): Event {
  const receivedAtMs = Date.now()
  return {
    id: newEventId(receivedAtMs),
    position: 0,
    receivedAtMs,
    kind: { type: 'external', name: 'webhook.received' },
    targets: [{ type: 'endpoint', value: 'backlog' }],
    owner: { type: 'endpoint', name: 'backlog' },
    error: null,
    team: null,
    actor: endpointId,
    endpointId,
    cause: null,
    hops: 0,
    request: {
      method: 'POST',
      path: '/hooks/backlog',
      query: '',
      headers: { host: '127.0.0.1', 'content-type': 'application/json' },
      params: {},
      sender: '127.0.0.1',
      verified: 'github',
      deliveryId: null,
    },
    contentType: 'application/json',
    bodyBytes,
  }
}
