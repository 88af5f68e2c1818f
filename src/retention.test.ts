import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openStore } from '../test/support/store.ts'
import { newEventId } from './core/ids.ts'
import { type RetentionPolicy, startRetention } from './retention.ts'
import { append, commitReacted } from './storage/contract/builders.ts'

const day = 86_400_000
const nowMs = Date.UTC(2026, 10, 27)

async function start(t: TestContext, settings: RetentionPolicy) {
  const store = await openStore(t)
  const options = { storage: store, settings, now: () => nowMs, onError: assert.fail, pause: async () => {} }
  const retention = startRetention(options)
  t.after(() => retention.stop())
  return {
    store,
    retention,
    /** Events of so many days ago, oldest first; answers their ids. */
    async events(ages: number[], bodyBytes = 10) {
      const ids = ages.map(age => newEventId(nowMs - age * day))
      let position = 0
      for (const id of ids) ({ position } = await append(store, { id, body: new Uint8Array(bodyBytes) }))
      await commitReacted(store, { position })
      return ids
    },
    has: async (id: string) => (await store.read('event', { id })) !== null,
  }
}

test('events go once they are older than they are kept', async t => {
  const world = await start(t, { keepDays: 30, maxBytes: null })
  const ids = await world.events([31, 30.001, 29.999, 0])
  assert.equal(await world.retention.sweep(), 2)
  assert.deepEqual(await Promise.all(ids.map(world.has)), [false, false, true, true])
  assert.equal(await world.retention.sweep(), 0)
})

test('the oldest events go until the store is no larger than it may be', async t => {
  const maxBytes = 2_000_000
  const world = await start(t, { keepDays: null, maxBytes })
  const ids = await world.events(
    Array.from({ length: 200 }, (_, index) => 300 - index),
    30_000,
  )
  const gone = await world.retention.sweep()
  assert.ok(gone > 100 && gone < 200, `${gone} of 200 went`)
  assert.ok((await world.store.query('storeSize', null)).usedBytes <= maxBytes)
  assert.deepEqual([await world.has(ids[gone - 1]!), await world.has(ids[gone]!)], [false, true])
  // What is free inside is used again: the file does not grow.
  const { bytes } = await world.store.query('storeSize', null)
  await world.events(
    Array.from({ length: 100 }, () => 0),
    30_000,
  )
  assert.equal((await world.store.query('storeSize', null)).bytes, bytes)
})

test('kept for ever means that nothing goes', async t => {
  const world = await start(t, { keepDays: null, maxBytes: null })
  await world.events([10_000])
  assert.equal(await world.retention.sweep(), 0)
})

test('what an administrator says holds in the place of the settings, until it is taken back', async t => {
  const world = await start(t, { keepDays: 30, maxBytes: null })
  const [id] = await world.events([5])
  await world.retention.change({ keepDays: 4, maxBytes: null })
  assert.deepEqual(await world.retention.policy(), { keepDays: 4, maxBytes: null, changed: true })
  await world.retention.sweep()
  assert.equal(await world.has(id!), false)
  await world.retention.change(null)
  assert.deepEqual(await world.retention.policy(), { keepDays: 30, maxBytes: null, changed: false })
  await world.retention.sweep()
})

test('a preview says what would go, and takes nothing away', async t => {
  const world = await start(t, { keepDays: null, maxBytes: null })
  const ids = await world.events([40, 31, 20, 10, 0], 200_000)
  const preview = (keepDays: number | null, maxBytes: number | null) =>
    world.retention.preview({ keepDays, maxBytes })
  assert.deepEqual(await preview(30, null), {
    events: 2,
    isExact: true,
    beforeMs: nowMs - 31 * day,
  })
  assert.deepEqual(await preview(null, null), { events: 0, isExact: true, beforeMs: null })
  const { usedBytes } = await world.store.query('storeSize', null)
  const half = await preview(30, usedBytes / 2)
  assert.equal(half.events, 3, 'half of five, and no fewer than are too old')
  assert.equal((await preview(null, usedBytes * 2)).events, 0)
  for (const id of ids) assert.ok(await world.has(id))
})

test('it tells of the last sweep and when the next one begins', async t => {
  const world = await start(t, { keepDays: 30, maxBytes: null })
  assert.deepEqual(world.retention.sweeps(), { lastAtMs: null, lastForgot: 0, nextAtMs: nowMs + 30_000 })
  await world.events([31, 0])
  await world.retention.sweep()
  assert.deepEqual(world.retention.sweeps(), { lastAtMs: nowMs, lastForgot: 1, nextAtMs: nowMs + 30_000 })
})
