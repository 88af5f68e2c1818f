import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

const view = (name: string, more: object = {}) => ({
  id: `view_${name}`,
  list: 'events',
  name,
  pinned: false,
  filters: { kind: ['deployment'], outcome: 'error', range: '1h' },
  actor: 'admin',
  ...more,
})
const page = { items: [], next: null }

test('a list of a saved view asks for what the view says, and options beat it', async context => {
  const server = await startStandIn(context, {
    'GET /api/views': { items: [view('Failing')] },
    'GET /api/events': page,
  })
  const first = await run(['event', 'list', '--view', 'Failing', '--outcome', 'success'], { server })
  assert.equal(first.code, 0, first.stderr)
  const asked = new URL(server.received.at(-1)!.path, 'http://x').searchParams
  assert.deepEqual([asked.getAll('kind'), asked.get('outcome')], [['deployment'], 'success'])
  assert.match(asked.get('since') ?? '', /^\d{4}-/)
  assert.equal(asked.has('range') || asked.has('view'), false)

  await run(['event', 'list', '--view', 'Failing', '--until', '2026-11-21T06:50:00Z'], { server })
  const narrowed = new URL(server.received.at(-1)!.path, 'http://x').searchParams
  assert.equal(narrowed.has('since'), false, 'another time takes the place of the one of the view')
})

test('a view that does not exist ends with 4 and says which there are', async context => {
  const server = await startStandIn(context, { 'GET /api/views': { items: [view('Failing')] } })
  const { code, stderr } = await run(['run', 'list', '--view', 'Falling'], { server })
  assert.equal(code, 4)
  assert.match(stderr, /There is no view "Falling" of the runs/)
  assert.match(stderr, /There are "Failing"/)
})

test('filters are given one by one', async context => {
  const server = await startStandIn(context, { 'POST /api/views': view('Failed') })
  const filters = ['--filter', 'state=failed', '--filter', 'state=timed-out', '--filter', 'range=24h']
  const { code } = await run(['view', 'save', 'Failed', 'runs', ...filters, '--pin'], { server })
  assert.equal(code, 0)
  assert.deepEqual(server.received.at(-1)!.json, {
    list: 'runs',
    name: 'Failed',
    filters: { state: ['failed', 'timed-out'], range: '24h' },
    pinned: true,
  })
  const wrong = await run(['view', 'save', 'Failed', 'runs', '--filter', 'failed'], { server })
  assert.equal(wrong.code, 2)
})
