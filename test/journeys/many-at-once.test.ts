import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { send } from './support/ask.ts'
import type { List, RunSummary } from './support/shapes.ts'
import { startSignalbox, temporaryFolder, type Signalbox, type StartOptions } from './support/signalbox.ts'
import { type Scope } from './support/at-end.ts'
import { startTarget, type Target } from './support/target.ts'

interface Job {
  id: string
  state: string
  total: number | null
  examined: number
  made: number
  label: string
}

const inAll = 60

async function furnished(t: Scope, target: Target, options: StartOptions = {}): Promise<Signalbox> {
  const box = await startSignalbox(t, options)
  await box.api('POST', '/api/endpoints', {
    name: 'in',
    path: '/hooks/in',
    authentication: [{ type: 'none' }],
  })
  await box.api('POST', '/api/reactions', {
    name: 'forward',
    trigger: { type: 'endpoint', endpoint: 'in' },
    action: { type: 'http', url: target.url, bodyFrom: 'original' },
    retry: { delaysMs: [] },
  })
  for (let sent = 0; sent < inAll; sent++) await send(`${box.url}/hooks/in`, `{"n":${sent}}`)
  await target.have(inAll)
  return box
}

const jobWhich = (box: Signalbox, id: string, holds: (job: Job) => boolean): Promise<Job> => {
  let last = ''
  return until(
    () => `the job stands as it should. It stands: ${last}`,
    async () => {
      const job = await box.api<Job>('GET', `/api/jobs/${id}`)
      last = JSON.stringify(job)
      return holds(job) ? job : null
    },
    { deadlineMs: 30_000 },
  )
}

const replayedRuns = async (box: Signalbox): Promise<RunSummary[]> =>
  (await box.api<List<RunSummary>>('GET', '/api/runs?limit=500')).items.filter(run => run.replay)

/** Each event was replayed once: none was left out, and none came twice. */
async function assertOnceEach(box: Signalbox): Promise<void> {
  const events = (await replayedRuns(box)).map(run => run.eventId)
  assert.equal(events.length, inAll)
  assert.equal(new Set(events).size, inAll)
}

test('a replay of all that match is counted first, can be stopped, and goes on after a restart', async t => {
  const directory = join(temporaryFolder(t), 'data')
  mkdirSync(directory)
  const target = await startTarget(t)
  const box = await furnished(t, target, { directory })
  const match = { events: { endpoint: 'in' }, perSecond: 20 }
  interface Preview {
    count: number
    isExact: boolean
    examples: { reactions: string[] }[]
  }
  const preview = await box.api<Preview>('POST', '/api/jobs/replay/preview', match)
  assert.deepEqual([preview.count, preview.isExact, preview.examples.length], [inAll, true, 5])
  assert.deepEqual(preview.examples[0]?.reactions, ['forward'])
  assert.deepEqual(await replayedRuns(box), [], 'a preview does nothing')

  const { id } = await box.api<Job>('POST', '/api/jobs/replay', match)
  await jobWhich(box, id, job => job.examined >= 10)
  const stopped = await box.api<Job>('POST', `/api/jobs/${id}/stop`)
  assert.equal(stopped.state, 'stopped')
  assert.ok(stopped.examined < inAll, `${stopped.examined}: a bounded rate leaves time to stop it`)
  assert.equal((await box.ask('POST', `/api/jobs/${id}/stop`)).status, 409)
  await box.stop()

  const back = await startSignalbox(t, { directory })
  assert.equal((await back.api<Job>('GET', `/api/jobs/${id}`)).state, 'stopped')
  assert.equal((await replayedRuns(back)).length, stopped.made)
  await back.api<Job>('POST', `/api/jobs/${id}/resume`)
  const done = await jobWhich(back, id, job => job.state === 'done')
  assert.deepEqual([done.total, done.examined, done.made], [inAll, inAll, inAll])
  await assertOnceEach(back)
  await target.have(2 * inAll)
})

test('a job that is killed in the middle does each exactly once', async t => {
  const directory = join(temporaryFolder(t), 'data')
  mkdirSync(directory)
  const target = await startTarget(t)
  const made = await furnished(t, target, { directory })
  await made.stop()
  let id = ''
  for (const time of [2, 5]) {
    const dying = await startSignalbox(t, {
      directory,
      environment: { SIGNALBOX_FAILPOINT: `after-job-step:${time}` },
    })
    if (id === '') id = (await dying.api<Job>('POST', '/api/jobs/replay', { events: {}, perSecond: 40 })).id
    await until(() => 'it dies', dying.hasEnded, { deadlineMs: 20_000 })
  }
  const back = await startSignalbox(t, { directory })
  const before = await back.api<Job>('GET', `/api/jobs/${id}`)
  assert.ok(before.examined > 0 && before.examined < inAll, `${before.examined} were done when it died`)
  await jobWhich(back, id, job => job.state === 'done')
  await assertOnceEach(back)
})

test('after an outage all that failed is retried, and nothing else', async t => {
  const target = await startTarget(t)
  target.answer = () => ({ status: 400, body: 'no' })
  const box = await furnished(t, target)
  const failedRuns = async () =>
    (await box.api<List<RunSummary>>('GET', '/api/runs?state=failed&limit=500')).items.length
  await until(
    () => 'all have failed',
    async () => (await failedRuns()) === inAll,
  )
  const count = async (runs: object) =>
    (await box.api<{ count: number }>('POST', '/api/jobs/retry/preview', { runs })).count
  assert.equal(await count({}), inAll)
  assert.equal(await count({ error: '400 Bad' }), inAll)
  assert.equal(await count({ error: '503' }), 0)
  assert.equal(await count({ until: '2020-01-01T00:00:00Z' }), 0)
  target.answer = () => ({ status: 200 })
  const { id } = await box.api<Job>('POST', '/api/jobs/retry', { runs: { reaction: 'forward' } })
  const done = await jobWhich(box, id, job => job.state === 'done')
  assert.deepEqual([done.examined, done.made], [inAll, inAll])
  await target.have(2 * inAll)
  await until(
    () => 'none is failed any more',
    async () => (await failedRuns()) === 0,
  )
  const ids = target.received.map(one => one.headers['webhook-id'])
  assert.equal(new Set(ids).size, inAll, 'each came again under its own id')
})
