import { atLeast, atMost, fsyncP99Ms, ms, percentile, perSecond, type Row, slack } from './support/measure.ts'
import { send, startSignalbox, startSink } from './support/processes.ts'
import { createEndpoint, delivery, signedBody } from './support/setup.ts'
import { drained, verify } from './support/verify.ts'

/** A signed request in, one reaction with a Go template, a signed request out: from sent to seen by the target. */
export async function deliver({ rounds, seconds }: { rounds: number; seconds: number }): Promise<Row[]> {
  const sink = await startSink()
  const box = await startSignalbox()
  const { id, path } = await createEndpoint(box, 'deliver')
  await box.api('POST', '/api/reactions', delivery('deliver', id, `http://127.0.0.1:${sink.port}/in`))
  const load = { ...signedBody(1024), paths: [path], port: box.port, connections: 64 }
  const slackMs = slack(fsyncP99Ms())
  const ids: string[][] = []
  const seen = new Set<string>()
  const run = async (rate: number | null) => {
    const startedAt = performance.now()
    const sent = await send({ ...load, rate, durationMs: seconds * 1000, count: null })
    await drained(box)
    const elapsedMs = performance.now() - startedAt
    const arrived = new Map((await sink.report()).arrivals)
    ids.push(sent.ids)
    for (const eventId of arrived.keys()) seen.add(eventId)
    const tookMs = sent.ids.map((eventId, at) => arrived.get(eventId)! - sent.startedAt[at]!)
    return { perSecond: (sent.ids.length * 1000) / elapsedMs, tookMs }
  }

  await run(500)
  const open: { tookMs: number[] }[] = []
  const closed: { perSecond: number }[] = []
  for (let round = 0; round < rounds; round++) {
    open.push(await run(1000))
    closed.push(await run(null))
  }
  await verify(box, ids.flat(), seen, 1)
  await box.stop()
  sink.stop()
  const at = (percent: number) => open.map(({ tookMs }) => percentile(tookMs, percent))
  return [
    atMost('deliver', 'sent → target p50, 1,000/s', at(50), 3 + slackMs, ms),
    atMost('deliver', 'sent → target p95, 1,000/s', at(95), 8 + slackMs, ms),
    atMost('deliver', 'sent → target p99, 1,000/s', at(99), 25 + slackMs, ms),
    atLeast(
      'deliver',
      'closed loop until drained',
      closed.map(one => one.perSecond),
      7000,
      perSecond,
    ),
  ]
}
