import { atLeast, atMost, ms, percentile, perSecond, ratio, type Row, told } from './support/measure.ts'
import { send, type Signalbox, startSignalbox, startSink } from './support/processes.ts'
import { createEndpoint, delivery, signedBody } from './support/setup.ts'

const reactions = 10
const dead = 1000

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
  const sinks = await Promise.all([startSink(), startSink()])
  const [fast, slow] = sinks
  slow.order({ delayMs: 30_000 })
  const paths: string[] = []
  for (let at = 0; at < reactions; at++) {
    const { id, path } = await createEndpoint(box, `target-${at}`)
    paths.push(path)
    const url =
      bad !== 'none' && at === 0
        ? `http://127.0.0.1:${slow.port}/`
        : bad !== 'none' && at === 1
          ? 'http://127.0.0.1:9/'
          : `http://127.0.0.1:${fast.port}/`
    await box.api('POST', '/api/reactions', delivery(`target-${at}`, id, url))
  }
  if (bad === 'thousand') await createDead(box)
  const load = {
    ...signedBody(1024),
    port: box.port,
    connections: 8,
    rate: 100,
    durationMs: seconds * 1000,
    count: null,
  }
  const healthy = paths.slice(2)
  const [...journals] = await Promise.all(paths.map(path => send({ ...load, path })))
  await settled(
    fast,
    journals.slice(2).reduce((sum, { ids }) => sum + ids.length, 0),
  )
  const arrived = new Map(fastArrivals.splice(0))
  await box.stop()
  sinks.forEach(sink => sink.stop())
  const tookMs = journals
    .slice(paths.length - healthy.length)
    .flatMap(({ ids, startedAt }) => ids.map((id, at) => arrived.get(id)! - startedAt[at]!))
  const times = [...arrived.values()]
  const elapsedMs = Math.max(...times) - Math.min(...times)
  return { p95: percentile(tookMs, 95), perSecond: (tookMs.length * 1000) / elapsedMs }
}

const fastArrivals: [string, number][] = []

async function settled(sink: Awaited<ReturnType<typeof startSink>>, expected: number): Promise<void> {
  const endAt = performance.now() + 30_000
  while (fastArrivals.length < expected) {
    fastArrivals.push(...(await sink.report()).arrivals)
    if (performance.now() > endAt)
      throw new Error(
        `${expected - fastArrivals.length} of ${expected} deliveries to healthy targets did not come`,
      )
    await new Promise(resolve => setTimeout(resolve, 50))
  }
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
