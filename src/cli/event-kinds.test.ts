import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Kind } from './shapes.ts'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

const items: Kind[] = [
  {
    name: 'app.scaled',
    type: 'platform',
    known: false,
    meaning: '',
    targets: [{ type: 'app', example: 'billing' }],
    data: [],
    seen: { count: 10_000, countIsComplete: false, lastAt: '2026-11-21T06:50:00.000Z' },
  },
  {
    name: 'run.failed',
    type: 'signalbox',
    known: true,
    meaning: 'A run failed for good.',
    targets: [{ type: 'run', example: null }],
    data: [
      {
        path: 'run.id',
        type: 'text',
        example: 'r_1',
        template: '{{.body.run.id}}',
        where: 'body.run.id',
      },
    ],
    seen: null,
  },
]

test('event kinds lists what the code knows and what was seen, or what was seen alone', async context => {
  const server = await startStandIn(context, { 'GET /api/kinds': { items } })
  const all = await run(['event', 'kinds'], { server })
  assert.match(all.stdout, /app\.scaled +platform +10000 or more/)
  assert.match(all.stdout, /run\.failed +signalbox/)
  const seen = await run(['event', 'kinds', '--seen', '--quiet'], { server })
  assert.equal(seen.stdout, 'app.scaled\n')
})

test('event kinds shows how a template and a where write each value of one', async context => {
  const server = await startStandIn(context, { 'GET /api/kinds': { items } })
  const { stdout } = await run(['event', 'kinds', 'run.failed'], { server })
  assert.match(stdout, /run\.id +\{\{\.body\.run\.id\}\} +body\.run\.id +r_1/)
  const none = await run(['event', 'kinds', 'no.such'], { server })
  assert.equal(none.code, 4)
  assert.match(none.stderr, /no\.such/)
})
