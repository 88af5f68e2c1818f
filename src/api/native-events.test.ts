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

const tsuruEvent =
  '{"UniqueID":"5d8f0c1e2a3b4c5d6e7f8091","Lock":null,"StartTime":"2026-09-10T12:34:56.789Z","EndTime":"2026-09-10T12:36:26.789Z","ExpireAt":"0001-01-01T00:00:00Z","Target":{"Type":"app","Value":"myapp"},"ExtraTargets":[{"Target":{"Type":"volume","Value":"v1"},"Lock":false}],"Kind":{"Type":"permission","Name":"app.deploy"},"Owner":{"Type":"user","Name":"me@me.com"},"SourceIP":"10.0.0.1","LockUpdateTime":"2026-09-10T12:34:56.789Z","Error":"boom \\u003c\\u0026\\u003e","Log":"","StructuredLog":null,"CancelInfo":{"Owner":"","StartTime":"0001-01-01T00:00:00Z","AckTime":"0001-01-01T00:00:00Z","Reason":"","Asked":false,"Canceled":false},"Cancelable":false,"Running":false,"Allowed":{"Scheme":"app.read.events","Contexts":[{"CtxType":"app","Value":"myapp"},{"CtxType":"team","Value":"core"},{"CtxType":"team","Value":"web"}]},"AllowedCancel":{"Scheme":"","Contexts":null},"Instance":{"Name":"h1","Port":"8080","TLSPort":"","Addresses":["1.2.3.4"],"LastUpdate":"2026-09-10T12:34:56.789Z"}}'

const sendText = (payload: string) =>
  world.inject({
    method: 'POST',
    url: '/api/events',
    headers: { authorization: `Bearer ${world.adminToken}`, 'content-type': 'application/json' },
    payload,
  })

test('an event of tsuru is known by its shape, and kept byte by byte', async () => {
  const sent = await sendText(tsuruEvent)
  assert.equal(sent.statusCode, 202, sent.body)
  const event = await got(sent.json().events[0].id)
  assert.deepEqual(event.kind, { type: 'permission', name: 'app.deploy' })
  assert.deepEqual(event.targets, [
    { type: 'app', value: 'myapp' },
    { type: 'volume', value: 'v1' },
  ])
  assert.deepEqual(event.owner, { type: 'user', name: 'me@me.com' })
  assert.deepEqual([event.error, event.team, event.time], ['boom <&>', 'core', '2026-09-10T12:36:26.789Z'])
  assert.equal(event.body.text, tsuruEvent)
  const again = await sendText(`[${tsuruEvent}]`)
  assert.deepEqual(again.json().events, [{ id: event.id, duplicate: true }])
})

test('an event of tsuru may not say what Signalbox says of itself, nor name more than an event may', async () => {
  const own = await sendText(
    '{"UniqueID":"a1","Kind":{"Type":"signalbox","Name":"run.failed"},"Target":{"Type":"run","Value":"r"}}',
  )
  assert.equal((await got(own.json().events[0].id)).kind.type, 'platform')
  for (const payload of [
    '{"UniqueID":"a2","Kind":{"Type":"permission","Name":""},"Target":{"Type":"app","Value":"a"}}',
    '{"UniqueID":"a3","Kind":{"Type":"permission","Name":7},"Target":{"Type":"app","Value":"a"}}',
    `{"UniqueID":"a4","Kind":{"Type":"permission","Name":"a"},"Target":{"Type":"app","Value":"a"},"ExtraTargets":${JSON.stringify(Array.from({ length: 60 }, () => ({ Target: { Type: 'app', Value: 'a' } })))}}`,
  ])
    assert.equal((await sendText(payload)).statusCode, 422, payload.slice(0, 80))
})
