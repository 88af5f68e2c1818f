import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './testing/captured.ts'
import { runExample, runSummary } from './testing/examples.ts'
import { startStandIn } from './testing/stand-in.ts'

test('run list filters by state, and by several of them', async context => {
  const server = await startStandIn(context, { 'GET /api/runs': { items: [runSummary], next: null } })
  const { code, stdout } = await run(
    ['run', 'list', '--state', 'failed', '--state', 'timed-out', '--reaction', 'mirror'],
    { server },
  )
  assert.equal(code, 0)
  assert.equal(server.received[0]?.path, '/api/runs?reaction=mirror&state=failed&state=timed-out')
  assert.match(
    stdout,
    /\nr_1 +failed +mirror +evt_1 +1 +30 s ago +500 Internal Server Error; no retry is set\n$/,
  )
})

test('run show prints the attempts and what was sent and answered, with control characters escaped', async context => {
  const server = await startStandIn(context, { 'GET /api/runs/r_1': runExample })
  const { code, stdout } = await run(['run', 'show', 'r_1'], { server })
  assert.equal(code, 0)
  assert.match(stdout, /Attempt 1 sent POST http:\/\/127\.0\.0\.1:9\/in\n {2}webhook-id: msg_1\n/)
  assert.match(stdout, /It got 500 from 127\.0\.0\.1\n {2}server: broken\n\n {2}no\\x1b\[2Jpe\n/)
})

test('run show of an attempt that there is not ends with 4', async context => {
  const server = await startStandIn(context, { 'GET /api/runs/r_1': runExample })
  const { code, stderr } = await run(['run', 'show', 'r_1', '--attempt', '7'], { server })
  assert.equal(code, 4)
  assert.match(stderr, /has no attempt 7; it has 1 attempt/)
})

test('run retry and run cancel say how the run stands', async context => {
  const server = await startStandIn(context, {
    'POST /api/runs/r_1/retry': { ...runSummary, state: 'due', dueAt: '2026-11-21T07:00:05.000Z' },
    'POST /api/runs/r_1/cancel': { ...runSummary, state: 'cancelled' },
  })
  assert.equal((await run(['run', 'retry', 'r_1'], { server })).stdout, 'Run r_1 is due, next try in 5 s\n')
  assert.equal((await run(['run', 'cancel', 'r_1'], { server })).stdout, 'Run r_1 is cancelled\n')
})
