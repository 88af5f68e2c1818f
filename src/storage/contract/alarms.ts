import assert from 'node:assert/strict'
import { type Beginning, breakerOpened, rejectionsToTell } from '../../core/alarm.ts'
import type { Storage } from '../port.ts'
import { anAttempt, anEvent, append, aRun, claim, createEndpoint, createReaction } from './builders.ts'
import type { Scenario } from './store.ts'

const dashboardUrl = 'https://signalbox.example.com'
const hourMs = 3_600_000

const target: Beginning = breakerOpened('hooks.example.com|once', 'deploy', 10, {
  runId: 'r_1',
  eventId: 'evt_1',
  label: 'The target answered 503',
  hops: 2,
})

/** Own events of a kind, the newest first, with what they tell. */
async function told(storage: Storage, kindName: string) {
  const deadlineAtMs = Number.MAX_SAFE_INTEGER
  const page = { filter: { kindNames: [kindName] }, before: null, limit: 100, deadlineAtMs }
  const { events } = await storage.query('listEvents', page)
  return Promise.all(
    events.map(async ({ id }) => {
      const stored = await storage.read('event', { id })
      const data = JSON.parse(Buffer.from(stored!.body).toString()) as Record<string, unknown>
      return { ...stored!.event, data }
    }),
  )
}

async function dueRun(storage: Storage, reactionId: string, atMs: number): Promise<void> {
  const event = anEvent({ hops: 2 })
  await storage.execute('appendEvent', event)
  const run = aRun(event.id, { reactionId, lane: reactionId, createdAtMs: atMs, dueAtMs: atMs })
  await storage.execute('replayEvent', { eventId: event.id, runs: [run] })
}

async function endedRun(storage: Storage, reactionId: string, state: 'failed' | 'succeeded', atMs: number) {
  await dueRun(storage, reactionId, atMs - 10)
  const [claimed] = await claim(storage, atMs, [{ lane: reactionId, limit: 1 }])
  const next = { state, dueAtMs: null, label: state === 'failed' ? 'The target answered 422' : '200 OK' }
  await storage.execute('recordAttempt', anAttempt(claimed!.run, { endedAtMs: atMs, next }))
  return claimed!.run
}

export function alarmScenarios(scenario: Scenario): void {
  scenario('an alarm begins once, whoever finds it first, with its event', async ({ storage, node }) => {
    const input = { beginnings: [target], nowMs: 5_000, dashboardUrl }
    const nodes = [storage, await node(), storage, await node()]
    const counts = await Promise.all(nodes.map(one => one.execute('beginAlarms', input)))
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      1,
    )
    const [event, ...others] = await told(storage, 'breaker.opened')
    assert.equal(others.length, 0)
    assert.deepEqual([event?.hops, event?.error], [3, event?.data['text']])
    assert.deepEqual(event?.data['lane'], { id: 'hooks.example.com|once', name: 'hooks.example.com' })
    const [row] = await storage.read('alarms', null)
    assert.deepEqual(
      [row?.kind, row?.subject_id, row?.event_id, row?.started_at],
      ['breaker.opened', 'hooks.example.com|once', event?.id, 5_000],
    )
  })

  scenario('it ends once, tells since when it lasted, and may begin anew', async ({ storage, node }) => {
    const terms = { nowMs: 5_000, dashboardUrl }
    await storage.execute('beginAlarms', { ...terms, beginnings: [target] })
    const end = { alarms: [{ kind: target.kind, subjectId: target.subject.id }], nowMs: 6_000, dashboardUrl }
    const other = await node()
    const counts = await Promise.all([storage.execute('endAlarms', end), other.execute('endAlarms', end)])
    assert.deepEqual(
      counts.toSorted((a, b) => a - b),
      [0, 1],
    )
    assert.deepEqual(await storage.read('alarms', null), [])
    const [event] = await told(storage, 'breaker.closed')
    assert.deepEqual([event?.error, event?.data['since']], [null, '1970-01-01T00:00:05.000Z'])
    assert.equal(event?.data['text'], 'hooks.example.com answers again')
    assert.equal(await storage.execute('beginAlarms', { ...terms, beginnings: [target] }), 1)
    const quiet = { ...end, alarms: [{ ...end.alarms[0]!, text: null }] }
    assert.equal(await storage.execute('endAlarms', quiet), 0)
    assert.deepEqual(await storage.read('alarms', null), [])
    assert.equal((await told(storage, 'breaker.closed')).length, 1)
  })

  scenario('an endpoint is silent from its last event on, and active with the next', async ({ storage }) => {
    const { id, name } = await createEndpoint(storage)
    const listened = { id, name: name!, team: null, changedAtMs: 1_000, silentAfterMs: hourMs }
    const check = (nowMs: number) =>
      storage.execute('checkSilence', { endpoints: [listened], nowMs, dashboardUrl })
    const fresh = await check(2_000)
    assert.deepEqual(fresh, { told: 0, listened: [{ id, silent: false, atMs: 1_000 + hourMs }] })
    await append(storage, { endpointId: id, receivedAtMs: 5_000 })
    assert.equal((await check(1_000 + hourMs)).listened[0]?.atMs, 5_000 + hourMs)
    assert.equal((await check(5_000 + hourMs)).told, 1)
    assert.equal((await check(5_001 + hourMs)).told, 0, 'told once')
    const [silent] = await told(storage, 'endpoint.silent')
    assert.deepEqual([silent?.data['silentMs'], silent?.data['downMs']], [hourMs, 0])
    assert.equal(silent?.data['url'], `${dashboardUrl}/endpoints/${id}`)
    assert.equal(silent?.endpoint_id, null, 'it is no event of the endpoint')
    await append(storage, { endpointId: id, receivedAtMs: 6_000 + hourMs })
    assert.deepEqual(await check(7_000 + hourMs), {
      told: 1,
      listened: [{ id, silent: false, atMs: 6_000 + 2 * hourMs }],
    })
    assert.equal((await told(storage, 'endpoint.active-again')).length, 1)
  })

  scenario('time in which Signalbox did not run is no silence', async ({ storage }) => {
    const { id, name } = await createEndpoint(storage)
    const listened = { id, name: name!, team: null, changedAtMs: 0, silentAfterMs: hourMs }
    const check = (nowMs: number) =>
      storage.execute('checkSilence', { endpoints: [listened], nowMs, dashboardUrl })
    await storage.execute('noteAlive', { nowMs: 1_000, longestMs: 0 })
    await storage.execute('noteAlive', { nowMs: 60_000, longestMs: 150_000 })
    await storage.execute('noteAlive', { nowMs: 60_000 + 3 * hourMs, longestMs: 0 })
    const after = await check(60_000 + 3 * hourMs)
    assert.deepEqual(after, { told: 0, listened: [{ id, silent: false, atMs: 4 * hourMs }] })
    assert.equal((await check(4 * hourMs)).told, 1)
    const [silent] = await told(storage, 'endpoint.silent')
    assert.deepEqual([silent?.data['silentMs'], silent?.data['downMs']], [hourMs, 3 * hourMs])
    assert.match(silent?.error ?? '', /for 1 h, not counting 3 h in which Signalbox itself was down/)
  })

  scenario('many requests in a row that are turned away are an alarm, until some are taken', async s => {
    const { storage } = s
    const { id: endpointId } = await createEndpoint(storage)
    const reject = (count: number, atMs: number, refused = true) =>
      storage.execute('recordRejections', {
        rejections: [{ endpointId, reason: 'token.wrong', count, atMs, sender: '', detail: '', refused }],
      })
    assert.deepEqual(await reject(rejectionsToTell - 1, 1_000), [])
    await append(storage, { endpointId, receivedAtMs: 2_000 })
    assert.deepEqual(await reject(1, 3_000), [], 'one was taken in between')
    const [many] = await reject(rejectionsToTell, 4_000)
    assert.equal(many?.count, rejectionsToTell + 1)
    const beginning: Beginning = {
      ...target,
      kind: 'endpoint.rejecting',
      subject: { id: endpointId, name: 'orders', team: null },
    }
    await storage.execute('beginAlarms', { beginnings: [beginning], nowMs: 4_000, dashboardUrl })
    const check = (nowMs: number) => storage.execute('checkRejecting', { nowMs, dashboardUrl, calmMs: 1_000 })
    assert.deepEqual(await check(9_000), { told: 0, left: 1 }, 'nothing was taken since')
    await append(storage, { endpointId, receivedAtMs: 9_500 })
    await reject(1, 9_600)
    assert.deepEqual(await check(10_000), { told: 0, left: 1 }, 'some are still turned away')
    assert.deepEqual(await check(10_600), { told: 1, left: 0 })
    assert.equal((await told(storage, 'endpoint.accepting-again')).length, 1)
    assert.deepEqual(await reject(50, 20_000, false), [], 'a handshake is none')
  })

  scenario('a reaction fails with so many failed runs in a row, and recovers when it is calm', async s => {
    const { storage } = s
    const definition = JSON.stringify({ name: 'deploy', failingAfter: 2 })
    const { reaction_id: id } = await createReaction(storage, { definition })
    const check = (nowMs: number, recent = false) =>
      storage.execute('checkFailing', {
        reactionIds: recent ? [] : [id],
        recent,
        calmMs: 1_000,
        nowMs,
        dashboardUrl,
      })
    const fail = (atMs: number) => endedRun(storage, id, 'failed', atMs)
    const nothing = { told: 0, failing: [] }
    await fail(1_000)
    assert.deepEqual(await check(1_001), nothing)
    await endedRun(storage, id, 'succeeded', 2_000)
    await fail(3_000)
    assert.deepEqual(await check(3_001), nothing, 'one succeeded in between')
    const last = await fail(4_000)
    assert.deepEqual(await check(4_001, true), { told: 1, failing: [{ id, atMs: null }] })
    const [event] = await told(storage, 'reaction.failing')
    assert.equal(event?.error, 'The last 2 runs of deploy failed: The target answered 422')
    assert.deepEqual([event?.data['run'], event?.hops], [{ id: last.id }, 3])
    await fail(5_000)
    assert.deepEqual(await check(5_001), { told: 0, failing: [{ id, atMs: null }] })
    await endedRun(storage, id, 'succeeded', 5_500)
    assert.deepEqual(await check(5_501), { told: 0, failing: [{ id, atMs: 6_000 }] }, 'not calm yet')
    assert.deepEqual(await check(6_000), { told: 1, failing: [] })
    assert.equal((await told(storage, 'reaction.recovered')).length, 1)
    assert.deepEqual(await storage.read('alarms', null), [])
  })

  scenario(
    'a run that is tried again and again counts before it has failed for good',
    async ({ storage }) => {
      const definition = JSON.stringify({ name: 'deploy' })
      const { reaction_id: id } = await createReaction(storage, { definition })
      await dueRun(storage, id, 1_000)
      const check = () =>
        storage.execute('checkFailing', {
          reactionIds: [id],
          recent: false,
          calmMs: 1,
          nowMs: 9_000,
          dashboardUrl,
        })
      for (let tries = 1; tries <= 5; tries++) {
        assert.equal((await check()).told, 0, `after ${tries - 1} tries`)
        const [claimed] = await claim(storage, 2_000, [{ lane: id, limit: 1 }])
        const next = { state: 'due', dueAtMs: 2_000, label: 'The target answered 503' } as const
        await storage.execute('recordAttempt', anAttempt(claimed!.run, { outcome: 'failed', next }))
      }
      assert.equal((await check()).told, 1)
      const [event] = await told(storage, 'reaction.failing')
      assert.equal(
        event?.error,
        'A run of deploy has failed 5 times and is tried again: The target answered 503',
      )
    },
  )

  scenario('a reaction that is disabled, or not to be watched, has no alarm', async ({ storage }) => {
    const definition = JSON.stringify({ name: 'deploy', failingAfter: 1 })
    const { reaction_id: id } = await createReaction(storage, { definition })
    const check = () =>
      storage.execute('checkFailing', {
        reactionIds: [id],
        recent: false,
        calmMs: 1,
        nowMs: 9_000,
        dashboardUrl,
      })
    await endedRun(storage, id, 'failed', 1_000)
    assert.equal((await check()).told, 1)
    const change = { id, expectedVersion: null, actor: 'Ada', atMs: 2_000 }
    await storage.execute('updateReaction', { ...change, set: { state: 'disabled' } })
    assert.deepEqual(await check(), { told: 0, failing: [] })
    assert.deepEqual(await storage.read('alarms', null), [])
    const unwatched = JSON.stringify({ name: 'deploy', failingAfter: 0 })
    await storage.execute('updateReaction', { ...change, set: { state: 'active', definition: unwatched } })
    assert.deepEqual(await check(), { told: 0, failing: [] })
  })
}
