import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { someDefinition, someEvent } from '../../test/support/examples.ts'
import { openStore, type TestStore, until } from '../../test/support/store.ts'
import { createEmbeddedBus } from '../bus/embedded/bus.ts'
import type { ReactionState } from '../core/reaction.ts'
import { watchConfiguration } from './configuration-view.ts'
import { aReaction, createEndpoint } from './contract/builders.ts'

async function start(t: TestContext, change: (store: TestStore) => Partial<TestStore> = () => ({})) {
  const store = await openStore(t)
  const bus = createEmbeddedBus()
  const seen: TestStore = { ...store, ...change(store) }
  const configuration = await watchConfiguration(seen, bus)
  t.after(() => configuration.stop())
  const definition = JSON.stringify(someDefinition({}))
  return {
    store,
    bus,
    configuration,
    create: () => store.execute('createReaction', aReaction({ definition })),
    set: (id: string, state: ReactionState) =>
      store.execute('updateReaction', { id, expectedVersion: null, actor: 'a', atMs: 1, set: { state } }),
    candidates: () =>
      configuration.index.candidates(someEvent()).map(({ id, version }) => `${id} ${version}`),
  }
}

test('a change is taken up when the bus tells of it', async t => {
  const { bus, configuration, create } = await start(t)
  const row = await create()
  assert.ok(configuration.version < row.config_version)
  bus.publish('events')
  bus.publish('configuration')
  await until('it is in memory', () => configuration.reactions.has(row.reaction_id))
  assert.equal(configuration.version, row.config_version)
})

test('a change whose signal was lost is taken up within a second', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { configuration, create } = await start(t)
  const row = await create()
  t.mock.timers.tick(999)
  await new Promise(resolve => setImmediate(resolve))
  assert.ok(!configuration.reactions.has(row.reaction_id))
  t.mock.timers.tick(1)
  await until('it is in memory', () => configuration.reactions.has(row.reaction_id))
})

test('refresh waits for the version that it is asked for', async t => {
  let reads = 0
  const { configuration, create } = await start(t, store => ({
    // A reader that lags behind, as one of another node may.
    read: async (name, input) => {
      if (name === 'configurationSince' && reads++ % 3 !== 0)
        return { version: configuration.version, endpoints: [], reactions: [] } as never
      return store.read(name, input)
    },
  }))
  const row = await create()
  await configuration.refresh(row.config_version)
  assert.equal(configuration.version, row.config_version)
  assert.ok(configuration.reactions.has(row.reaction_id))
})

test('refresh without a version sees what was committed before it was called', async t => {
  const held: (() => void)[] = []
  let hold = false
  const { configuration, create } = await start(t, store => ({
    read: async (name, input) => {
      const result = await store.read(name, input)
      if (hold) {
        hold = false
        await new Promise<void>(resolve => held.push(resolve))
      }
      return result
    },
  }))
  hold = true
  const older = configuration.refresh()
  const row = await create()
  const mine = configuration.refresh()
  held[0]?.()
  await Promise.all([older, mine])
  assert.ok(configuration.reactions.has(row.reaction_id))
})

test('those that are active or paused are matched, in their latest version', async t => {
  const { configuration, create, set, candidates } = await start(t)
  const { reaction_id: id, config_version } = await create()
  await configuration.refresh(config_version)
  assert.deepEqual(candidates(), [`${id} 1`])
  const states: [ReactionState, string[]][] = [
    ['paused', [`${id} 2`]],
    ['disabled', []],
    ['disabled', []],
    ['active', [`${id} 5`]],
    ['active', [`${id} 6`]],
    ['disabled', []],
    ['deleted', []],
  ]
  for (const [state, expected] of states) {
    await configuration.refresh((await set(id, state)).config_version)
    assert.deepEqual(candidates(), expected, state)
    assert.equal(configuration.reactions.get(id)?.state, state === 'deleted' ? undefined : state)
  }
})

test('an endpoint that is deleted is told of and forgotten', async t => {
  const { store, configuration } = await start(t)
  const told: string[] = []
  configuration.onChange(({ endpoints }) => {
    for (const { id, state } of endpoints) told.push(`${state} ${configuration.endpoints.has(id)}`)
  })
  const { id, config_version } = await createEndpoint(store)
  await configuration.refresh(config_version)
  const deleted = await store.execute('deleteEndpoint', { id, atMs: 1 })
  await configuration.refresh(deleted.config_version)
  assert.deepEqual(told, ['active true', 'deleted false'])
  assert.equal(configuration.endpoints.size, 0)
})

test('what cannot be read is asked for again, and nothing is skipped', async t => {
  let fails = false
  const { configuration, create } = await start(t, store => ({
    read: async (name, input) => {
      const result = await store.read(name, input)
      if (!fails) return result
      return { version: 99, endpoints: [], reactions: [{ definition: 'no JSON' }] } as never
    },
  }))
  const row = await create()
  fails = true
  await assert.rejects(configuration.refresh())
  fails = false
  await configuration.refresh()
  assert.equal(configuration.version, row.config_version)
  assert.ok(configuration.reactions.has(row.reaction_id))
})

test('after stop neither bus nor poll reads any more', async t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let reads = 0
  const { configuration, bus } = await start(t, store => ({
    read: (name, input) => (reads++, store.read(name, input)),
  }))
  configuration.stop()
  const before = reads
  bus.publish('configuration')
  t.mock.timers.tick(5_000)
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(reads, before)
})
