import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Figures, Statistics } from './shapes.ts'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

const figures: Figures = {
  events: { success: 38, error: 2 },
  attempts: { succeeded: 30, failed: 10 },
  runs: { succeeded: 30, failed: 10, cancelled: 0 },
  deliveryMs: { count: 30, p50: 18, p95: 1500 },
  attemptMs: { count: 40, p50: 4, p95: null },
}
const statistics: Statistics = {
  since: '2026-11-21T06:00:00.000Z',
  until: '2026-11-21T07:00:00.000Z',
  step: '1m',
  series: [
    {
      key: 'rea_1',
      name: 'mirror',
      total: figures,
      points: [{ at: '2026-11-21T06:00:00.000Z', ...figures }],
    },
  ],
}

test('stats shows the numbers of a time range, by whatever is asked for', async context => {
  const server = await startStandIn(context, { 'GET /api/statistics': statistics })
  const { code, stdout } = await run(['stats', '--since', '1h', '--by', 'reaction'], { server })
  assert.equal(code, 0)
  assert.equal(server.received[0]?.path, '/api/statistics?since=2026-11-21T06%3A00%3A00.000Z&by=reaction')
  assert.match(stdout, /\nmirror +40 +2 +30 +10 +40 +18 ms, 95 % 1.5 s +4 ms, 95 % -\n$/)
})

test('stats gives a line for each step when one is asked for', async context => {
  const server = await startStandIn(context, { 'GET /api/statistics': statistics })
  const { stdout } = await run(['stats', '--step', '1m'], { server })
  assert.match(stdout, /\n2026-11-21T06:00:00.000Z mirror +40 /)
})

test('stats refuses a step that there is not', async context => {
  const server = await startStandIn(context, {})
  const { code, stderr } = await run(['stats', '--step', '2m'], { server })
  assert.equal(code, 2)
  assert.match(stderr, /Allowed choices are 1m, 5m/)
})
