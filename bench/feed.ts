import { WebSocket } from 'ws'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { monotonicMs } from './support/clock.ts'
import { atMost, ms, percentile, ratio, type Row } from './support/measure.ts'
import { send, type Signalbox, startSignalbox } from './support/processes.ts'
import { createEndpoint, signedBody } from './support/setup.ts'

const watchers = 1000
const eventsPerSecond = 500

/** A thousand watchers of one filter, then of a hundred: from sent to seen, and what they cost the senders. */
export async function feed({ rounds, seconds }: { rounds: number; seconds: number }): Promise<Row[]> {
  const sameP95: number[] = []
  const differentP95: number[] = []
  const ingestRatios: number[] = []
  for (let round = 0; round < rounds; round++) {
    const box = await startSignalbox()
    const { id, path } = await createEndpoint(box, 'feed')
    const load = {
      ...signedBody(1024),
      paths: [path],
      port: box.port,
      connections: 16,
      rate: eventsPerSecond,
      durationMs: seconds * 1000,
      count: null,
    }
    const alone = await send(load)
    const same = await watch(box, load, () => ({ topics: ['events'] }))
    const different = await watch(box, load, at => ({
      topics: ['events'],
      endpoints: [id, `ep_of_group_${at % 100}`],
    }))
    sameP95.push(percentile(same.tookMs, 95))
    differentP95.push(percentile(different.tookMs, 95))
    ingestRatios.push(percentile(same.ingestMs, 99) / percentile(alone.tookMs, 99))
    await box.stop()
  }
  return [
    atMost('feed', '1,000 watchers, one filter: sent → seen p95', sameP95, 100, ms),
    atMost('feed', '1,000 watchers, 100 filters: sent → seen p95', differentP95, 100, ms),
    atMost('feed', 'ingest p99 against that without watchers', ingestRatios, 2, ratio),
  ]
}

type Load = Parameters<typeof send>[0]

async function watch(
  box: Signalbox,
  load: Load,
  filterOf: (at: number) => object,
): Promise<{ tookMs: number[]; ingestMs: number[] }> {
  const { ordinalsIn, ordinalOf } = createFrameReader()
  const seen: Watcher[] = []
  const token = readFileSync(join(box.directory, 'admin-token'), 'utf8').trim()
  const sockets = await Promise.all(
    Array.from({ length: watchers }, async (_, at) => {
      const mine: Watcher = { at: new Float64Array(load.rate! * 60), seen: 0 }
      seen.push(mine)
      const socket = new WebSocket(`${box.url.replace('http', 'ws')}/api/live`, {
        headers: { authorization: `Bearer ${token}` },
        perMessageDeflate: false,
      })
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
      const subscribed = new Promise(resolve => socket.once('message', resolve))
      socket.send(JSON.stringify({ type: 'subscribe', filter: filterOf(at), cursor: null }))
      await subscribed
      socket.on('message', (data: Buffer) => {
        const now = monotonicMs()
        for (const ordinal of ordinalsIn(data)) {
          if (mine.at[ordinal] === 0) mine.seen++
          mine.at[ordinal] ||= now
        }
      })
      return socket
    }),
  )
  const sent = await send(load)
  const endAt = performance.now() + 10_000
  while (seen.some(mine => mine.seen < sent.ids.length) && performance.now() < endAt)
    await new Promise(resolve => setTimeout(resolve, 20))
  sockets.forEach(socket => socket.terminate())
  for (const mine of seen) {
    if (mine.seen !== sent.ids.length)
      throw new Error(`A watcher saw ${mine.seen} of ${sent.ids.length} events`)
  }
  const ordinals = sent.ids.map(ordinalOf)
  const tookMs = seen.flatMap(({ at }) =>
    ordinals.map((ordinal, index) => at[ordinal]! - sent.startedAt[index]!),
  )
  return { tookMs, ingestMs: sent.tookMs }
}

interface Watcher {
  /** When it saw the event of an ordinal; 0: not yet. */
  at: Float64Array
  seen: number
}

/** Copies of a frame are read once: reading a thousand of them would measure this process. */
function createFrameReader(): { ordinalsIn(frame: Buffer): number[]; ordinalOf(eventId: string): number } {
  const ordinals = new Map<string, number>()
  const read = new Map<string, number[]>()
  const ordinalOf = (eventId: string) => {
    const ordinal = ordinals.get(eventId) ?? ordinals.size
    ordinals.set(eventId, ordinal)
    return ordinal
  }
  return {
    ordinalOf,
    ordinalsIn(frame) {
      // The cursor stands at its head.
      const key = `${frame.length} ${frame.toString('latin1', 0, 80)}`
      let found = read.get(key)
      if (found === undefined) {
        found = Array.from(frame.toString('latin1').matchAll(/evt_[0-9a-f]{24}/g), ([id]) => ordinalOf(id))
        read.set(key, found)
      }
      return found
    },
  }
}
