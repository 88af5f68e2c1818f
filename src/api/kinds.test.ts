import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startWorld } from '../../test/support/api-world.ts'

test('kinds are those that the code knows and those that were seen, with their targets and values', async t => {
  const world = await startWorld()
  t.after(() => world.close())
  const targets = [{ type: 'app', value: 'billing' }]
  await world.event({ kind: { type: 'platform', name: 'app.scaled' }, targets })
  await world.event({ kind: { type: 'platform', name: 'app.scaled' }, targets })
  const { status, body } = await world.call('GET', '/api/kinds')
  assert.equal(status, 200)
  const named = (name: string) => body.items.find((kind: { name: string }) => kind.name === name)
  assert.deepEqual(named('app.scaled'), {
    name: 'app.scaled',
    type: 'platform',
    known: false,
    meaning: '',
    error: '',
    targets: [{ type: 'app', example: 'billing' }],
    data: [],
    seen: { count: 2, countIsComplete: true, lastAt: '2026-11-21T06:50:00.000Z' },
  })
  const failed = named('run.failed')
  assert.equal(failed.seen, null)
  assert.deepEqual(
    failed.targets.map(({ type }: { type: string }) => type),
    ['run', 'reaction'],
  )
  const { template, where } = failed.data.find(({ path }: { path: string }) => path === 'run.id')
  assert.deepEqual([template, where], ['{{.body.run.id}}', 'body.run.id'])
  assert.equal((await world.call('GET', '/api/kinds', undefined, null)).status, 401)
})
