import { atLeast, atMost, ms, percentile, perSecond, ratio, type Row, told } from './support/measure.ts'
import { send, type Signalbox, startSignalbox, startSink } from './support/processes.ts'
import { createEndpoint, delivery, signedBody } from './support/setup.ts'

const reactions = 10
const dead = 1000
const warmUpMs = 3_000

/** Ten reactions at 100/s each; then one of their targets hangs and one refuses; then a thousand dead targets besides. */
export async function slowTarget({ rounds, seconds }: { rounds: number; seconds: number }): Promise<Row[]> {
  const healthyP95: number[] = []
  const withBadP95: number[] = []
  const ratios: number[] = []
  const throughput: number[] = []
  const throughputRatios: number[] = []
  for (let round = 0; round < rounds; round++) {
    const healthy = await measure(seconds, 'none')
    const withBad = await measure(seconds, 'two')
    const withDead = await measure(seconds, 'thousand')
    healthyP95.push(healthy.p95)
    withBadP95.push(withBad.p95)
    ratios.push(withBad.p95 / healthy.p95)
    throughput.push(withDead.perSecond)
    throughputRatios.push(withDead.perSecond / healthy.perSecond)
  }
  return [
    told('slow-target', 'healthy targets p95, no bad one', healthyP95, ms),
    told('slow-target', 'healthy targets p95, one hangs and one refuses', withBadP95, ms),
    atMost('slow-target', 'of the run without them', ratios, 1.3, ratio),
    told('slow-target', 'arrivals at healthy targets, 1,000 dead ones', throughput, perSecond),
    atLeast('slow-target', 'of the run without them', throughputRatios, 0.8, ratio),
  ]
}

async function measure(
  seconds: number,
  bad: 'none' | 'two' | 'thousand',
): Promise<{ p95: number; perSecond: number }> {
  const box = await startSignalbox()
  const [healthy, hanging] = await Promise.all([startSink(), startSink()])
  hanging.order({ delayMs: 30_000 })
  const badUrls = bad === 'none' ? [] : [`http://127.0.0.1:${hanging.port}/`, 'http://127.0.0.1:9/']
  const paths: string[] = []
  for (let at = 0; at < reactions; at++) {
    const { id, path } = await createEndpoint(box, `target-${at}`)
    paths.push(path)
    const url = badUrls[at] ?? `http://127.0.0.1:${healthy.port}/`
    await box.api('POST', '/api/reactions', delivery(`target-${at}`, id, url))
  }
  if (bad === 'thousand') await createDead(box)
  const load = {
    ...signedBody(1024),
    paths,
    port: box.port,
    connections: 64,
    rate: 100 * reactions,
    count: null,
  }
  const run = async (durationMs: number) => {
    const { ids, pathAt, startedAt } = await send({ ...load, durationMs })
    // The targets that are compared are the same ones in each run.
    const sentAt = new Map(
      ids.map((id, at) => [id, startedAt[at]!] as const).filter((_, at) => pathAt[at]! > 1),
    )
    const expected = badUrls.length === 0 ? ids.length : sentAt.size
    const arrivals = await settled(healthy, expected)
    return arrivals.filter(([id]) => sentAt.has(id)).map(([id, at]) => ({ at, tookMs: at - sentAt.get(id)! }))
  }
  await run(warmUpMs)
  const arrivals = await run(seconds * 1000)
  await box.stop()
  healthy.stop()
  hanging.stop()
  const times = arrivals.map(({ at }) => at)
  return {
    p95: percentile(
      arrivals.map(({ tookMs }) => tookMs),
      95,
    ),
    perSecond: (times.length * 1000) / (Math.max(...times) - Math.min(...times)),
  }
}

async function settled(
  sink: Awaited<ReturnType<typeof startSink>>,
  expected: number,
): Promise<[eventId: string, at: number][]> {
  const arrivals: [string, number][] = []
  const endAt = performance.now() + 30_000
  while (arrivals.length < expected) {
    arrivals.push(...(await sink.report()).arrivals)
    if (performance.now() > endAt)
      throw new Error(
        `${expected - arrivals.length} of ${expected} deliveries to healthy targets did not come`,
      )
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return arrivals
}

/** Each with an address of its own in loopback's range, where nobody listens; one event sets off all of them. */
async function createDead(box: Signalbox): Promise<void> {
  for (let at = 0; at < dead; at++) {
    const url = `http://127.0.${1 + Math.floor(at / 250)}.${1 + (at % 250)}:9/`
    await box.api('POST', '/api/reactions', {
      name: `dead-${at}`,
      trigger: { type: 'events' },
      filter: { kindNames: ['bench.dead'] },
      action: { type: 'http', url },
      retry: { delaysMs: Array.from({ length: 40 }, () => 1000) },
    })
  }
  await box.api('POST', '/api/events', { kind: 'bench.dead', data: {} })
}
