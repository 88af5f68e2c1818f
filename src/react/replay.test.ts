import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { someDefinition, someEvent } from '../../test/support/examples.ts'
import { openStore } from '../../test/support/store.ts'
import { createEmbeddedBus } from '../bus/embedded/bus.ts'
import type { Event } from '../core/event.ts'
import type { ReactionState } from '../core/reaction.ts'
import { watchConfiguration } from '../storage/configuration-view.ts'
import { aReaction } from '../storage/contract/builders.ts'
import { toAppend } from '../storage/rows.ts'
import { replay } from './replay.ts'

async function start(t: TestContext, change: Partial<Event> = {}) {
  const store = await openStore(t)
  const configuration = await watchConfiguration(store, createEmbeddedBus())
  t.after(() => configuration.stop())
  const event = someEvent(change)
  const body = Buffer.from('{"n":1}')
  const { position } = await store.execute('appendEvent', toAppend(event, body))
  return {
    store,
    async reaction(definition: Parameters<typeof someDefinition>[0] = {}, state: ReactionState = 'active') {
      const written = JSON.stringify(someDefinition(definition))
      const { reaction_id: id } = await store.execute('createReaction', aReaction({ definition: written }))
      if (state !== 'active')
        await store.execute('updateReaction', {
          id,
          expectedVersion: null,
          actor: 'a',
          atMs: 1,
          set: { state },
        })
      return id
    },
    again: (reactionId: string | null = null) =>
      replay(
        { storage: store, configuration, maxHops: 8, now: () => 5_000 },
        { event: { ...event, position }, body, reactionId, teams: 'all', actor: 'somebody' },
      ),
  }
}

test('a replay makes new runs of today’s reactions, however young they are, each time anew', async t => {
  const { store, reaction, again } = await start(t)
  const matching = await reaction({ filter: { where: 'body.n == 1' } })
  const other = await reaction({ filter: { where: 'body.n == 2' } })
  const [first, second] = [await again(), await again()]
  assert.equal(first.runIds.length, 1)
  assert.notEqual(first.occasion, second.occasion)
  assert.notDeepEqual(first.runIds, second.runIds)
  const run = await store.read('run', { id: first.runIds[0]! })
  assert.deepEqual(
    [run?.reaction_id, run?.occasion, run?.state, run?.actor, run?.due_at],
    [matching, first.occasion, 'due', 'somebody', 5_000],
  )
  const verdictOn = (id: string) => first.verdicts.find(({ reaction }) => reaction.id === id)?.verdict
  assert.deepEqual(verdictOn(matching), { fires: true, held: false })
  assert.ok(verdictOn(other)?.fires === false)
})

test('one reaction may be chosen, and it still has to match', async t => {
  const { reaction, again } = await start(t)
  const chosen = await reaction()
  const elsewhere = await reaction({ filter: { kindNames: ['other'] } })
  await reaction()
  assert.deepEqual(
    (await again(chosen)).verdicts.map(({ reaction }) => reaction.id),
    [chosen],
  )
  const refused = await again(elsewhere)
  assert.deepEqual([refused.runIds, refused.verdicts.length], [[], 1])
  assert.deepEqual((await again('rea_nobody')).verdicts, [])
})

test('a paused reaction’s run is held, a disabled one says so', async t => {
  const { store, reaction, again } = await start(t)
  const paused = await reaction({}, 'paused')
  const disabled = await reaction({}, 'disabled')
  const { runIds } = await again()
  assert.equal(runIds.length, 1)
  const run = await store.read('run', { id: runIds[0]! })
  assert.deepEqual([run?.reaction_id, run?.state, run?.due_at], [paused, 'held', null])
  const [judged] = (await again(disabled)).verdicts
  assert.ok(judged && !judged.verdict.fires)
  assert.equal(judged.verdict.code, 'reaction.disabled')
})

test('a chain that is too long is not lengthened by a replay', async t => {
  const { reaction, again } = await start(t, { hops: 8 })
  await reaction()
  const { runIds, verdicts } = await again()
  assert.deepEqual(runIds, [])
  assert.equal(verdicts[0]?.verdict.fires, false)
})
