import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { someDefinition, someEvent, someReaction } from '../../test/support/examples.ts'
import { openStore, type TestStore } from '../../test/support/store.ts'
import { createEmbeddedBus } from '../bus/embedded/bus.ts'
import type { Work } from '../core/intake.ts'
import { judge } from '../core/filter.ts'
import { tellMe } from '../core/tell-me.ts'
import {
  anAttempt,
  anEvent,
  append,
  aReaction,
  aRun,
  claim,
  createEndpoint,
} from '../storage/contract/builders.ts'
import { watchConfiguration } from '../storage/configuration-view.ts'
import { toEvent, toReaction } from '../storage/rows.ts'
import { type Alarms, startAlarms } from './start.ts'

const hourMs = 3_600_000

/** Alarms on a real store, with a clock that the test moves. Its timer goes by the real one: the test looks itself. */
async function start(t: TestContext, store?: TestStore, nowMs = 10 * hourMs) {
  const storage = store ?? (await openStore(t))
  const bus = createEmbeddedBus()
  const signals: string[] = []
  bus.subscribe(signal => signals.push(signal))
  const configuration = await watchConfiguration(storage, bus)
  const clock = { nowMs }
  const lasting = await storage.read('alarms', null)
  const alarms: Alarms = startAlarms({
    storage,
    configuration,
    bus,
    lasting,
    calmMs: 60_000,
    dashboardUrl: () => 'https://signalbox.example.com',
    now: () => clock.nowMs,
    onError: assert.fail,
  })
  let stopped = false
  const stop = async () => {
    if (stopped) return
    stopped = true
    configuration.stop()
    await alarms.stop()
  }
  t.after(stop)
  return {
    storage,
    configuration,
    clock,
    alarms,
    signals,
    stop,
    /** As the store says it. */
    async committed() {
      bus.publish('feed')
      await new Promise(resolve => setImmediate(resolve))
    },
    /** Moves the clock, by so little at a time that Signalbox does not take itself to have slept. */
    async at(atMs: number) {
      while (clock.nowMs < atMs) {
        clock.nowMs = Math.min(atMs, clock.nowMs + 120_000)
        await alarms.look()
      }
    },
    lasting: async () => (await storage.read('alarms', null)).map(row => `${row.kind} ${row.subject_name}`),
    async told() {
      const page = { filter: {}, before: null, limit: 100, deadlineAtMs: 9e15 }
      const { events } = await storage.query('listEvents', page)
      return events.flatMap(one => (one.kind_type === 'signalbox' ? [one.kind_name] : [])).toReversed()
    },
    endpoint: (name: string, silentAfterMs: number | null) =>
      createEndpoint(storage, {
        name,
        definition: JSON.stringify({ name, silentAfterMs }),
        created_at: nowMs,
      }),
    async reaction(definition = someDefinition({ name: 'deploy' })) {
      const row = await storage.execute(
        'createReaction',
        aReaction({ name: definition.name, definition: JSON.stringify(definition) }),
      )
      await configuration.refresh()
      return toReaction(row)
    },
    /** A run of it ends; whoever tried it says so. */
    async tried(reactionId: string, state: 'succeeded' | 'failed') {
      const event = anEvent()
      await storage.execute('appendEvent', event)
      const run = aRun(event.id, { reactionId, lane: 'x', deadlineAtMs: 9e12 })
      await storage.execute('replayEvent', { eventId: event.id, runs: [run] })
      const [claimed] = await claim(storage, clock.nowMs, [{ lane: 'x', limit: 1 }])
      const next = { state, dueAtMs: null, label: state }
      await storage.execute('recordAttempt', anAttempt(claimed!.run, { endedAtMs: clock.nowMs, next }))
      alarms.noteTried(reactionId, next, 1)
    },
  }
}

test('an endpoint that is silent for its time is told once, and once more when traffic returns', async t => {
  const world = await start(t)
  const { id } = await world.endpoint('orders', hourMs)
  await world.endpoint('quiet', null)
  await world.configuration.refresh()
  await world.at(10 * hourMs + 1)
  await world.at(11 * hourMs - 1)
  assert.deepEqual(await world.told(), [])
  for (const atMs of [11 * hourMs, 12 * hourMs, 13 * hourMs]) await world.at(atMs)
  assert.deepEqual(await world.told(), ['endpoint.silent'])
  assert.deepEqual(await world.lasting(), ['endpoint.silent orders'])
  await append(world.storage, { endpointId: id, receivedAtMs: 13 * hourMs + 5 })
  await world.committed()
  await world.at(13 * hourMs + 2_000)
  assert.deepEqual(await world.told(), ['endpoint.silent', 'endpoint.active-again'])
  assert.deepEqual(await world.lasting(), [])
  await world.committed()
  assert.equal(world.signals.filter(signal => signal === 'events').length, 2, 'react is woken for each')
})

test('nothing is written while nothing is watched', async t => {
  const world = await start(t)
  await world.endpoint('quiet', null)
  await world.configuration.refresh()
  await world.at(10 * hourMs + 4_000)
  const asked = world.storage.asked.length
  for (const atMs of [11, 12, 40].map(hours => hours * hourMs)) await world.at(atMs)
  assert.deepEqual(world.storage.asked.slice(asked), [])
})

test('a silence outlasts a restart, is not told again, and the time in between does not count', async t => {
  const first = await start(t)
  await first.endpoint('orders', hourMs)
  const { id } = await first.endpoint('payments', 3 * hourMs)
  await first.configuration.refresh()
  await first.at(11 * hourMs)
  await first.stop()
  const second = await start(t, first.storage, 20 * hourMs)
  await second.alarms.look()
  await second.at(22 * hourMs - 1)
  assert.deepEqual(await second.told(), ['endpoint.silent'])
  await second.at(22 * hourMs)
  assert.deepEqual(await second.lasting(), ['endpoint.silent orders', 'endpoint.silent payments'])
  await append(second.storage, { endpointId: id, receivedAtMs: 22 * hourMs + 1 })
  await second.committed()
  await second.at(22 * hourMs + 2_000)
  assert.deepEqual(await second.lasting(), ['endpoint.silent orders'])
})

test('the alarm of an endpoint that somebody disables is over, and nothing more is told', async t => {
  const world = await start(t)
  const { id } = await world.endpoint('orders', hourMs)
  await world.configuration.refresh()
  await world.at(11 * hourMs)
  const change = { id, expectedVersion: null, atMs: 11 * hourMs, set: { state: 'disabled' as const } }
  await world.storage.execute('updateEndpoint', change)
  await world.configuration.refresh()
  await world.at(11 * hourMs + 1)
  assert.deepEqual([await world.lasting(), await world.told()], [[], ['endpoint.silent']])
})

test('a reaction that fails is told once, and recovers once it has been calm for a minute', async t => {
  const world = await start(t)
  const { id } = await world.reaction()
  for (let count = 1; count <= 6; count++) {
    await world.tried(id, 'failed')
    await world.at(world.clock.nowMs + 1_000)
  }
  assert.deepEqual(await world.told(), ['reaction.failing'])
  const failedAtMs = world.clock.nowMs - 1_000
  await world.tried(id, 'succeeded')
  await world.at(world.clock.nowMs + 1_000)
  assert.deepEqual(await world.lasting(), ['reaction.failing deploy'])
  await world.at(failedAtMs + 60_000)
  assert.deepEqual(await world.told(), ['reaction.failing', 'reaction.recovered'])
  assert.deepEqual(await world.lasting(), [])
})

test('what failed before a restart is found after it', async t => {
  const first = await start(t)
  const { id } = await first.reaction()
  for (let count = 1; count <= 3; count++) await first.tried(id, 'failed')
  await first.stop()
  const second = await start(t, first.storage, 11 * hourMs)
  await second.at(11 * hourMs + 5_000)
  assert.deepEqual(await second.lasting(), ['reaction.failing deploy'])
})

test('a store that is down for a while costs no alarm', async t => {
  const world = await start(t)
  const { id } = await world.reaction()
  for (let count = 1; count <= 3; count++) await world.tried(id, 'failed')
  world.storage.breakCommands('checkFailing')
  await world.at(world.clock.nowMs + 5_000)
  assert.deepEqual(await world.lasting(), [])
  world.storage.mend()
  await world.at(world.clock.nowMs + 5_000)
  assert.deepEqual(await world.lasting(), ['reaction.failing deploy'])
})

test('a target that comes and goes is one alarm, which outlasts a restart', async t => {
  const world = await start(t)
  const work: Work = {
    run: {
      id: 'r_1',
      eventId: 'evt_1',
      lane: 'hooks.example.com',
      claimNo: 1,
      attempts: 0,
      tries: 0,
      createdAtMs: 0,
      deadlineAtMs: 9e12,
      team: null,
    },
    event: someEvent(),
    body: new Uint8Array(),
    reaction: someReaction(),
  }
  for (let count = 0; count < 5; count++) {
    world.alarms.noteOpen('hooks.example.com', 10, work, '503')
    await world.at(world.clock.nowMs + 1_000)
    world.alarms.noteClosed('hooks.example.com')
    await world.at(world.clock.nowMs + 1_000)
  }
  world.alarms.noteOpen('hooks.example.com', 10, work, '503')
  await world.at(world.clock.nowMs + 1_000)
  await world.stop()
  const second = await start(t, world.storage, 11 * hourMs)
  second.alarms.noteOpen('hooks.example.com', 11, work, '503')
  await second.at(11 * hourMs + 1_000)
  assert.deepEqual(await second.told(), ['breaker.opened'])
  second.alarms.noteClosed('hooks.example.com')
  await second.at(11 * hourMs + 62_000)
  assert.deepEqual(await second.told(), ['breaker.opened', 'breaker.closed'])
})

test('a target that nobody has asked for in a day is nobody’s trouble', async t => {
  const world = await start(t)
  const work = { run: { id: 'r_1' }, event: someEvent(), reaction: someReaction() } as Work
  world.alarms.noteOpen('hooks.example.com', 10, work, '503')
  await world.at(11 * hourMs)
  assert.deepEqual(await world.lasting(), ['breaker.opened hooks.example.com'])
  await world.at(36 * hourMs)
  assert.deepEqual(await world.lasting(), [])
})

test('an endpoint that lets nobody in is told, until it takes requests again', async t => {
  const world = await start(t)
  const { id } = await world.endpoint('orders', null)
  await world.configuration.refresh()
  const rejection = {
    endpointId: id,
    reason: 'token.wrong',
    count: 10,
    atMs: world.clock.nowMs,
    sender: '203.0.113.7',
    detail: '',
    refused: true,
  }
  world.alarms.noteRejected(await world.storage.execute('recordRejections', { rejections: [rejection] }))
  await world.at(world.clock.nowMs + 1)
  assert.deepEqual(await world.lasting(), ['endpoint.rejecting orders'])
  await append(world.storage, { endpointId: id, receivedAtMs: world.clock.nowMs + 1 })
  await world.at(world.clock.nowMs + 60_000)
  assert.deepEqual(await world.told(), ['endpoint.rejecting', 'endpoint.accepting-again'])
})

test('the reaction that tells of alarms, failing itself, is told of once: it feeds no storm', async t => {
  const world = await start(t)
  const definition = tellMe('tell-me', 'https://hooks.slack.com/x', 'slack')
  const teller = await world.reaction(definition)
  const other = await world.reaction()
  for (let count = 1; count <= 3; count++) await world.tried(other.id, 'failed')
  await world.at(world.clock.nowMs + 1_000)
  let position = 0
  let runs = 0
  // What react and act would do: a run for each event that it takes, and each of them fails.
  for (let round = 0; round < 20; round++) {
    const stored = await world.storage.read('eventsAfter', {
      partition: 0,
      position,
      limit: 100,
      maxBytes: 1e6,
    })
    for (const { event } of stored) {
      position = event.position
      if (!judge(teller, toEvent(event), () => ({}), 8).fires) continue
      runs++
      await world.tried(teller.id, 'failed')
    }
    await world.at(world.clock.nowMs + 60_000)
  }
  assert.deepEqual(await world.told(), ['reaction.failing', 'reaction.failing'])
  assert.equal(runs, 2, 'of the other reaction, and of itself')
  assert.deepEqual(await world.lasting(), ['reaction.failing deploy', 'reaction.failing tell-me'])
})
