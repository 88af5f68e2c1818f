import {
  atLeast,
  atMost,
  fsyncP99Ms,
  ms,
  percentile,
  perSecond,
  ratio,
  type Row,
  slack,
  told,
} from './support/measure.ts'
import { send, startBaseline, startSignalbox } from './support/processes.ts'
import { createEndpoint, createStrangers, secret, signedBody } from './support/setup.ts'
import { verify } from './support/verify.ts'

/** POST, HMAC checked, fsynced before the 202, react running; against a server that does the same HMAC and stores nothing. */
export async function ingest({ rounds, seconds }: { rounds: number; seconds: number }): Promise<Row[]> {
  const baseline = await startBaseline(secret)
  const box = await startSignalbox()
  const { path } = await createEndpoint(box, 'ingest')
  await createStrangers(box, 10)
  const slackMs = slack(fsyncP99Ms())
  const small = {
    ...signedBody(1024),
    paths: [path],
    connections: 64,
    rate: null,
    durationMs: seconds * 1000,
    count: null,
  }
  const rate = ({ statuses, elapsedMs }: { statuses: number[]; elapsedMs: number }) =>
    (statuses.length * 1000) / elapsedMs

  const ratios: number[] = []
  const rates: number[] = []
  const closedP99: number[] = []
  const openP99: number[] = []
  const ids: string[][] = []
  await send({ ...small, port: box.port, durationMs: 1000 }).then(warm => ids.push(warm.ids))
  await send({ ...small, port: baseline.port, durationMs: 1000 })
  for (let round = 0; round < rounds; round++) {
    const before = rate(await send({ ...small, port: baseline.port }))
    const closed = await send({ ...small, port: box.port })
    const after = rate(await send({ ...small, port: baseline.port }))
    const open = await send({ ...small, port: box.port, rate: rate(closed) / 2 })
    const refused = [...closed.statuses, ...open.statuses].filter(status => status !== 202).length
    if (refused > 0) throw new Error(`${refused} requests were not answered with 202`)
    rates.push(rate(closed))
    ratios.push(rate(closed) / ((before + after) / 2))
    closedP99.push(percentile(closed.tookMs, 99))
    openP99.push(percentile(open.tookMs, 99))
    ids.push(closed.ids, open.ids)
  }
  const large = await send({ ...small, ...signedBody(64 * 1024), port: box.port })
  ids.push(large.ids)
  await verify(box, ids.flat(), null, 0)
  await box.stop()
  baseline.stop()
  return [
    told('ingest', '1 KB, 64 connections, closed loop', rates, perSecond),
    atLeast('ingest', 'of a server that stores nothing', ratios, 0.5, ratio),
    atMost('ingest', 'p99, closed loop', closedP99, 15 + slackMs, ms),
    atMost('ingest', 'p99, open loop at half of that', openP99, 8 + slackMs, ms),
    told('ingest', '64 KB, closed loop', [rate(large)], perSecond),
  ]
}
