import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { deliver, onlyRunFor, runInState, runsOf, runWhich } from './support/see.ts'
import type { Endpoint, Event, Status } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

test('a target that never answers delays its own runs and nobody else’s', async t => {
  const box = await startSignalbox(t, { args: ['--host-concurrency', '2'] })
  const slow = await startTarget(t)
  const quick = await startTarget(t)
  slow.answer = () => 'hang'
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  for (const [name, { url }] of [
    ['slow', slow],
    ['quick', quick],
  ] as const)
    await box.api('POST', '/api/reactions', {
      name,
      trigger: { type: 'endpoint', endpoint: 'in' },
      action: { type: 'http', url, bodyFrom: 'original' },
    })
  const sent = 30
  for (let n = 1; n <= sent; n++) await deliver(endpoint, { n })
  await quick.have(sent)
  const stuck = await runsOf(box, 'reaction=slow&limit=100')
  assert.equal(stuck.length, sent)
  assert.ok(stuck.every(({ state }) => state === 'due' || state === 'trying'))
  const status = await box.api<Status>('GET', '/api/status')
  const lane = status.lanes.find(
    ({ lane }) => slow.url.endsWith(lane) || lane.includes(new URL(slow.url).host),
  )
  assert.ok(lane, JSON.stringify(status.lanes))
  assert.equal(lane.underWay, 2, 'no more than its share')
  assert.equal(slow.received.length, 2)
})

test('an attempt that gets no answer in time ends as failed, and says so', async t => {
  const box = await startSignalbox(t)
  const slow = await startTarget(t)
  slow.answer = () => 'hang'
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  await box.api('POST', '/api/reactions', {
    name: 'slow',
    trigger: { type: 'endpoint', endpoint: 'in' },
    action: { type: 'http', url: slow.url, timeoutMs: 200 },
    retry: { delaysMs: [] },
  })
  const { id } = await onlyRunFor(box, await deliver(endpoint, {}))
  const run = await runInState(box, id, 'failed')
  const [attempt] = run.attemptList
  assert.match(attempt?.message ?? '', /time|200 ms|0\.2 s/i)
  assert.ok(attempt !== undefined && attempt.durationMs >= 180 && attempt.durationMs < 5_000)
})

test('after ten failures in a row the breaker opens, spends no attempts, probes, and closes when the target is back', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  await box.api('POST', '/api/reactions', {
    name: 'forward',
    trigger: { type: 'endpoint', endpoint: 'in' },
    action: { type: 'http', url: target.url, bodyFrom: 'original' },
    retry: { delaysMs: Array.from({ length: 50 }, () => 100) },
  })
  const host = new URL(target.url).host
  const laneWhich = (what: string, holds: (lane: Status['lanes'][number]) => boolean) =>
    until(
      () => what,
      async () => {
        const { lanes } = await box.api<Status>('GET', '/api/status')
        return lanes.find(lane => lane.lane.includes(host) && holds(lane))
      },
      { everyMs: 20 },
    )

  target.answer = () => ({ status: 502 })
  const { id } = await onlyRunFor(box, await deliver(endpoint, { n: 0 }))
  const open = await laneWhich('the breaker is open', ({ breaker }) => breaker === 'open')
  assert.ok(open.failuresInARow >= 10)
  assert.ok(open.opensAt !== null && Date.parse(open.opensAt) > Date.now() - 5_000)
  const tried = target.received.length
  assert.equal(tried, 10, 'ten attempts, and then none until the probe')
  const waiting = await Promise.all([1, 2, 3].map(n => deliver(endpoint, { n })))
  const runs = await Promise.all(waiting.map(eventId => onlyRunFor(box, eventId)))
  assert.ok(runs.every(({ attempts }) => attempts === 0))
  assert.match(box.printed(), /seems down/)

  target.answer = () => ({ status: 200 })
  for (const one of runs) {
    const run = await runInState(box, one.id, 'succeeded')
    assert.equal(run.attempts, 1, 'waiting cost no attempt')
  }
  const mended = await runWhich(box, id, ({ state }) => state === 'succeeded')
  assert.equal(mended.attempts, 11)
  const probe = target.received[10]
  const last = target.received[9]
  assert.ok(probe && last && probe.atMs - last.atMs >= 1_900, 'the first probe comes after two seconds')
  await until(
    () => 'the breaker is closed again',
    async () => {
      const { lanes } = await box.api<Status>('GET', '/api/status')
      return lanes.every(({ lane, breaker }) => !lane.includes(host) || breaker === 'closed')
    },
  )
  assert.equal((await box.api<Event>('GET', `/api/events/${waiting[0]}`)).runs[0]?.state, 'succeeded')
})
