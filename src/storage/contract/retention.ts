import assert from 'node:assert/strict'
import { eventIdAt, newEventId } from '../../core/ids.ts'
import type { Storage } from '../port.ts'
import {
  anAttempt,
  anEvent,
  append,
  aRun,
  claim,
  commitReacted,
  createReaction,
  makeRuns,
} from './builders.ts'
import { type Scenario, settled } from './store.ts'

const everything = { beforeId: 'evt_~', after: '', limit: 100, maxBytes: 1e9 }

const forget = async (storage: Storage): Promise<number> => {
  const { positions } = await storage.query('forgettable', everything)
  return storage.execute('forgetEvents', { positions, nowMs: 9_000 })
}

export function retentionScenarios(scenario: Scenario): void {
  scenario('an event goes with its body, targets, delivery, runs and attempts', async ({ storage }) => {
    const request = { deliveryId: 'd1' }
    const targets = [{ type: 'app', value: 'shop' }]
    const event = anEvent({ targets, deliveryId: 'd1', detail: JSON.stringify({ targets, request }) })
    const { position } = await storage.execute('appendEvent', event)
    const run = aRun(event.id)
    await commitReacted(storage, { position, runs: [run] })
    const [claimed] = await claim(storage, 1_000)
    await storage.execute('recordAttempt', anAttempt(claimed!.run))
    const kept = await append(storage)

    assert.equal(await forget(storage), 1)
    assert.equal(await storage.read('event', { id: event.id }), null)
    assert.equal(await storage.read('run', { id: run.id }), null)
    assert.deepEqual(await storage.query('attemptsOfRun', { runId: run.id }), [])
    const filter = { target: { type: 'app', value: 'shop' } }
    const found = { filter, before: null, limit: 10, deadlineAtMs: Number.MAX_SAFE_INTEGER }
    assert.deepEqual((await storage.query('listEvents', found)).events, [])
    const again = await append(storage, { deliveryId: 'd1' })
    assert.equal(again.duplicateOf, null, 'its delivery id is free')
    assert.ok(again.position > kept.position)
    const state = await storage.query('retentionState', null)
    assert.deepEqual([state.forgotten, state.lastAtMs], [1, 9_000])
  })

  scenario('what goes takes nothing of what stays, though they share their names', async ({ storage }) => {
    const targets = [{ type: 'app', value: 'shop' }]
    const named = (deliveryId: string) =>
      anEvent({ targets, deliveryId, detail: JSON.stringify({ targets, request: { deliveryId } }) })
    const [gone, kept] = [named('d1'), named('d2')]
    const first = await storage.execute('appendEvent', gone)
    const second = await storage.execute('appendEvent', kept)
    const runs = [aRun(gone.id), aRun(kept.id)]
    await commitReacted(storage, { position: second.position, runs })
    for (const { run } of await claim(storage, 1_000)) await storage.execute('recordAttempt', anAttempt(run))
    const positions = [first.position, first.position + 1_000_000_000]
    assert.equal(await storage.execute('forgetEvents', { positions, nowMs: 1 }), 1)

    const filter = { target: targets[0]! }
    const found = { filter, before: null, limit: 10, deadlineAtMs: Number.MAX_SAFE_INTEGER }
    const { events } = await storage.query('listEvents', found)
    assert.deepEqual(
      events.map(event => event.id),
      [kept.id],
    )
    assert.equal(await storage.read('run', { id: runs[0]!.id }), null)
    assert.equal((await storage.query('attemptsOfRun', { runId: runs[1]!.id })).length, 1)
    assert.equal((await append(storage, { deliveryId: 'd2' })).duplicateOf, kept.id)
  })

  scenario(
    'events are counted up to an id and up to a limit, and found by their age',
    async ({ storage }) => {
      const ids = [1, 2, 3, 4].map(at => newEventId(at * 1_000_000))
      for (const id of ids.toReversed()) await append(storage, { id })
      const count = (beforeId: string, limit = 10) => storage.query('countEvents', { beforeId, limit })
      assert.equal(await count(eventIdAt(3_000_000)), 2)
      assert.equal(await count('evt_~'), 4)
      assert.equal(await count('evt_~', 3), 3)
      assert.equal(await count(eventIdAt(0)), 0)
      assert.equal(await storage.query('eventIdByAge', { offset: 0 }), ids[0])
      assert.equal(await storage.query('eventIdByAge', { offset: 3 }), ids[3])
      assert.equal(await storage.query('eventIdByAge', { offset: 4 }), null)
    },
  )

  scenario('an event stays while one of its runs is not final, whoever asks', async ({ storage }) => {
    const [done, open] = await makeRuns(storage, {}, { state: 'held', dueAtMs: null })
    const [claimed] = await claim(storage, 1_000)
    await storage.execute('recordAttempt', anAttempt(claimed!.run))
    assert.deepEqual((await storage.query('forgettable', everything)).positions, [])
    const stored = await storage.read('event', { id: done!.eventId })
    const { position } = stored!.event
    assert.equal(await storage.execute('forgetEvents', { positions: [position], nowMs: 1 }), 0)
    assert.ok(await storage.read('run', { id: done!.id }), 'a final run stays with its event')
    await storage.execute('cancelRun', { id: open!.id, nowMs: 2_000, by: 'tester' })
    assert.equal(await forget(storage), 1)
    await assert.rejects(
      storage.execute('retryRun', { id: open!.id, nowMs: 1, deadlineAtMs: 2, by: 'tester' }),
      {
        code: 'not-found',
      },
    )
    await assert.rejects(storage.execute('replayEvent', { eventId: done!.eventId, runs: [] }), {
      code: 'not-found',
    })
  })

  scenario('an event that react has not seen stays', async ({ storage }) => {
    const seen = await append(storage)
    await commitReacted(storage, { position: seen.position })
    await append(storage)
    assert.deepEqual((await storage.query('forgettable', everything)).positions, [seen.position])
  })

  scenario('what is old enough is given a page at a time, oldest first', async ({ storage }) => {
    const appended = []
    for (const id of ['evt_a1', 'evt_a2', 'evt_a3', 'evt_b1']) appended.push(await append(storage, { id }))
    const positions = appended.map(one => one.position)
    await commitReacted(storage, { position: positions[3]! })
    const page = { ...everything, beforeId: 'evt_b', limit: 2 }
    const first = await storage.query('forgettable', page)
    assert.deepEqual(first, { positions: positions.slice(0, 2), after: 'evt_a2' })
    const second = await storage.query('forgettable', { ...page, after: first.after ?? '' })
    assert.deepEqual(second, { positions: [positions[2]], after: null })
  })

  scenario('the order of commits goes on, also when nothing is left', async ({ storage }) => {
    await createReaction(storage)
    const event = await append(storage)
    await commitReacted(storage, { position: event.position, configVersion: 1 })
    await settled(storage, event.position)
    const before = await storage.read('lastPosition', null)
    assert.equal(await forget(storage), 1)
    assert.equal(await storage.execute('forgetChanges', { beforeMs: 999, limit: 10 }), 0, 'none is older')
    assert.ok((await storage.execute('forgetChanges', { beforeMs: 1_001, limit: 10 })) > 0)
    assert.ok((await storage.read('lastPosition', null)) >= before)
    const page = await storage.read('changesAfter', { position: before, limit: 10 })
    assert.deepEqual(page.changes, [])
    const next = await append(storage)
    await settled(storage, next.position)
    const { changes } = await storage.read('changesAfter', { position: before, limit: 10 })
    assert.deepEqual(
      changes.map(({ position }) => position),
      [next.position],
    )
  })

  scenario('how large the store is, and how much of it is in use', async ({ storage }) => {
    await append(storage, { body: new Uint8Array(100_000) })
    const { bytes, usedBytes } = await storage.query('storeSize', null)
    assert.ok(usedBytes > 0 && usedBytes <= bytes, `${usedBytes} of ${bytes}`)
  })
}
