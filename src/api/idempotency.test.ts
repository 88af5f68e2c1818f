import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'

let world: World
let release: (() => void) | null = null
before(async () => {
  world = await startWorld([], ({ accept }) => ({
    async accept(event, body) {
      if (event.kind.name === 'slow') await new Promise<void>(resolve => (release = resolve))
      return accept(event, body)
    },
  }))
})
after(() => world.close())

const post = (url: string, body: unknown, key: string) =>
  world.call('POST', url, body, {
    headers: { authorization: `Bearer ${world.adminToken}`, 'idempotency-key': key },
  })

test('the same request under the same key is done once, and answered the same', async () => {
  const first = await post('/api/endpoints', { name: 'once' }, 'key-1')
  const second = await post('/api/endpoints', { name: 'once' }, 'key-1')
  assert.equal(first.status, 201)
  assert.deepEqual([second.status, second.body], [first.status, first.body])
})

test('a key belongs to one request', async () => {
  await post('/api/events', { kind: 'a' }, 'key-2')
  for (const [url, body] of [
    ['/api/events', { kind: 'b' }],
    ['/api/endpoints', { kind: 'a' }],
  ] as const) {
    const { status, body: answer } = await post(url, body, 'key-2')
    assert.deepEqual(
      [status, answer.code],
      [422, url === '/api/events' ? 'idempotency.key-reused' : 'body.invalid'],
    )
  }
})

test('what failed may be tried again under its key', async () => {
  await world.call('POST', '/api/endpoints', { name: 'in-the-way' })
  assert.equal((await post('/api/endpoints', { name: 'in-the-way' }, 'key-3')).status, 409)
  await world.call('DELETE', '/api/endpoints/in-the-way')
  assert.equal((await post('/api/endpoints', { name: 'in-the-way' }, 'key-3')).status, 201)
})

test('while the first is under way the second is told so', async () => {
  const first = post('/api/events', { kind: 'slow' }, 'key-4')
  while (release === null) await new Promise(resolve => setImmediate(resolve))
  const second = await post('/api/events', { kind: 'slow' }, 'key-4')
  assert.deepEqual([second.status, second.body.code], [409, 'idempotency.in-progress'])
  release()
  assert.equal((await first).status, 202)
})

test('keys of one person are nothing to another, and answers are kept sealed', async () => {
  const { caller, endpointId } = await world.visitor()
  const url = `/api/endpoints/${endpointId}/token`
  const mine = await post(url, undefined, 'key-5')
  const theirs = await world.call('POST', url, undefined, {
    headers: { ...caller.headers, 'idempotency-key': 'key-5' },
  })
  assert.notEqual(theirs.body.token, mine.body.token)
  const kept = await world.services.storage.query('idempotentAnswer', { key: 'key-5', actor: 'admin' })
  assert.ok(kept && !kept.response.includes(mine.body.token))
})

test('a key that cannot be used is refused', async () => {
  for (const key of ['', 'ä', 'a b', 'x'.repeat(256)])
    assert.equal((await post('/api/endpoints', {}, key)).body.code, 'idempotency.key-invalid', key)
})
