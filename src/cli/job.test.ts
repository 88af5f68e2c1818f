import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Job } from './shapes.ts'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

const job: Job = {
  id: 'job_1',
  kind: 'replay',
  state: 'working',
  perSecond: 100,
  total: 250,
  examined: 40,
  made: 38,
  label: '',
  createdAt: '2026-11-21T06:59:30.000Z',
  endedAt: null,
}

test('event replay --match says how many there are, and begins only with --yes', async context => {
  const server = await startStandIn(context, {
    'POST /api/jobs/replay/preview': { count: 250, isExact: true, examples: [] },
    'POST /api/jobs/replay': { status: 201, json: job },
  })
  const match = [
    'event',
    'replay',
    '--match',
    '--kind',
    'deployment',
    '--since',
    '1h',
    '--reaction',
    'mirror',
  ]
  const asked = await run(match, { server })
  assert.equal(asked.stdout, '250 events would be taken. Add --yes to begin.\n')
  const begun = await run([...match, '--yes', '--per-second', '20'], { server })
  assert.equal(begun.stdout, 'Job job_1 is working: 40 of 250, 38 runs made\n')
  const events = { kind: ['deployment'], since: '2026-11-21T06:00:00.000Z' }
  assert.deepEqual(
    server.received.map(one => one.json),
    [
      { events, reaction: 'mirror' },
      { events, reaction: 'mirror', perSecond: 20 },
    ],
  )
})

test('run retry --failed takes a window, a reaction and an error', async context => {
  const server = await startStandIn(context, {
    'POST /api/jobs/retry/preview': { count: 1, isExact: false, examples: [] },
  })
  const args = ['run', 'retry', '--failed', '--since', '2h', '--reaction', 'mirror', '--error', '503']
  const { stdout } = await run(args, { server })
  assert.equal(stdout, 'At least 1 failed run would be taken. Add --yes to begin.\n')
  assert.deepEqual(server.received[0]?.json, {
    runs: { since: '2026-11-21T05:00:00.000Z', reaction: 'mirror', error: '503' },
  })
})

test('one or many, but not both and not neither', async context => {
  const server = await startStandIn(context, {})
  for (const args of [
    ['event', 'replay'],
    ['run', 'retry'],
    ['run', 'retry', 'r_1', '--failed'],
  ]) {
    const { code, stderr } = await run(args, { server })
    assert.equal(code, 2, args.join(' '))
    assert.match(stderr, /--(match|failed)/)
  }
  assert.equal(server.received.length, 0)
})

test('job list, stop and resume say how a job stands', async context => {
  const stopped: Job = { ...job, state: 'stopped', label: 'Stopped by admin' }
  const server = await startStandIn(context, {
    'GET /api/jobs': { items: [job], next: null },
    'POST /api/jobs/job_1/stop': stopped,
    'POST /api/jobs/job_1/resume': job,
  })
  const listed = await run(['job', 'list'], { server })
  assert.match(listed.stdout, /\njob_1 +working +replay events +40 of 250 +38 runs +30 s ago\n$/)
  const { stdout } = await run(['job', 'stop', 'job_1'], { server })
  assert.equal(stdout, 'Job job_1 is stopped: 40 of 250, 38 runs made. Stopped by admin\n')
  assert.match((await run(['job', 'resume', 'job_1'], { server })).stdout, /is working/)
})
