import assert from 'node:assert/strict'
import { listenerLane } from '../../core/listener.ts'
import type { NewRun } from '../hot.ts'
import type { Storage } from '../port.ts'
import type { ListenerTable } from '../schema.ts'
import { anAttempt, anEvent, aRun, claim } from './builders.ts'
import type { Scenario } from './store.ts'

const target = 'http://localhost:3000/'
const lane = listenerLane('lis_1', target)

const aListener = (set: Partial<ListenerTable> = {}): ListenerTable => ({
  id: 'lis_1',
  endpoint_id: 'ep_1',
  target,
  settings: '{}',
  session: 'first',
  team: null,
  actor: 'Ada',
  created_at: 1_000,
  seen_at: 1_000,
  ...set,
})

const runFor = (eventId: string, set: Partial<NewRun> = {}) =>
  aRun(eventId, { reactionId: 'lis_1', lane, ...set })

async function eventId(storage: Storage): Promise<string> {
  const event = anEvent()
  await storage.execute('appendEvent', event)
  return event.id
}

const queue = (storage: Storage, runs: NewRun[], session = 'first') =>
  storage.execute('queueForListener', { id: 'lis_1', session, nowMs: 1_000, runs })

export function listenerScenarios(scenario: Scenario): void {
  scenario('a listener gets one run an event and occasion, however often it asks', async store => {
    const { storage } = store
    await storage.execute('createListener', aListener())
    const id = await eventId(storage)
    assert.equal(await queue(storage, [runFor(id)]), 1)
    assert.equal(await queue(await store.node(), [runFor(id)]), 0)
    assert.equal(await queue(storage, [runFor(id, { occasion: 'again' })]), 1)
    assert.equal((await storage.query('runsOfEvent', { eventId: id })).length, 2)
  })

  scenario('only the session that opened a listener last may use it', async ({ storage }) => {
    await storage.execute('createListener', aListener())
    const opening = { id: 'lis_1', session: 'second', lane, settings: '{"where":""}', nowMs: 2_000 }
    const opened = await storage.execute('openListener', opening)
    assert.deepEqual(
      [opened.session, opened.settings, opened.seen_at, opened.target],
      ['second', '{"where":""}', 2_000, target],
    )
    const id = await eventId(storage)
    await assert.rejects(queue(storage, [runFor(id)], 'first'), { name: 'Refusal', code: 'state-conflict' })
    assert.deepEqual(await storage.query('runsOfEvent', { eventId: id }), [])
    const use = { id: 'lis_1', session: 'second', nowMs: 3_000 }
    await storage.execute('useListener', use)
    assert.equal((await storage.query('findListener', { id: 'lis_1' }))?.seen_at, 3_000)
    await assert.rejects(storage.execute('openListener', { ...opening, id: 'lis_none' }), {
      name: 'Refusal',
      code: 'not-found',
    })
  })

  scenario('what a session was trying is free at once when the next one opens', async ({ storage }) => {
    await storage.execute('createListener', aListener())
    await queue(storage, [runFor(await eventId(storage))])
    const lanes = [{ lane, limit: 5 }]
    const [first] = await claim(storage, 1_000, lanes)
    assert.deepEqual(await claim(storage, 1_500, lanes), [], 'it is being tried')
    await storage.execute('openListener', {
      id: 'lis_1',
      session: 'second',
      lane,
      settings: '{}',
      nowMs: 2_000,
    })
    const [second] = await claim(storage, 2_000, lanes)
    assert.equal(second?.run.attempts, 1, 'the attempt of the former session counts as lost')
    const [lost] = await storage.query('attemptsOfRun', { runId: first!.run.id })
    assert.match(lost!.message, /^The listener stopped/)
    const late = await storage.execute('recordAttempt', anAttempt(first!.run))
    assert.equal(late.recorded, false)
    const { recorded } = await storage.execute('recordAttempt', anAttempt(second.run))
    assert.equal(recorded, true)
  })

  scenario('what a listener is trying is its own also when Signalbox starts again', async ({ storage }) => {
    await storage.execute('createListener', aListener())
    await queue(storage, [runFor(await eventId(storage))])
    const [claimed] = await claim(storage, 1_000, [{ lane, limit: 1 }])
    assert.equal(await storage.execute('releaseLeases', { nowMs: 1_500 }), 0)
    assert.deepEqual(await claim(storage, 1_500, [{ lane, limit: 1 }]), [])
    assert.equal((await storage.execute('recordAttempt', anAttempt(claimed!.run))).recorded, true)
  })

  scenario(
    'claims that never reached the listener are free again, and those that it holds are not',
    async store => {
      const { storage } = store
      await storage.execute('createListener', aListener())
      const ids = [await eventId(storage), await eventId(storage)]
      await queue(
        storage,
        ids.map(id => runFor(id)),
      )
      const claimed = await claim(storage, 1_000, [{ lane, limit: 5 }])
      const [held, unheld] = claimed.map(({ run }) => run)
      await storage.execute('releaseUnheld', { lane, held: [held!.id], nowMs: 1_500 })
      const again = await claim(storage, 1_500, [{ lane, limit: 5 }])
      assert.deepEqual(
        again.map(({ run }) => [run.id, run.attempts]),
        [[unheld!.id, 0]],
        'nothing was sent, so no attempt was lost',
      )
      await storage.execute('releaseUnheld', { lane, held: [], nowMs: 2_000 })
      assert.equal((await claim(storage, 2_000, [{ lane, limit: 5 }])).length, 2)
    },
  )

  scenario('a run that nobody reports on is timed out, and wakes nobody', async ({ storage }) => {
    await storage.execute('createListener', aListener())
    const [waiting, tried] = [await eventId(storage), await eventId(storage)]
    await queue(storage, [runFor(tried, { deadlineAtMs: 5_000 })])
    await claim(storage, 1_000, [{ lane, limit: 1 }])
    await queue(storage, [runFor(waiting, { deadlineAtMs: 5_000 })])
    const expired = await storage.execute('expireRuns', { nowMs: 100_000, limit: 10 })
    assert.equal(expired.length, 2)
    for (const event of [waiting, tried]) {
      const [run] = await storage.query('runsOfEvent', { eventId: event })
      assert.deepEqual([run?.state, run?.due_at, run?.ended_at], ['timed-out', null, 100_000])
    }
    const filter = { kindTypes: ['signalbox'] }
    const told = { filter, before: null, limit: 10, deadlineAtMs: Date.now() + 10_000 }
    assert.deepEqual((await storage.query('listEvents', told)).events, [])
  })

  scenario(
    'the listeners of an endpoint are listed, the last seen first, until they are forgotten',
    async store => {
      const { storage } = store
      await storage.execute('createListener', aListener())
      await storage.execute('createListener', aListener({ id: 'lis_2', seen_at: 5_000 }))
      await storage.execute('createListener', aListener({ id: 'lis_3', endpoint_id: 'ep_2' }))
      const listed = async () =>
        (await storage.query('listenersOf', { endpointId: 'ep_1', limit: 10 })).map(one => one.id)
      assert.deepEqual(await listed(), ['lis_2', 'lis_1'])
      await storage.execute('forgetListeners', { seenBeforeMs: 2_000 })
      assert.deepEqual(await listed(), ['lis_2'])
    },
  )

  scenario('what a deleted listener had left to do is cancelled, in steps', async ({ storage }) => {
    await storage.execute('createListener', aListener())
    const ids = [await eventId(storage), await eventId(storage), await eventId(storage)]
    await queue(
      storage,
      ids.map(id => runFor(id)),
    )
    const other = aRun(ids[0]!, { occasion: 'other' })
    await storage.execute('replayEvent', { eventId: ids[0]!, runs: [other] })
    const deletion = { id: 'lis_1', lane, by: 'Ada', nowMs: 2_000, limit: 2 }
    assert.equal(await storage.execute('deleteListener', deletion), 2)
    await assert.rejects(queue(storage, [runFor(ids[0]!)]), { name: 'Refusal', code: 'not-found' })
    assert.equal(await storage.execute('deleteListener', deletion), 1)
    assert.equal(await storage.execute('deleteListener', deletion), 0)
    const runs = await Promise.all(ids.map(id => storage.query('runsOfEvent', { eventId: id })))
    const stateOf = (run: { state: string; label: string }) => `${run.state}: ${run.label}`
    const mine = runs.flat().filter(run => run.reaction_id === 'lis_1')
    assert.deepEqual(
      mine.map(stateOf),
      ids.map(() => 'cancelled: Cancelled by Ada, who deleted its listener'),
    )
    assert.equal((await storage.read('run', { id: other.id }))?.state, 'due')
  })
}
