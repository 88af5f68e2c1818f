import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'

let world: World
beforeEach(async () => {
  world = await startWorld()
  await world.call('POST', '/api/endpoints', { name: 'orders' })
})
afterEach(() => world.close())

const target = 'http://localhost:3000/'

interface Opened {
  id: string
  session: string
}

async function listener(settings: object = {}): Promise<Opened> {
  const made = await world.call('POST', '/api/listeners', { endpoint: 'orders', target, settings })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body
}

async function arrival(body = '{"n":1}') {
  const { body: endpoint } = await world.call('GET', '/api/endpoints/orders')
  return world.event({ endpointId: endpoint.id }, body)
}

const ask = ({ id, session }: Opened, what: string, body: object) =>
  world.call('POST', `/api/listeners/${id}/${what}`, { session, ...body })

/** Queues an event and claims its run. */
async function claimed(opened: Opened) {
  const event = await arrival()
  await ask(opened, 'runs', { events: [event.id] })
  const { body } = await ask(opened, 'claims', { limit: 5 })
  assert.equal(body.items.length, 1)
  return body.items[0]
}

const request = { method: 'POST', url: target, headers: [['authorization', 'Bearer secret']] }
const response = { status: 200, statusText: 'OK', headers: [], body: 'thanks', bodyBytes: 6 }

test('events are queued, claimed with what is needed to forward them, and reported as attempts', async () => {
  const opened = await listener()
  const { runId, claimNo, attempt, event } = await claimed(opened)
  assert.deepEqual([attempt, event.request.method, event.body.text], [1, 'POST', '{"n":1}'])
  assert.deepEqual((await ask(opened, 'claims', {})).body.items, [], 'claimed once')
  const report = { runId, claimNo, durationMs: 12, request, response }
  const told = await ask(opened, 'attempts', report)
  assert.deepEqual(told.body, { recorded: true, state: 'succeeded', label: '200 OK', dueAt: null })
  assert.equal((await ask(opened, 'attempts', report)).body.recorded, false, 'once is enough')

  const { body: run } = await world.call('GET', `/api/runs/${runId}`)
  assert.deepEqual(
    [run.reactionName, run.reactionId, run.state],
    ['listen http://localhost:3000/', opened.id, 'succeeded'],
  )
  const [kept] = run.attemptList
  assert.deepEqual([kept.durationMs, kept.request.body, kept.response.body], [12, '{"n":1}', 'thanks'])
  assert.deepEqual(kept.request.headers, [['authorization', '•••']])
  const listed = await world.call('GET', `/api/runs?reaction=${opened.id}`)
  assert.equal(listed.body.items.length, 1)
})

test('only events of its endpoint that fit its settings are queued', async () => {
  const opened = await listener({ where: 'body.n > 1', kindNames: ['webhook'] })
  const [small, large] = [await arrival('{"n":1}'), await arrival('{"n":2}')]
  const { body: endpoint } = await world.call('GET', '/api/endpoints/orders')
  const other = { kind: { type: 'external', name: 'order.paid' }, endpointId: endpoint.id } as const
  const ofOtherKind = await world.event(other, '{"n":3}')
  const elsewhere = await world.event({}, '{"n":4}')
  const events = [small.id, large.id, ofOtherKind.id, elsewhere.id, 'evt_none']
  const { body } = await ask(opened, 'runs', { events })
  assert.deepEqual(body, { queued: 1, passedOver: 4 })
  const { body: claims } = await ask(opened, 'claims', { limit: 5 })
  assert.deepEqual(
    claims.items.map((one: { event: { id: string } }) => one.event.id),
    [large.id],
  )
})

test('what is tried again follows the settings', async () => {
  const error = { code: 'target.refused', message: 'Nothing listens' }
  const unwell = { ...response, status: 503, statusText: '' }
  for (const [retry, answer, state] of [
    ['none', { error }, 'failed'],
    ['down', { error }, 'due'],
    ['down', { response: unwell }, 'failed'],
    ['all', { response: unwell }, 'due'],
    ['all', { response: { ...unwell, status: 404 } }, 'failed'],
  ] as const) {
    const opened = await listener({ retry })
    const { runId, claimNo } = await claimed(opened)
    const told = await ask(opened, 'attempts', { runId, claimNo, durationMs: 1, request, ...answer })
    assert.equal(told.body.state, state, `${retry} ${JSON.stringify(answer)}`)
    if (state === 'failed') continue
    assert.deepEqual((await ask(opened, 'claims', {})).body.items, [], 'not yet')
    world.clock.nowMs = Date.parse(told.body.dueAt)
    const again = await ask(opened, 'claims', {})
    assert.equal(again.body.items[0].attempt, 2)
  }
})

test('a session that was taken over, or whose endpoint is gone, is told so', async () => {
  const opened = await listener()
  const { runId, claimNo } = await claimed(opened)
  const next = await world.call('POST', `/api/listeners/${opened.id}/session`, { settings: {} })
  assert.equal(next.status, 201)
  const late = await ask(opened, 'attempts', { runId, claimNo, durationMs: 1, request, response })
  assert.deepEqual([late.status, late.body.code], [409, 'state-conflict'])
  const again = await ask(next.body, 'claims', {})
  assert.equal(again.body.items[0].attempt, 2, 'what it was trying is lost, and free at once')

  await world.call('PATCH', '/api/endpoints/orders', { state: 'disabled' })
  assert.equal((await ask(next.body, 'claims', {})).body.endpointState, 'disabled')
  await world.call('DELETE', '/api/endpoints/orders')
  const gone = await ask(next.body, 'claims', {})
  assert.deepEqual([gone.status, gone.body.code], [404, 'not-found'])
  assert.match(gone.body.detail, /was deleted/)
})

test('after a lost answer it says what it holds, and the rest can be claimed again', async () => {
  const opened = await listener()
  const first = await claimed(opened)
  const second = await claimed(opened)
  const { body } = await ask(opened, 'claims', { limit: 5, underWay: [second.runId] })
  assert.deepEqual(
    body.items.map((one: { runId: string; attempt: number }) => [one.runId, one.attempt]),
    [[first.runId, 1]],
  )
})

test('listeners are for administrators, and listed with when they were seen', async () => {
  const opened = await listener()
  world.clock.nowMs += 60_000
  await ask(opened, 'claims', {})
  const { body } = await world.call('GET', '/api/listeners?endpoint=orders')
  assert.equal(body.items[0].target, target)
  assert.equal(Date.parse(body.items[0].seenAt), world.clock.nowMs)
  assert.ok(!JSON.stringify(body).includes(opened.session), 'its session is its own')
  for (const as of [null, (await world.visitor()).caller]) {
    const refused = await world.call('GET', '/api/listeners?endpoint=orders', undefined, as)
    assert.ok([401, 403].includes(refused.status))
  }
})

test('bad settings, runs and reports are refused with what is wrong', async () => {
  const opened = await listener()
  const where = { endpoint: 'orders', target, settings: { where: 'body.n ==' } }
  const broken = await world.call('POST', '/api/listeners', where)
  assert.deepEqual([broken.status, broken.body.errors[0].path], [422, '/settings/where'])
  const nowhere = { endpoint: 'orders', target: 'localhost:3000', settings: {} }
  assert.equal((await world.call('POST', '/api/listeners', nowhere)).status, 422)
  const unknown = await ask({ ...opened, id: 'lis_none' }, 'claims', {})
  assert.equal(unknown.status, 404)
  const foreign = { runId: 'r_none', claimNo: 1, durationMs: 1, request, response }
  assert.equal((await ask(opened, 'attempts', foreign)).status, 404)
})
