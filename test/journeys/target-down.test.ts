import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { deliver, headerOf, onlyRunFor, runInState, runWhich, verdictsOn } from './support/see.ts'
import type { Endpoint, Event, RunSummary, List, EventSummary } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

test('what a target missed while it was down is delivered when it is back, with the same webhook-id', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  await box.api('POST', '/api/reactions', {
    name: 'forward',
    trigger: { type: 'endpoint', endpoint: 'orders' },
    action: { type: 'http', url: `${target.url}/in`, bodyFrom: 'original' },
    retry: { delaysMs: Array.from({ length: 40 }, () => 300) },
  })

  await target.down()
  const eventId = await deliver(endpoint, { order: 7 })
  const { id } = await onlyRunFor(box, eventId)
  const waiting = await runWhich(box, id, run => run.attempts >= 2)
  assert.equal(waiting.attemptList[0]?.outcome, 'failed')
  assert.match(waiting.attemptList[0]?.message ?? '', /^Nothing listens on 127\.0\.0\.1:\d+/)
  assert.equal(waiting.attemptList[0]?.response, null)

  // It is up, and at first unwell.
  target.answer = () => ({ status: 503, body: 'still waking', headers: { 'x-mood': 'sleepy' } })
  await target.up()
  await target.have(2)
  target.answer = () => ({ status: 201, body: 'got it' })
  const run = await runInState(box, id, 'succeeded')

  const webhookIds = new Set(target.received.map(({ headers }) => headers['webhook-id']))
  assert.deepEqual([...webhookIds], [id], 'the same in each attempt')
  assert.equal(target.received.at(-1)?.body.toString(), '{"order":7}')

  const numbers = run.attemptList.map(({ number }) => number)
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  )
  for (const { request } of run.attemptList) {
    assert.equal(request?.url, `${target.url}/in`)
    assert.equal(request?.body, '{"order":7}')
    assert.equal(headerOf(request, 'webhook-id'), id)
  }
  const unwell = run.attemptList.find(({ response }) => response?.status === 503)
  assert.equal(unwell?.response?.body, 'still waking')
  assert.equal(headerOf(unwell?.response ?? null, 'x-mood'), 'sleepy')
  assert.equal(unwell?.outcome, 'failed')
  const last = run.attemptList.at(-1)
  assert.equal(last?.outcome, 'succeeded')
  assert.equal(last?.response?.status, 201)
  assert.equal(last?.response?.body, 'got it')
  assert.equal(run.attemptList.filter(({ outcome }) => outcome === 'succeeded').length, 1)
})

test('a run ends as failed when its tries are spent, and at once where another try is useless', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  const make = (name: string, retry: object) =>
    box.api('POST', '/api/reactions', {
      name,
      trigger: { type: 'endpoint', endpoint: 'in' },
      action: { type: 'http', url: `${target.url}/${name}`, bodyFrom: 'original' },
      retry,
    })
  await make('unwell', { delaysMs: [20, 20] })
  await make('refusing', { delaysMs: [20, 20] })
  await make('patient', { delaysMs: [20, 20] })
  target.answer = ({ path }) => {
    if (path === '/unwell') return { status: 500 }
    if (path === '/refusing') return { status: 400, body: 'no such field' }
    const times = target.received.filter(one => one.path === path).length
    return times === 1 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200 }
  }
  const eventId = await deliver(endpoint, {})
  const runs = async () => (await box.api<Event>('GET', `/api/events/${eventId}`)).runs
  const ended = async (name: string) => {
    await target.have(1)
    const run = (await runs()).find(({ reactionName }) => reactionName === name)
    assert.ok(run, name)
    return runWhich(box, run.id, ({ state }) => state === 'failed' || state === 'succeeded')
  }
  const unwell = await ended('unwell')
  assert.equal(unwell.state, 'failed')
  assert.equal(unwell.attempts, 3)
  assert.match(unwell.label, /500.*all 3 attempts spent/)
  const refusing = await ended('refusing')
  assert.equal(refusing.state, 'failed')
  assert.equal(refusing.attempts, 1)
  assert.match(refusing.label, /400/)
  const patient = await ended('patient')
  assert.equal(patient.state, 'succeeded')
  const [first, second] = target.received.filter(({ path }) => path === '/patient')
  assert.ok(first && second)
  assert.ok(second.atMs - first.atMs >= 990, 'Retry-After is obeyed')

  const failed = await box.api<List<RunSummary>>('GET', '/api/runs?state=failed')
  assert.deepEqual(failed.items.map(({ reactionName }) => reactionName).toSorted(), ['refusing', 'unwell'])
  const told = await box.api<List<EventSummary>>('GET', '/api/events?kind=run.failed')
  assert.equal(told.items.length, 2, 'each failure is an event of its own')
})

test('a target that answers 410 Gone is not called again, and its reaction says why', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  target.answer = () => ({ status: 410 })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  await box.api('POST', '/api/reactions', {
    name: 'forward',
    trigger: { type: 'endpoint', endpoint: 'in' },
    action: { type: 'http', url: target.url },
  })
  const { id } = await onlyRunFor(box, await deliver(endpoint, {}))
  await runInState(box, id, 'failed')
  const after = await until(
    () => 'the reaction is disabled',
    async () => {
      const reaction = await box.api<{ state: string; stateReason: string }>('GET', '/api/reactions/forward')
      return reaction.state === 'active' ? null : reaction
    },
  )
  assert.equal(after.state, 'disabled')
  assert.match(after.stateReason, /410 Gone/)
  const later = await verdictsOn(box, await deliver(endpoint, {}))
  assert.equal(later.verdicts[0]?.code, 'reaction.disabled')
  assert.match(later.verdicts[0]?.reason ?? '', /410 Gone/)
  assert.equal(target.received.length, 1)
})
