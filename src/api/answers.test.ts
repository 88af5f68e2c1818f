import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'
import { StorageError } from '../storage/port.ts'

let world: World
afterEach(() => world.close())

const authorization = () => `Bearer ${world.adminToken}`
const send = async (payload: string | Buffer, headers: Record<string, string>) => {
  const response = await world.inject({
    method: 'POST',
    url: '/api/events',
    headers: { authorization: authorization(), ...headers },
    payload,
  })
  return { status: response.statusCode, body: response.json() }
}

test('the API takes JSON and nothing else, up to 2 MiB', async () => {
  world = await startWorld()
  const json = { 'content-type': 'application/json' }
  for (const [payload, headers, status, code] of [
    ['{"kind": "a"', json, 400, 'request.malformed'],
    ['', json, 422, 'body.invalid'],
    ['a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'body.not-json'],
    ['{}', { 'content-type': 'text/plain' }, 415, 'body.not-json'],
    ['{}', { 'content-type': 'nonsense' }, 415, 'body.not-json'],
    ['{"kind": "a"}', { 'content-type': 'application/json; charset=utf-8' }, 202, undefined],
    [JSON.stringify('x'.repeat(2 * 1024 * 1024)), json, 413, 'body.too-large'],
  ] as const) {
    const answer = await send(payload, headers)
    assert.deepEqual([answer.status, answer.body.code], [status, code], payload.slice(0, 20))
  }
})

test('what is nowhere, and a method that an address does not have, are problems too', async () => {
  world = await startWorld()
  for (const [method, url, refusal, code] of [
    ['GET', '/api', 404, 'route.not-found'],
    ['GET', '/api/', 404, 'route.not-found'],
    ['GET', '/api/nothing', 404, 'route.not-found'],
    ['PUT', '/api/events', 405, 'method.not-allowed'],
  ] as const) {
    const { status, body } = await world.call(method, url)
    assert.deepEqual([status, body.code], [refusal, code], `${method} ${url}`)
  }
})

test('a store that takes nothing just now is told with a time to come back', async () => {
  for (const [code, status, wait] of [
    ['storage.full', 503, '30'],
    ['storage.busy', 503, '1'],
    ['storage.deadline', 503, '5'],
    ['storage.failed', 500, undefined],
  ] as const) {
    world = await startWorld([], () => ({
      accept: () => Promise.reject(new StorageError(code, 'the reason', { retryable: true })),
    }))
    const answer = await world.call('POST', '/api/events', { kind: 'a' })
    assert.deepEqual([answer.status, answer.body.code, answer.headers['retry-after']], [status, code, wait])
    assert.equal(world.faults.length, code === 'storage.failed' ? 1 : 0)
    if (code !== 'storage.failed') await world.close()
  }
})

test('a fault of ours is logged, and tells the caller nothing of it', async () => {
  const fault = new Error('a secret detail')
  world = await startWorld([], () => ({ accept: () => Promise.reject(fault) }))
  const { status, body } = await world.call('POST', '/api/events', { kind: 'a' })
  assert.deepEqual([status, body.code], [500, 'internal'])
  assert.ok(!JSON.stringify(body).includes('secret detail'))
  assert.deepEqual(world.faults, [fault])
})

test('operators see how it is doing', async () => {
  world = await startWorld([], () => ({
    lanes: () => [
      { lane: 'a', underWay: 2, waitingHere: 1, breaker: 'open', probeAtMs: 1000, failuresInARow: 5 },
      { lane: 'b', underWay: 1, waitingHere: 0, breaker: 'closed', probeAtMs: null, failuresInARow: 0 },
    ],
  }))
  const { body } = await world.call('GET', '/api/status')
  assert.deepEqual(body.lanes[0], {
    lane: 'a',
    underWay: 2,
    waitingHere: 1,
    breaker: 'open',
    opensAt: '1970-01-01T00:00:01.000Z',
    failuresInARow: 5,
  })
  assert.deepEqual(body.waiting, { due: 0, held: 0 })
  assert.deepEqual(body.storage, { ok: true, reason: null })
  assert.equal(body.organizationId, 'org_0123456789abcdef')
  const metrics = await world.inject({
    method: 'GET',
    url: '/metrics',
    headers: { authorization: authorization() },
  })
  assert.match(String(metrics.headers['content-type']), /^text\/plain/)
  for (const line of [
    'signalbox_lanes{breaker="open"} 1',
    'signalbox_attempts_under_way 3',
    'signalbox_runs_waiting{state="held"} 0',
    'signalbox_storage_ok 1',
  ])
    assert.ok(metrics.body.includes(`${line}\n`), line)
  assert.match(metrics.body, /^process_cpu_seconds_total /m)
})

test('it is not ready while the store takes no writes, and says why', async () => {
  world = await startWorld([], ({ storage }) => ({
    storage: { ...storage, health: () => ({ ok: false, reason: 'The disk is full' }) },
  }))
  const ready = await world.inject({ method: 'GET', url: '/readyz' })
  assert.equal(ready.statusCode, 503)
  assert.deepEqual(ready.json(), {
    ready: false,
    durability: world.services.storage.durability,
    storage: { ok: false, reason: 'The disk is full' },
    disk: { level: 'ok', freeBytes: 9e9, totalBytes: 10e9, note: null },
  })
  assert.equal((await world.inject({ method: 'GET', url: '/healthz' })).statusCode, 200)
})
