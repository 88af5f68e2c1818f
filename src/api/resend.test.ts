import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const resent = async (id: string, edit: object = {}) => {
  const { status, body } = await world.call('POST', `/api/events/${id}/resend`, edit)
  assert.equal(status, 201, JSON.stringify(body))
  return (await world.call('GET', `/api/events/${body.id}`)).body
}

test('a resent event is a new one without a cause, and says that it was resent', async () => {
  const first = await world.event({ cause: { runId: 'r_1', eventId: 'evt_1' }, hops: 3 })
  const event = await resent(first.id)
  assert.notEqual(event.id, first.id)
  assert.deepEqual([event.cause, event.hops, event.actor], [null, 0, 'admin'])
  assert.deepEqual(event.request, { ...first.request, verified: 'resent' })
  assert.equal(event.body.text, '{"ok": "hello"}')
})

test('what is edited takes the place of what came', async () => {
  const { id } = await world.event()
  const event = await resent(id, {
    body: 'ä',
    contentType: 'text/plain',
    headers: { 'X-Twice': null, 'X-New': ['1', '2'] },
  })
  assert.deepEqual([event.body.text, event.bodyBytes, event.contentType], ['ä', 2, 'text/plain'])
  assert.deepEqual(event.request.headers, {
    'content-type': 'text/plain',
    'x-new': ['1', '2'],
    ['__proto__']: 'plain',
  })
})

test('method, query and a body that is no text can be edited too, each by itself', async () => {
  const { id } = await world.event({}, new Uint8Array([0, 255, 128]))
  const event = await resent(id, { method: 'PUT', query: 'a=2&a=%20' })
  assert.deepEqual([event.request.method, event.request.query], ['PUT', 'a=2&a=%20'])
  const body = async (of: string) =>
    (
      await world.inject({
        url: `/api/events/${of}/body`,
        headers: { authorization: `Bearer ${world.adminToken}` },
      })
    ).rawPayload
  assert.deepEqual([...(await body(event.id))], [0, 255, 128], 'what is not edited stays, byte by byte')
  const other = await resent(id, { bodyBase64: Buffer.from([1, 254]).toString('base64') })
  assert.deepEqual([...(await body(other.id))], [1, 254])
  assert.equal((await resent(id, { headers: { 'content-type': null } })).contentType, null)
  assert.equal((await resent(id, { headers: { 'Content-Type': 'a/b' } })).contentType, 'a/b')
})

test('an edit that cannot be made is refused, and says where', async () => {
  const { id } = await world.event()
  const platform = await world.event({ request: null })
  for (const [of, edit, path] of [
    [id, { body: 'a', bodyBase64: 'YQ==' }, '/bodyBase64'],
    [id, { bodyBase64: 'no base64' }, '/bodyBase64'],
    [id, { method: 'get' }, '/method'],
    [id, { query: 'a b' }, '/query'],
    [id, { query: '?a' }, '/query'],
    [id, { headers: { 'x-a': 'one\r\nx-b: two' } }, '/headers/x-a'],
    [id, { headers: { 'x a': '1' } }, '/headers'],
    [id, { contentType: 'a\nb' }, '/contentType'],
    [platform.id, { method: 'PUT', headers: {} }, '/method'],
  ] as const) {
    const { status, body } = await world.call('POST', `/api/events/${of}/resend`, edit)
    assert.equal(status, 422, JSON.stringify(edit))
    assert.equal(body.errors[0].path, path, JSON.stringify(body))
  }
})

test('a delivery id does not stop an event from being sent in again', async () => {
  const { request } = await world.event()
  assert.ok(request)
  const { id } = await world.event({ request: { ...request, deliveryId: 'once' } })
  assert.notEqual((await resent(id)).id, id)
})

test("nothing larger than its endpoint takes, and nothing of Signalbox's own, is sent in again", async () => {
  const made = await world.call('POST', '/api/endpoints', { maxBytes: 20 })
  const { id } = await world.event({ endpointId: made.body.id })
  const large = await world.call('POST', `/api/events/${id}/resend`, { body: 'x'.repeat(21) })
  assert.deepEqual([large.status, large.body.code], [413, 'body.too-large'])
  const own = await world.event({ kind: { type: 'signalbox', name: 'run.failed' } })
  assert.equal((await world.call('POST', `/api/events/${own.id}/resend`, {})).status, 409)
})

test('a visitor cannot send in without end', async () => {
  const { caller, endpointId } = await world.visitor()
  const { id } = await world.event({ endpointId })
  const statuses = new Set<number>()
  for (let more = 0; more < 61; more++)
    statuses.add((await world.call('POST', `/api/events/${id}/resend`, {}, caller)).status)
  assert.deepEqual([...statuses], [201, 429])
})
