import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

test('source add, list and delete', async context => {
  const source = {
    id: 'src_1',
    name: 'cloud',
    product: 'tsuru',
    url: 'https://tsuru.example.com',
    readTo: '2026-11-21T06:50:00Z',
    problem: 'It does not take the token (401)',
    askedAt: '2026-11-21T06:50:00Z',
  }
  const server = await startStandIn(context, {
    'POST /api/sources': source,
    'GET /api/sources': { items: [source] },
    'DELETE /api/sources/cloud': {},
  })
  const add = ['source', 'add', 'cloud', 'https://tsuru.example.com', '--secret', 's3cret']
  const made = await run([...add, '--since', '2026-11-20T00:00:00Z'], { server })
  assert.equal(made.code, 0, made.stderr)
  assert.deepEqual(server.received[0]?.json, {
    name: 'cloud',
    product: 'tsuru',
    url: 'https://tsuru.example.com',
    token: 's3cret',
    since: '2026-11-20T00:00:00.000Z',
  })
  assert.match(
    (await run(['source', 'list'], { server })).stdout,
    /cloud +tsuru +https.* It does not take the token/,
  )
  assert.equal((await run(['source', 'list', '--quiet'], { server })).stdout, 'cloud\n')
  assert.match((await run(['source', 'delete', 'cloud'], { server })).stderr, /Source cloud is deleted/)
})
