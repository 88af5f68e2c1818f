import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startWorld } from '../../test/support/api-world.ts'

test('the switch is shown, turned, and kept over a restart', async t => {
  const world = await startWorld()
  t.after(() => world.close())
  const shown = await world.call('GET', '/api/practice')
  assert.equal(shown.status, 200)
  assert.deepEqual(
    [shown.body.enabled, shown.body.url, shown.body.behaviour, shown.body.requests],
    [true, 'http://practice.localhost/', 'ok', []],
  )
  const turned = await world.call('PUT', '/api/practice', { behaviour: 'slow', delayMs: 50 })
  assert.deepEqual([turned.body.behaviour, turned.body.delayMs], ['slow', 50])
  const stored = await world.services.storage.read('installation', { key: 'practice' })
  assert.deepEqual(JSON.parse(String(stored)), { behaviour: 'slow', delayMs: 50 })
  assert.equal((await world.call('DELETE', '/api/practice/requests')).status, 204)
})

test('a position that it has not is refused, and so is whoever is not signed in', async t => {
  const world = await startWorld()
  t.after(() => world.close())
  const wrong = await world.call('PUT', '/api/practice', { behaviour: 'explode' })
  assert.equal(wrong.status, 422)
  assert.match(wrong.body.detail, /must be one of "ok", "fail"/)
  for (const [method, url] of [
    ['GET', '/api/practice'],
    ['PUT', '/api/practice'],
    ['DELETE', '/api/practice/requests'],
  ] as const)
    assert.equal((await world.call(method, url, { behaviour: 'ok' }, null)).status, 401)
})

test('where the operator wants none, it says so and its switch cannot be turned', async t => {
  const world = await startWorld(['--practice', 'no'])
  t.after(() => world.close())
  assert.equal((await world.call('GET', '/api/practice')).body.enabled, false)
  const turned = await world.call('PUT', '/api/practice', { behaviour: 'ok' })
  assert.deepEqual([turned.status, turned.body.code], [409, 'practice.off'])
})
