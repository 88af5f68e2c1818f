import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const send = (body: unknown) => world.call('POST', '/api/events', body)
const got = async (id: string) => (await world.call('GET', `/api/events/${id}`)).body

test('a name alone is an event of the platform', async () => {
  const { status, body } = await send({ kind: 'deployment.failed' })
  assert.equal(status, 202)
  const event = await got(body.events[0].id)
  assert.deepEqual(event.kind, { type: 'platform', name: 'deployment.failed' })
  assert.deepEqual([event.targets, event.error, event.bodyBytes, event.actor], [[], null, 0, 'admin'])
  assert.ok(!JSON.stringify(event).includes(world.adminToken))
})

test('everything that is said of an event is kept', async () => {
  const data = JSON.parse('{"__proto__": {"a": 1}, "list": [1, null, "ä"]}')
  const { body } = await send({
    kind: { type: 'permission', name: 'team.member.added' },
    targets: [
      { type: 'team', value: 'core' },
      { type: 'user', value: 'mia' },
    ],
    owner: { type: 'token', name: 'ci' },
    error: 'refused',
    data,
    deliveryId: 'once',
    time: '2026-11-20T00:00:00Z',
  })
  const event = await got(body.events[0].id)
  assert.equal(event.body.text, '{"__proto__":{"a":1},"list":[1,null,"ä"]}')
  assert.equal(event.contentType, 'application/json')
  assert.deepEqual(event.owner, { type: 'token', name: 'ci' })
  assert.equal(event.targets.length, 2)
  assert.deepEqual([event.error, event.time], ['refused', '2026-11-20T00:00:00.000Z'])
  assert.deepEqual([event.request.deliveryId, event.request.verified], ['once', 'admin'])
})

test('the same delivery is kept once', async () => {
  const first = await send({ kind: 'a.b', deliveryId: 'd-1' })
  const second = await send([
    { kind: 'a.b', deliveryId: 'd-1' },
    { kind: 'a.b', deliveryId: 'd-2' },
  ])
  assert.deepEqual(second.body.events[0], { id: first.body.events[0].id, duplicate: true })
  assert.equal(second.body.events[1].duplicate, false)
})

test('a thousand are taken together and keep their order', async () => {
  const { status, body } = await send(Array.from({ length: 1000 }, (_, n) => ({ kind: 'bulk', data: n })))
  assert.equal(status, 202)
  const newest = (await world.call('GET', '/api/events?kind=bulk&limit=500')).body.items
  assert.deepEqual(
    newest.map((event: { id: string }) => event.id),
    body.events
      .slice(500)
      .map((event: { id: string }) => event.id)
      .toReversed(),
  )
})

test('nothing happens in the future', async () => {
  const { body } = await send({ kind: 'a', time: '2099-01-01T00:00:00Z' })
  assert.equal((await got(body.events[0].id)).time, '2026-11-21T06:50:00.000Z')
})

for (const [body, path, message] of [
  [{}, '/kind', /missing/],
  [{ kind: 'Not Good' }, '/kind', /form/],
  [{ kind: { type: 'signalbox', name: 'run.failed' } }, '/kind/type', /"platform"/],
  [{ kind: 'a', target: [] }, '/target', /not known.*targets/],
  [{ kind: 'a', targets: [{ type: 'app' }] }, '/targets/0/value', /missing/],
  [[{ kind: 'a' }, { kind: 7 }], '/1/kind', /a text or an object/],
  [[], '', /an entry/],
] as const) {
  test(`an event that does not fit is refused: ${JSON.stringify(body)}`, async () => {
    const answer = await send(body)
    assert.equal(answer.status, 422, JSON.stringify(answer.body))
    assert.equal(answer.body.errors[0].path, path, JSON.stringify(answer.body.errors))
    assert.match(answer.body.errors[0].message, message)
  })
}

test('data that is nested without end is refused, not a fault', async () => {
  const deep = `{"kind": "a", "data": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`
  const headers = { authorization: `Bearer ${world.adminToken}`, 'content-type': 'application/json' }
  const { statusCode, body } = await world.inject({
    method: 'POST',
    url: '/api/events',
    headers,
    payload: deep,
  })
  assert.ok(statusCode === 422 || statusCode === 400, `${statusCode} ${body.slice(0, 200)}`)
  assert.deepEqual(world.faults, [])
})
