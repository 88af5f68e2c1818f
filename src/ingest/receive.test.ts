import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { type Answer, causeKey, request, startWorld } from '../../test/support/ingest-world.ts'
import { until } from '../../test/support/store.ts'
import { signCause } from '../core/cause.ts'
import { newEventId, newRunId } from '../core/ids.ts'
import { mask } from '../core/mask.ts'

const shop = 'POST /hooks/shop'

/** What a sender is told of a refusal: whose move it is, and nothing else. */
function assertRefused(answer: Answer, status: number): void {
  assert.equal(answer.status, status, answer.body)
  assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
  assert.equal(answer.json.code, `ingest.${status}`)
}

test('a request is answered 202 once its event is stored, with the bytes as they came', async t => {
  const world = await startWorld(t)
  const endpointId = await world.endpoint()
  const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  const headers = ['Content-Type: image/png', 'X-Twice: a', 'X-Twice: b']
  const answer = await world.send(request(`${shop}?a=1&b`, headers, body))
  assert.equal(answer.status, 202)
  assert.deepEqual(Object.keys(answer.json), ['id'])
  const { event, body: stored } = await world.event(answer.json.id ?? '')
  assert.deepEqual(stored, body)
  assert.equal(event.endpointId, endpointId)
  assert.deepEqual(event.kind, { type: 'external', name: 'webhook.received' })
  assert.deepEqual(event.targets, [{ type: 'endpoint', value: 'shop' }])
  assert.deepEqual([event.cause, event.hops, event.error, event.bodyBytes], [null, 0, null, 256])
  assert.equal(event.contentType, 'image/png')
  assert.equal(event.request?.query, 'a=1&b')
  assert.equal(event.request?.path, '/hooks/shop')
  assert.equal(event.request?.headers['x-twice'], 'a, b')
  assert.equal(event.request?.sender, '127.0.0.1')
})

test('a body comes whole in whatever pieces it is sent, and so does none at all', async t => {
  const world = await startWorld(t)
  await world.endpoint()
  const chunked = await world.send(
    `${shop} HTTP/1.1\r\nHost: box\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n`,
  )
  assert.equal((await world.event(chunked.json.id ?? '')).body.toString(), 'abcdefg')
  const empty = await world.send(request(shop))
  assert.equal((await world.event(empty.json.id ?? '')).body.length, 0)
})

test('a delivery that comes again is answered 200 with the event that holds it', async t => {
  const world = await startWorld(t)
  await world.endpoint({ deliveryId: { header: 'X-Delivery' } })
  await world.endpoint({ name: 'other', deliveryId: { path: 'id' } }, { path: '/hooks/other' })
  const first = await world.send(request(shop, ['X-Delivery: d1'], 'one'))
  const again = await world.send(request(shop, ['X-Delivery: d1'], 'two'))
  assert.deepEqual([again.status, again.json], [200, { id: first.json.id, duplicate: true }])
  assert.equal((await world.event(first.json.id ?? '')).body.toString(), 'one')
  assert.equal((await world.send(request(shop, ['X-Delivery: d2']))).status, 202)
  assert.equal((await world.send(request(shop))).status, 202)
  const byPath = () => world.send(request('POST /hooks/other', [], '{"id":"d1"}'))
  assert.deepEqual([(await byPath()).status, (await byPath()).status], [202, 200])
})

test('a sender without the right proof gets a 401, and learns nothing of why', async t => {
  const world = await startWorld(t)
  const id = await world.endpoint({ authentication: [{ type: 'github', secrets: ['It is a secret'] }] })
  const sign = (text: string) => `sha256=${createHmac('sha256', 'It is a secret').update(text).digest('hex')}`
  const sent = (header: string[]) => world.send(request(shop, header, 'hello'))
  const missing = await sent([])
  const wrong = await sent([`X-Hub-Signature-256: ${sign('other')}`])
  assertRefused(missing, 401)
  assert.equal(missing.body, wrong.body)
  assert.equal((await sent([`X-Hub-Signature-256: ${sign('hello')}`])).status, 202)
  const counted = await world.counted(id)
  assert.deepEqual(Object.fromEntries(counted.map(({ reason, count }) => [reason, count])), {
    'signature.mismatch': 1,
    'signature.missing': 1,
  })
  for (const { detail, sender } of counted) {
    assert.ok(detail.length > 0 && !missing.body.includes(detail))
    assert.equal(sender, '127.0.0.1')
  }
})

test('each refusal has its status, and is counted for the owner', async t => {
  const world = await startWorld(t)
  const id = await world.endpoint({ methods: ['POST', 'PUT'], contentTypes: ['Application/JSON'] })
  const json = 'Content-Type: application/json; charset=utf-8'
  assert.equal((await world.send(request(shop, [json], '{}'))).status, 202)
  const wrongMethod = await world.send(request('GET /hooks/shop'))
  assertRefused(wrongMethod, 405)
  assert.equal(wrongMethod.headers.allow, 'POST, PUT')
  assertRefused(await world.send(request(shop, ['Content-Type: text/plain'], '{}')), 415)
  assertRefused(await world.send(request(shop, [], '{}')), 415)
  assertRefused(await world.send(request(shop, [json, 'Content-Encoding: compress'], '{}')), 415)
  assert.equal((await world.send(request(shop, [json, 'Content-Encoding: identity'], '{}'))).status, 202)
  assertRefused(await world.send(request(shop, [json], 'x'.repeat(1001))), 413)
  assert.equal((await world.send(request(shop, [json], 'x'.repeat(1000)))).status, 202)
  await world.set(id, { state: 'disabled' })
  assertRefused(await world.send(request(shop, [json], '{}')), 403)
  await world.set(id, { state: 'deleted' })
  assertRefused(await world.send(request(shop, [json], '{}')), 404)
  const counts = Object.fromEntries((await world.counted(id)).map(({ reason, count }) => [reason, count]))
  assert.deepEqual(counts, {
    'method.not-allowed': 1,
    'content-type.not-taken': 2,
    'content-encoding.not-taken': 1,
    'body.too-large': 1,
    'endpoint.disabled': 1,
  })
})

test('where there is no endpoint there is a 404, however the address is written', async t => {
  const world = await startWorld(t)
  await world.endpoint({ methods: ['ANY'] })
  for (const target of [
    '/hooks',
    '/hooks/',
    '/hooks/nope',
    '/hooks/shop/',
    '/hooks/shop/x',
    '/hooks//shop',
    '/hooks/x/../shop',
    '/hooks/%2e%2e/shop',
    '/hooks/shop%00',
    '/hooks/shop;x',
    '/triggers',
    '/triggers/shop',
    `/hooks/${'x'.repeat(5000)}`,
  ])
    assertRefused(await world.send(request(`POST ${target}`)), 404)
  assert.equal((await world.send(request('POST /HOOKS/shop'))).status, 404)
  assert.equal((await world.send(request('POST /hooks/%zz'))).status, 400)
})

test('an address is also understood with the host before it, and with its characters escaped', async t => {
  const world = await startWorld(t)
  await world.endpoint()
  await world.endpoint({ name: 'odd' }, { path: '/triggers/café' })
  const absolute = await world.send(request('POST http://box.example:4620/hooks/shop?x=1'))
  assert.equal(absolute.status, 202, absolute.body)
  const { event } = await world.event(absolute.json.id ?? '')
  assert.deepEqual([event.request?.path, event.request?.query], ['/hooks/shop', 'x=1'])
  assert.equal((await world.send(request('POST /hooks/sh%6Fp'))).status, 202)
  assert.equal((await world.send(request('POST /triggers/caf%C3%A9'))).status, 202)
})

test('the parts of a path are kept by name', async t => {
  const world = await startWorld(t)
  await world.endpoint({}, { path: '/hooks/:team/deploy/*' })
  const long = 'y'.repeat(1000)
  const answer = await world.send(request(`POST /hooks/core%20web/deploy/x/${long}?q=1`))
  assert.equal(answer.status, 202, answer.body)
  const { event } = await world.event(answer.json.id ?? '')
  assert.deepEqual(event.request?.params, { team: 'core web', 0: `x/${long}` })
})

test('an endpoint takes the methods that it names, ANY takes all of them', async t => {
  const world = await startWorld(t)
  await world.endpoint({ methods: ['GET'] }, { path: '/hooks/get' })
  await world.endpoint({ name: 'any', methods: ['ANY'] }, { path: '/hooks/any' })
  const got = await world.send(request('GET /hooks/get?x=1'))
  assert.equal(got.status, 202)
  assert.equal((await world.event(got.json.id ?? '')).event.request?.method, 'GET')
  assert.equal((await world.send(request('HEAD /hooks/get'))).status, 405)
  assert.equal((await world.send(request('OPTIONS /hooks/get'))).status, 405)
  for (const method of [
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'OPTIONS',
    'PROPFIND',
    'REPORT',
    'PURGE',
  ])
    assert.equal((await world.send(request(`${method} /hooks/any`))).status, 202, method)
  const withBody = await world.send(request('DELETE /hooks/any', ['Content-Type: text/x'], 'gone'))
  assert.equal((await world.event(withBody.json.id ?? '')).body.toString(), 'gone')
  const getWithBody = await world.send(request('GET /hooks/any', [], 'asked'))
  assert.equal((await world.event(getWithBody.json.id ?? '')).body.toString(), 'asked')
})

test('what calls itself by a strange content type is taken like anything else', async t => {
  const world = await startWorld(t)
  await world.endpoint()
  for (const type of [
    'garbage',
    '',
    'a/b/c',
    '*/*',
    'text/plain; =',
    'multipart/form-data',
    'é/x',
    'text/html,',
  ])
    assert.equal((await world.send(request(shop, [`Content-Type: ${type}`], 'x'))).status, 202, type)
})

test('the token alone finds the endpoint at /data, with Bearer before it or without', async t => {
  const world = await startWorld(t)
  const id = await world.endpoint({}, { token: 'sb_send_token' })
  for (const value of ['Bearer sb_send_token', 'bearer   sb_send_token', 'sb_send_token']) {
    const answer = await world.send(request('POST /data', [`Authorization: ${value}`], 'x'))
    assert.equal(answer.status, 202, value)
    const { event } = await world.event(answer.json.id ?? '')
    assert.equal(event.endpointId, id)
    assert.equal(event.request?.headers.authorization, mask)
  }
  for (const header of [[], ['Authorization: Bearer nope'], ['Authorization: '], ['Authorization: Bearer']]) {
    const answer = await world.send(request('POST /data', header, 'x'))
    assertRefused(answer, 401)
    assert.equal(answer.headers['www-authenticate'], 'Bearer')
  }
  assertRefused(await world.send(request('GET /data', ['Authorization: sb_send_token'])), 405)
})

test('at /data the token stands in for the schemes that read the same header, not for signatures', async t => {
  const world = await startWorld(t)
  const authentication = [
    { type: 'bearer' as const, secrets: ['another'] },
    { type: 'github' as const, secrets: ['It is a secret'] },
  ]
  await world.endpoint({ authentication }, { token: 'sb_send_token' })
  const signature = `sha256=${createHmac('sha256', 'It is a secret').update('x').digest('hex')}`
  const sent = (headers: string[]) =>
    world.send(request('POST /data', ['Authorization: Bearer sb_send_token', ...headers], 'x'))
  assertRefused(await sent([]), 401)
  assert.equal((await sent([`X-Hub-Signature-256: ${signature}`])).status, 202)
})

test('credentials are not kept, in headers or in the query', async t => {
  const world = await startWorld(t)
  await world.endpoint({ authentication: [{ type: 'bearer', secrets: ['tok-1'] }] })
  await world.endpoint(
    { name: 'keyed', authentication: [{ type: 'api-key', in: 'query', name: 'key', keys: ['k-1'] }] },
    { path: '/hooks/keyed' },
  )
  await world.endpoint(
    { name: 'headed', authentication: [{ type: 'api-key', in: 'header', name: 'X-Our-Key', keys: ['k-2'] }] },
    { path: '/hooks/headed' },
  )
  const bearer = await world.send(request(shop, ['Authorization: Bearer tok-1', 'X-Other: kept']))
  const keyed = await world.send(request('POST /hooks/keyed?a=1&key=k-1'))
  const headed = await world.send(request('POST /hooks/headed', ['x-our-key: k-2']))
  const stored = await Promise.all([bearer, keyed, headed].map(({ json }) => world.event(json.id ?? '')))
  const requests = stored.map(({ event }) => event.request)
  assert.equal(requests[0]?.headers.authorization, mask)
  assert.equal(requests[0]?.headers['x-other'], 'kept')
  assert.equal(new URLSearchParams(requests[1]?.query).get('key'), mask)
  assert.equal(new URLSearchParams(requests[1]?.query).get('a'), '1')
  assert.equal(requests[2]?.headers['x-our-key'], mask)
  for (const secret of ['tok-1', 'k-1', 'k-2']) assert.ok(!JSON.stringify(stored).includes(secret))
})

test('a cause counts only when this installation signed it', async t => {
  const world = await startWorld(t)
  await world.endpoint()
  const cause = { runId: newRunId(Date.now()), eventId: newEventId(Date.now()) }
  const signed = signCause(causeKey, cause, 3)
  const eventWith = async (headers: string[]) => {
    const { json } = await world.send(request(shop, headers))
    return (await world.event(json.id ?? '')).event
  }
  const caused = await eventWith([`Signalbox-Cause: ${signed}`])
  assert.deepEqual([caused.cause, caused.hops], [cause, 4])
  for (const headers of [
    [`Signalbox-Cause: ${signed.slice(0, -1)}x`],
    [`Signalbox-Cause: ${signed.replace('.3.', '.0.')}`],
    [`Signalbox-Cause: ${signed}`, `Signalbox-Cause: ${signed}`],
  ]) {
    const event = await eventWith(headers)
    assert.deepEqual([event.cause, event.hops], [null, 0])
  }
})

test('while the store cannot write, senders are told to come back, and the count of that is not lost', async t => {
  const world = await startWorld(t)
  const id = await world.endpoint()
  world.store.breakCommands('appendEvent', 'recordRejections')
  const socket = await world.connect()
  for (let count = 0; count < 2; count++) {
    const answer = await world.send(request(shop, [], 'x'), socket)
    assertRefused(answer, 503)
    assert.equal(answer.headers['retry-after'], '5')
  }
  await assert.rejects(world.rejections.flush())
  await world.send(request(shop, [], 'x'), socket)
  world.store.mend()
  assert.deepEqual(
    (await world.counted(id)).map(({ reason, count }) => [reason, count]),
    [['storage.full', 3]],
  )
  assert.equal((await world.send(request(shop, [], 'x'), socket)).status, 202)
})

test('a visitor’s endpoint takes sixty requests a minute', async t => {
  const world = await startWorld(t)
  await world.endpoint({}, { view_key_hash: 'x' })
  const socket = await world.connect()
  for (let count = 0; count < 60; count++)
    assert.equal((await world.send(request(shop, [], 'x'), socket)).status, 202)
  const answer = await world.send(request(shop, [], 'x'), socket)
  assertRefused(answer, 429)
  const seconds = Number(answer.headers['retry-after'])
  assert.ok(seconds >= 1 && seconds <= 60)
})

test('a connection carries on after each kind of refusal', async t => {
  const world = await startWorld(t)
  await world.endpoint({ contentTypes: ['text/plain'], authentication: [{ type: 'bearer', secrets: ['t'] }] })
  const text = 'Content-Type: text/plain'
  const right = request(shop, [text, 'Authorization: Bearer t'], 'fine')
  const large = 'x'.repeat(3_000_000)
  const chunked = `${shop} HTTP/1.1\r\nHost: box\r\n${text}\r\nTransfer-Encoding: chunked\r\n\r\n`
  const refused: [status: number, bytes: string | Buffer][] = [
    [401, request(shop, [text], 'x')],
    [401, request('POST /data', [text], large)],
    [404, request('POST /hooks/nope', [text], large)],
    [405, request('PUT /hooks/shop', [text], large)],
    [413, request(shop, [text], large)],
    [413, `${chunked}${large.length.toString(16)}\r\n${large}\r\n0\r\n\r\n`],
    [415, request(shop, ['Content-Type: a/b'], large)],
  ]
  const socket = await world.connect()
  for (const [status, bytes] of refused) {
    assertRefused(await world.send(bytes, socket), status)
    assert.equal((await world.send(right, socket)).status, 202, `after ${status}`)
  }
})

test('a body that comes too slowly gets a 408, and the connection is closed', async t => {
  const world = await startWorld(t)
  const id = await world.endpoint()
  const socket = await world.connect()
  const closed = new Promise(resolve => socket.once('close', resolve))
  const answer = await world.send(`${shop} HTTP/1.1\r\nHost: box\r\nContent-Length: 10\r\n\r\nabc`, socket)
  assertRefused(answer, 408)
  assert.equal(answer.headers.connection, 'close')
  await closed
  const [counted] = await world.counted(id)
  assert.equal(counted?.reason, 'body.too-slow')
  assert.match(counted?.detail ?? '', /400 ms/)
})

test('a sender that hangs up in the middle leaves no event, and is counted', async t => {
  const world = await startWorld(t)
  const id = await world.endpoint()
  const socket = await world.connect()
  socket.write(`${shop} HTTP/1.1\r\nHost: box\r\nContent-Length: 10\r\n\r\nabc`)
  await new Promise(resolve => setImmediate(resolve))
  socket.destroy()
  const [counted] = await until('the rejection is counted', async () => {
    const rows = await world.counted(id)
    return rows.length > 0 ? rows : null
  })
  assert.equal(counted?.reason, 'body.cut-off')
  assert.ok(!world.store.asked.includes('appendEvent'))
})

test('several requests sent ahead on one connection are answered in their order', async t => {
  const world = await startWorld(t)
  await world.endpoint()
  const socket = await world.connect()
  const text: string[] = []
  socket.on('data', chunk => text.push(chunk.toString('latin1')))
  socket.write(Buffer.concat([1, 2, 3].map(count => request(shop, [], 'x'.repeat(count)))))
  await until('three answers', () => (text.join('').match(/HTTP\/1\.1 202/g)?.length === 3 ? true : null))
  const ids = [...text.join('').matchAll(/"id":"(evt_\w+)"/g)].map(([, id]) => id ?? '')
  const sizes = await Promise.all(ids.map(async id => (await world.event(id)).body.length))
  assert.deepEqual(sizes, [1, 2, 3])
})
