import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'
import type { Event } from '../core/event.ts'
import type { RecordAttempt } from '../storage/hot.ts'

let world: World
let reactionId: string
before(async () => {
  world = await startWorld()
  const definition = {
    name: 'caller',
    trigger: { type: 'events' },
    action: { type: 'http', url: 'https://example.com' },
    deadlineMs: 60_000,
  }
  reactionId = (await world.call('POST', '/api/reactions', definition)).body.id
})
after(() => world.close())

/** A run that was claimed and tried once. */
async function tried(change: Partial<RecordAttempt> = {}): Promise<{ event: Event; runId: string }> {
  const event = await world.event()
  const [runId] = await world.react(event, [reactionId])
  assert.ok(runId)
  const { storage } = world.services
  const { nowMs } = world.clock
  const lanes = [{ lane: (await storage.read('run', { id: runId }))?.lane ?? '', limit: 10 }]
  await storage.execute('claimRuns', { lanes, nowMs, leaseUntilMs: nowMs + 60_000 })
  const run = await storage.read('run', { id: runId })
  const record = {
    request: { method: 'POST', url: 'https://example.com/', headers: [['X-A', '1']], bodyBytes: 2 },
    response: {
      status: 500,
      headers: [['Server', 'x']],
      bodyBytes: 3,
      bodyTruncated: false,
      remoteAddress: '192.0.2.1',
    },
    timings: { firstByteMs: 1.5 },
  }
  await storage.execute('recordAttempt', {
    runId,
    claimNo: run?.claim_no ?? 0,
    number: 1,
    startedAtMs: nowMs,
    endedAtMs: nowMs + 250,
    outcome: 'failed',
    errorCode: 'answer.status',
    message: '500 Internal Server Error',
    status: 500,
    record: JSON.stringify(record),
    request: new TextEncoder().encode('hi'),
    response: new TextEncoder().encode('ohä').subarray(0, 3),
    next: { state: 'failed', dueAtMs: null, label: '500' },
    ownEvents: [],
    ...change,
  })
  return { event, runId }
}

test('a run is told with its event and each attempt, as it was recorded', async () => {
  const { event, runId } = await tried()
  const { body } = await world.call('GET', `/api/runs/${runId}`)
  assert.deepEqual(
    [body.state, body.attempts, body.reactionName, body.event.id],
    ['failed', 1, 'caller', event.id],
  )
  assert.deepEqual(body.attemptList, [
    {
      number: 1,
      startedAt: '2026-11-21T06:50:00.000Z',
      endedAt: '2026-11-21T06:50:00.250Z',
      durationMs: 250,
      outcome: 'failed',
      errorCode: 'answer.status',
      message: '500 Internal Server Error',
      request: {
        method: 'POST',
        url: 'https://example.com/',
        headers: [['X-A', '1']],
        body: 'hi',
        bodyBytes: 2,
      },
      response: {
        status: 500,
        headers: [['Server', 'x']],
        body: 'oh\ufffd',
        bodyBytes: 3,
        bodyTruncated: false,
        remoteAddress: '192.0.2.1',
        timings: { firstByteMs: 1.5 },
      },
    },
  ])
})

test('an attempt of which nothing left is told without a request', async () => {
  const { runId } = await tried({ record: '{}', outcome: 'lost', status: null })
  const [attempt] = (await world.call('GET', `/api/runs/${runId}`)).body.attemptList
  assert.deepEqual([attempt.outcome, attempt.request, attempt.response], ['lost', null, null])
})

test('a failed run is opened again with a deadline of its own, and cancelled', async () => {
  const { runId } = await tried()
  world.clock.nowMs += 3_600_000
  const retried = await world.call('POST', `/api/runs/${runId}/retry`)
  assert.deepEqual([retried.status, retried.body.state], [200, 'due'])
  assert.equal(retried.body.deadlineAt, new Date(world.clock.nowMs + 60_000).toISOString())
  const again = await world.call('POST', `/api/runs/${runId}/retry`)
  const { state, dueAt, deadlineAt } = retried.body
  assert.deepEqual([again.status, again.body.state, again.body.dueAt], [200, state, dueAt])
  assert.equal(again.body.deadlineAt, deadlineAt, 'what waits is tried at once, and nothing else')
  const cancelled = await world.call('POST', `/api/runs/${runId}/cancel`)
  assert.deepEqual([cancelled.body.state, cancelled.body.label], ['cancelled', 'Cancelled by admin'])
  assert.equal((await world.call('POST', `/api/runs/${runId}/cancel`)).status, 409)
  for (const move of ['retry', 'cancel'])
    assert.equal((await world.call('POST', `/api/runs/r_unknown/${move}`)).status, 404)
})

test('runs are found by reaction, event, state and time, and come in pages', async () => {
  const { event, runId } = await tried()
  const ids = async (query: string) =>
    (await world.call('GET', `/api/runs?${query}`)).body.items.map((run: { id: string }) => run.id)
  assert.deepEqual(await ids(`event=${event.id}`), [runId])
  assert.deepEqual(await ids('reaction=caller&limit=1'), [runId])
  assert.deepEqual(await ids(`reaction=${reactionId}&state=failed&state=cancelled&limit=1`), [runId])
  assert.deepEqual(await ids('state=held'), [])
  assert.deepEqual(await ids('since=2099-01-01T00:00:00Z'), [])
  assert.deepEqual(await ids('until=2000-01-01T00:00:00Z'), [])
  const all = await ids('limit=500')
  const first = (await world.call('GET', '/api/runs?limit=1')).body
  assert.deepEqual([first.items[0].id, ...(await ids(`limit=500&cursor=${first.next}`))], all)
  assert.equal((await world.call('GET', '/api/runs?reaction=nobody')).status, 404)
  assert.equal((await world.call('GET', '/api/runs?state=lost')).status, 400)
})
