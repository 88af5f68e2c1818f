import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { someDefinition } from '../test/support/examples.ts'
import { openStore } from '../test/support/store.ts'
import { createEmbeddedBus } from './bus/embedded/bus.ts'
import type { ReactionState } from './core/reaction.ts'
import { endWhatIsDue, settleHeld } from './housekeeping.ts'
import { watchConfiguration } from './storage/configuration-view.ts'
import { aReaction, aRun, anEvent, createEndpoint } from './storage/contract/builders.ts'

async function start(t: TestContext) {
  const store = await openStore(t)
  const configuration = await watchConfiguration(store, createEmbeddedBus())
  t.after(() => configuration.stop())
  const nowMs = 5_000_000
  return {
    store,
    nowMs,
    async keep() {
      const options = { storage: store, configuration, now: () => nowMs, onError: assert.fail }
      await endWhatIsDue(options)
      await settleHeld(options)
    },
    /** With a run that is held. */
    async reaction(state: ReactionState) {
      const definition = JSON.stringify(someDefinition({}))
      const { reaction_id: reactionId } = await store.execute('createReaction', aReaction({ definition }))
      const change = { id: reactionId, expectedVersion: null, actor: 'a', atMs: 1, set: { state } }
      await store.execute('updateReaction', change)
      return this.run({ reactionId, state: 'held', dueAtMs: null })
    },
    async run(set: Parameters<typeof aRun>[1]) {
      const event = anEvent()
      await store.execute('appendEvent', event)
      const run = aRun(event.id, { deadlineAtMs: nowMs + 1_000_000, ...set })
      await store.execute('replayEvent', { eventId: event.id, runs: [run] })
      return run.id
    },
    stateOf: async (id: string) => (await store.read('run', { id }))?.state,
  }
}

test('held runs are released when their reaction is active, and cancelled when it is deleted', async t => {
  const world = await start(t)
  const states: [ReactionState, string][] = [
    ['active', 'due'],
    ['paused', 'held'],
    ['disabled', 'held'],
    ['deleted', 'cancelled'],
  ]
  const ids = await Promise.all(states.map(([state]) => world.reaction(state)))
  await world.keep()
  for (const [at, [state, expected]] of states.entries())
    assert.equal(await world.stateOf(ids[at]!), expected, state)
})

test('runs end at their deadline while they wait, and not before', async t => {
  const world = await start(t)
  const late = await world.run({ deadlineAtMs: world.nowMs })
  const early = await world.run({ deadlineAtMs: world.nowMs + 1 })
  await world.keep()
  assert.deepEqual([await world.stateOf(late), await world.stateOf(early)], ['timed-out', 'due'])
})

test('visitors’ endpoints end when their time is over, and any other one stays to be renewed', async t => {
  const world = await start(t)
  const over = await createEndpoint(world.store, { view_key_hash: 'a', expires_at: world.nowMs })
  const running = await createEndpoint(world.store, { view_key_hash: 'b', expires_at: world.nowMs + 1 })
  const renewable = await createEndpoint(world.store, { expires_at: world.nowMs })
  await world.keep()
  const stateOf = async (id: string) => (await world.store.query('findEndpoint', { reference: id }))?.state
  assert.deepEqual(
    [await stateOf(over.id), await stateOf(running.id), await stateOf(renewable.id)].map(
      state => state === 'active',
    ),
    [false, true, true],
  )
})
