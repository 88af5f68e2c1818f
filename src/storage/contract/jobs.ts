import assert from 'node:assert/strict'
import type { JobStep } from '../commands/jobs.ts'
import type { Storage } from '../port.ts'
import type { JobTable } from '../schema.ts'
import { anAttempt, anEvent, aRun, claim, claimedRun, makeRuns } from './builders.ts'
import type { Scenario } from './store.ts'

let made = 0
const aJob = (set: Partial<JobTable> = {}): JobTable => ({
  id: `job_${String(++made).padStart(4, '0')}`,
  kind: 'replay',
  state: 'working',
  filter: '{}',
  reaction_id: null,
  per_second: 100,
  position: 1_000,
  last_position: 1_000,
  total: null,
  examined: 0,
  made: 0,
  label: '',
  team: null,
  actor: 'Ada',
  created_at: 1_000,
  told_at: 1_000,
  ended_at: null,
  ...set,
})

const aStep = (job: JobTable, set: Partial<JobStep> = {}): JobStep => ({
  id: job.id,
  from: job.position,
  to: job.position - 10,
  isLast: false,
  examined: 1,
  replay: [],
  retry: [],
  nowMs: 5_000,
  ...set,
})

async function failedRun(storage: Storage, label: string, endedAtMs: number): Promise<string> {
  const { run } = await claimedRun(storage, { lane: 'example.com' })
  const next = { state: 'failed', dueAtMs: null, label } as const
  await storage.execute('recordAttempt', anAttempt(run, { outcome: 'failed', endedAtMs, next }))
  return run.id
}

export function jobScenarios(scenario: Scenario): void {
  scenario('a step is taken once, however often it is asked for', async ({ storage, node }) => {
    const event = anEvent()
    await storage.execute('appendEvent', event)
    const job = await storage.execute('createJob', aJob())
    const step = () =>
      aStep(job, {
        replay: [{ eventId: event.id, runs: [aRun(event.id, { occasion: job.id })] }],
      })
    const other = await node()
    const taken = await Promise.all([storage.execute('stepJob', step()), other.execute('stepJob', step())])
    assert.equal(taken.filter(one => one !== null).length, 1)
    const runs = await storage.query('runsOfEvent', { eventId: event.id })
    assert.deepEqual(
      runs.map(run => run.occasion),
      [job.id],
    )
    const now = await storage.query('findJob', { id: job.id })
    assert.deepEqual([now?.position, now?.examined, now?.made, now?.state], [990, 1, 1, 'working'])
  })

  scenario('an event that the job came to before is not replayed again', async ({ storage }) => {
    const event = anEvent()
    await storage.execute('appendEvent', event)
    const job = await storage.execute('createJob', aJob())
    const replay = () => [{ eventId: event.id, runs: [aRun(event.id, { occasion: job.id })] }]
    const first = await storage.execute('stepJob', aStep(job, { replay: replay() }))
    const second = await storage.execute('stepJob', aStep(first!, { replay: replay(), isLast: true }))
    assert.deepEqual([second?.made, second?.examined, second?.state], [1, 2, 'done'])
  })

  scenario('failed runs are opened again, and only those', async ({ storage }) => {
    const failed = await failedRun(storage, '500', 3_000)
    const [waiting] = await makeRuns(storage, { lane: 'other' })
    const job = await storage.execute('createJob', aJob({ kind: 'retry' }))
    const retry = [failed, waiting!.id].map(id => ({ id, lane: '', deadlineAtMs: 9_000 }))
    const after = await storage.execute('stepJob', aStep(job, { retry, isLast: true }))
    assert.equal(after?.made, 1)
    const run = await storage.read('run', { id: failed })
    assert.deepEqual([run?.state, run?.due_at, run?.tries, run?.label], ['due', 5_000, 0, 'Retried by Ada'])
    assert.deepEqual(
      (await claim(storage, 6_000)).map(one => one.run.id),
      [failed],
    )
  })

  scenario('a stopped job takes no step, and goes on where it was', async ({ storage }) => {
    const job = await storage.execute('createJob', aJob())
    assert.deepEqual(await storage.read('workingJobs', null), [job.id])
    const stop = { id: job.id, from: 'working', state: 'stopped', label: 'Stopped by Ada', nowMs: 4_000 }
    assert.equal((await storage.execute('changeJob', stop)).ended_at, 4_000)
    assert.equal(await storage.execute('stepJob', aStep(job)), null)
    assert.deepEqual(await storage.read('workingJobs', null), [])
    await assert.rejects(storage.execute('changeJob', stop), { code: 'state-conflict' })
    await storage.execute('changeJob', { ...stop, from: 'stopped', state: 'working', label: '' })
    assert.equal((await storage.execute('stepJob', aStep(job)))?.position, 990)
    await assert.rejects(storage.execute('changeJob', { ...stop, id: 'job_none' }), { code: 'not-found' })
  })

  scenario('jobs are listed newest first', async ({ storage }) => {
    const [a, b, c] = [aJob(), aJob(), aJob()]
    for (const job of [a, b, c]) await storage.execute('createJob', job)
    const ids = async (before: string | null) =>
      (await storage.query('listJobs', { before, limit: 2, teams: 'all' })).map(job => job.id)
    assert.deepEqual([await ids(null), await ids(b.id)], [[c.id, b.id], [a.id]])
  })

  scenario('failed runs are found by reaction, error and the time when they failed', async ({ storage }) => {
    const first = await failedRun(storage, 'The target answered 503', 3_000)
    const second = await failedRun(storage, 'Timed out after 30 s', 4_000)
    await makeRuns(storage, {})
    const range = { before: Number.MAX_SAFE_INTEGER, limit: 10, deadlineAtMs: Date.now() + 10_000 }
    const found = async (filter: object) =>
      (await storage.query('failedRuns', { filter, ...range })).runs.map(run => run.id)
    assert.deepEqual(await found({}), [second, first])
    assert.deepEqual(await found({ error: 'TIMED out' }), [second])
    assert.deepEqual(await found({ sinceMs: 3_500 }), [second])
    assert.deepEqual(await found({ untilMs: 3_500 }), [first])
    assert.deepEqual(await found({ reactionId: 'rea_9' }), [])
    const page = await storage.query('failedRuns', { filter: {}, ...range, limit: 1 })
    assert.equal(page.runs[0]?.id, second)
    const rest = await storage.query('failedRuns', { filter: {}, ...range, before: page.before! })
    assert.deepEqual([rest.runs.map(run => run.id), rest.before], [[first], null])
  })
}
