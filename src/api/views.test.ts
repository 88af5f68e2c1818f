import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startWorld } from '../../test/support/api-world.ts'

const errors = { list: 'events', name: 'Only errors', filters: { outcome: 'error', range: '24h' } }

test('a view is saved, listed, changed and deleted', async t => {
  const world = await startWorld()
  t.after(world.close)
  const made = await world.call('POST', '/api/views', { ...errors, pinned: true })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.equal(made.body.actor, 'admin')
  const { id } = made.body
  const names = async (query = '') =>
    (await world.call('GET', `/api/views${query}`)).body.items.map((view: { name: string }) => view.name)
  assert.deepEqual([await names(), await names('?list=events')], [['Only errors'], ['Only errors']])
  assert.deepEqual(await names('?list=runs'), [])
  const changed = await world.call('PUT', `/api/views/${id}`, { ...errors, name: 'Errors of a day' })
  assert.deepEqual([changed.status, changed.body.name, changed.body.pinned], [200, 'Errors of a day', false])
  assert.equal((await world.call('DELETE', `/api/views/${id}`)).status, 204)
  assert.deepEqual(await names(), [])
  assert.equal((await world.call('PUT', `/api/views/${id}`, errors)).status, 404)
  assert.equal((await world.call('DELETE', `/api/views/${id}`)).status, 404)
})

test('what a list does not know is refused, with where it stands', async t => {
  const world = await startWorld()
  t.after(world.close)
  const refused = async (body: object) => {
    const { status, body: problem } = await world.call('POST', '/api/views', body)
    assert.equal(status, 422, JSON.stringify(body))
    return [...new Set(problem.errors.map(({ path }: { path: string }) => path))]
  }
  assert.deepEqual(await refused({ ...errors, filters: { reaction: 'x' } }), ['/filters/reaction'])
  assert.deepEqual(await refused({ ...errors, filters: { outcome: 'maybe' } }), ['/filters/outcome'])
  assert.deepEqual(await refused({ ...errors, filters: { range: '2 moons' } }), ['/filters/range'])
  assert.deepEqual(await refused({ ...errors, filters: { since: '2026-11-21T06:00:00Z' } }), [
    '/filters/since',
  ])
  assert.deepEqual(await refused({ ...errors, list: 'endpoints' }), ['/list'])
  assert.deepEqual(await refused({ list: 'runs', name: 'x', filters: { state: ['lost'] } }), [
    '/filters/state/0',
  ])
  assert.deepEqual(await refused({ ...errors, filters: { where: 'body.amount >' } }), ['/filters/where'])
  for (const name of ['', ' x', 'x ', 'a\nb', 'a\u202eb', 'x'.repeat(61)])
    assert.deepEqual(await refused({ ...errors, name }), ['/name'])
})

test('markup in a name is text like any other, and a name is taken once', async t => {
  const world = await startWorld()
  t.after(world.close)
  const name = '<img src=x onerror=alert(1)> Ärger “1”'
  const made = await world.call('POST', '/api/views', { ...errors, name })
  assert.equal(made.body.name, name)
  const again = await world.call('POST', '/api/views', { ...errors, name })
  assert.deepEqual([again.status, again.body.code], [409, 'name-taken'])
  const inRuns = { list: 'runs', name, filters: { state: ['failed'], timeline: true } }
  const other = await world.call('POST', '/api/views', inRuns)
  assert.equal(other.status, 201)
  const moved = await world.call('PUT', `/api/views/${other.body.id}`, errors)
  assert.deepEqual([moved.status, moved.body.errors[0].path], [422, '/list'])
})
