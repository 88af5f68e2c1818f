import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { aWebhook, fill } from './support/fill.ts'
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
  const body = new TextEncoder().encode(signedBody(1024).body)
  const at = () => aWebhook({ id, name: 'backlog' }, Date.now(), body)
  await fill({ directory, events, at, seen: false })

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
