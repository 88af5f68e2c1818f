import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import * as fc from 'fast-check'
import { someDefinition, someEvent } from '../../test/support/examples.ts'
import { openStore, until } from '../../test/support/store.ts'
import { createEmbeddedBus } from '../bus/embedded/bus.ts'
import type { Event } from '../core/event.ts'
import { newEventId, newId } from '../core/ids.ts'
import type { Intake, Work } from '../core/intake.ts'
import type { ReactionState } from '../core/reaction.ts'
import { createAccept } from '../ingest/accept.ts'
import { watchConfiguration } from '../storage/configuration-view.ts'
import { toAppend, toEvent } from '../storage/rows.ts'
import { makeRun } from './make-run.ts'
import { type Reactor, startReactor } from './reactor.ts'

type Definition = Parameters<typeof someDefinition>[0]

/** Act, as react sees it: takes runs as long as there are places. */
function fakeIntake(places = Number.POSITIVE_INFINITY) {
  const reserved = new Map<string, number>()
  const offered: Work[] = []
  const waiting: string[] = []
  const change = (lane: string, by: number) => reserved.set(lane, (reserved.get(lane) ?? 0) + by)
  const intake: Intake = {
    quickRoom: () => null,
    reserve(lane) {
      if (places <= 0) return null
      places--
      change(lane, 1)
      return Date.now() + 60_000
    },
    offer(work) {
      change(work.run.lane, -1)
      offered.push(work)
    },
    release: lane => void change(lane, -1),
    waiting: lane => void waiting.push(lane),
  }
  return {
    intake,
    offered,
    waiting,
    reserved: () => [...reserved.values()].reduce((sum, one) => sum + one, 0),
  }
}

async function startWorld(t: TestContext, places?: number) {
  const store = await openStore(t)
  const bus = createEmbeddedBus()
  const configuration = await watchConfiguration(store, bus)
  t.after(() => configuration.stop())
  const fake = fakeIntake(places)
  const errors: unknown[] = []
  let reactor: Reactor | null = null
  const start = async () => {
    reactor = await startReactor({
      storage: store,
      configuration,
      intake: fake.intake,
      maxHops: 8,
      now: Date.now,
      failpoint: () => {},
      onError: error => errors.push(error),
    })
    t.after(() => reactor?.stop())
    return reactor
  }
  const accept = createAccept({
    storage: store,
    offer: (event, body, previous) => reactor?.offer(event, body, previous),
    failpoint: () => {},
  })
  const event = (set: Partial<Event> = {}) => someEvent({ id: newEventId(Date.now()), position: 0, ...set })
  return {
    ...fake,
    store,
    configuration,
    errors,
    start,
    /** Not yet in the view of the configuration, unless it is refreshed. */
    async reaction(definition: Definition = {}, refresh = true) {
      const id = newId('rea')
      const row = await store.execute('createReaction', {
        id,
        name: id,
        definition: JSON.stringify(someDefinition({ name: id, ...definition })),
        state: 'active',
        team: null,
        actor: 'admin',
        atMs: Date.now(),
      })
      if (refresh) await configuration.refresh(row.config_version)
      return id
    },
    async setState(id: string, state: ReactionState, refresh = true) {
      const row = await store.execute('updateReaction', {
        id,
        expectedVersion: null,
        actor: 'admin',
        atMs: Date.now(),
        set: { state },
      })
      if (refresh) await configuration.refresh(row.config_version)
    },
    /** Comes in by ingest: into the store, and to react's memory. */
    async arrives(set: Partial<Event> = {}, body = '{}') {
      const one = event(set)
      await accept(one, Buffer.from(body))
      return one.id
    },
    /** Written by someone else: react finds it in the store. */
    async appears(set: Partial<Event> = {}) {
      const one = event(set)
      await store.execute('appendEvent', toAppend(one, Buffer.from('{}')))
      return one.id
    },
    async runs() {
      const { runs } = await store.query('listRuns', { filter: {}, before: null, limit: 500 })
      return runs.toReversed()
    },
    reacted: (id: string) =>
      until('the event is reacted to', async () => {
        const found = await store.read('event', { id })
        const position = await store.read('reactPosition', { partition: 0 })
        return found !== null && position >= toEvent(found.event).position
      }),
  }
}

test('each matching reaction gets one run, born claimed where there is a place', async t => {
  const world = await startWorld(t, 1)
  const first = await world.reaction()
  await world.reaction({ filter: { kindNames: ['other'] } })
  const second = await world.reaction()
  await world.start()
  const id = await world.arrives({}, '{"n":1}')
  await world.reacted(id)
  const runs = await world.runs()
  assert.deepEqual(
    runs.map(run => [run.event_id, run.reaction_id, run.state, run.claim_no]),
    [
      [id, first, 'trying', 1],
      [id, second, 'due', 0],
    ],
  )
  const [work] = world.offered
  assert.deepEqual(
    [work?.run.id, work?.run.claimNo, Buffer.from(work?.body ?? []).toString()],
    [runs[0]?.id, 1, '{"n":1}'],
  )
  assert.deepEqual([world.waiting.length, world.reserved()], [1, 0])
})

test('a paused reaction’s runs are held, a disabled one gets none', async t => {
  const world = await startWorld(t)
  const paused = await world.reaction()
  const disabled = await world.reaction()
  await world.setState(paused, 'paused')
  await world.setState(disabled, 'disabled')
  await world.start()
  await world.reacted(await world.arrives())
  const [run, ...more] = await world.runs()
  assert.deepEqual([run?.reaction_id, run?.state, run?.due_at, more.length], [paused, 'held', null, 0])
  assert.deepEqual([world.offered.length, world.waiting.length, world.reserved()], [0, 0, 0])
})

test('a change that react has not heard of yet is taken into account', async t => {
  const world = await startWorld(t)
  const old = await world.reaction()
  await world.start()
  await world.setState(old, 'disabled', false)
  const young = await world.reaction({}, false)
  await world.reacted(await world.arrives())
  assert.deepEqual(
    (await world.runs()).map(run => run.reaction_id),
    [young],
  )
  assert.equal(world.reserved(), 0)
  assert.equal(world.store.asked.filter(name => name === 'commitReacted').length, 2)
})

test('a reaction does not see what came before it', async t => {
  const world = await startWorld(t)
  const early = await world.appears()
  await world.reaction()
  const late = await world.appears()
  await world.start()
  await world.reacted(late)
  assert.deepEqual(
    (await world.runs()).map(run => run.event_id),
    [late],
  )
  assert.notEqual(early, late)
})

test('at the limit of hops an event gets no run', async t => {
  const world = await startWorld(t)
  await world.reaction()
  await world.start()
  await world.arrives({ hops: 8 })
  const below = await world.arrives({ hops: 7 })
  await world.reacted(below)
  assert.deepEqual(
    (await world.runs()).map(run => run.event_id),
    [below],
  )
})

test('a reaction that asks for it is told of with each run, and loops of that end', async t => {
  const world = await startWorld(t)
  const id = await world.reaction({ tellWhen: ['created'] })
  await world.start()
  await world.reacted(await world.arrives())
  await until('the chain has ended', async () => (await world.runs()).length === 8)
  await until('all is reacted to', async () => {
    const position = await world.store.read('reactPosition', { partition: 0 })
    return (
      (await world.store.read('eventsAfter', { partition: 0, position, limit: 1, maxBytes: 1 })).length === 0
    )
  })
  const runs = await world.runs()
  assert.equal(runs.length, 8)
  const told = await Promise.all(
    runs.slice(1).map(async run => toEvent((await world.store.read('event', { id: run.event_id }))!.event)),
  )
  assert.deepEqual(
    told.map(event => [event.kind.name, event.hops]),
    [1, 2, 3, 4, 5, 6, 7].map(hops => ['run.created', hops]),
  )
  assert.deepEqual(told[0]?.cause, { runId: runs[0]?.id, eventId: runs[0]?.event_id })
  assert.equal(runs[0]?.reaction_id, id)
  assert.equal(world.reserved(), 0)
})

test('while the store fails nothing is lost, nothing doubled, and no place stays reserved', async t => {
  const world = await startWorld(t)
  await world.reaction()
  await world.reaction()
  const reactor = await world.start()
  const ids = [await world.arrives()]
  await world.reacted(ids[0]!)
  world.store.breakCommands('commitReacted')
  for (let count = 0; count < 5; count++) ids.push(await world.arrives())
  await until('it was tried', () => world.errors.length > 0)
  assert.equal(world.reserved(), 0)
  world.store.mend()
  ids.push(await world.arrives())
  reactor.wake()
  await world.reacted(ids.at(-1)!)
  const runs = await world.runs()
  assert.deepEqual(
    runs.map(run => run.event_id),
    ids.flatMap(id => [id, id]),
  )
  assert.equal(new Set(world.offered.map(({ run }) => run.id)).size, 14)
  assert.equal(world.reserved(), 0)
})

test('while the store fails, react does not ask it without end', async t => {
  const world = await startWorld(t)
  await world.reaction()
  await world.start()
  world.store.breakCommands('commitReacted')
  await world.arrives()
  await until('it was tried', () => world.errors.length > 0)
  await new Promise(resolve => setTimeout(resolve, 300))
  assert.ok(world.errors.length <= 2, `${world.errors.length} errors`)
})

test('a run that exists already is left alone, and its place given back', async t => {
  const world = await startWorld(t)
  const reactionId = await world.reaction()
  const reaction = world.configuration.reactions.get(reactionId)
  const eventId = await world.appears()
  assert.ok(reaction)
  // As after a crash between the runs and the position.
  const terms = { occasion: '', held: false, actor: 'admin', leaseUntilMs: null, nowMs: Date.now() }
  const run = makeRun(reaction, someEvent({ id: eventId }), terms)
  await world.store.execute('replayEvent', { eventId, runs: [run] })
  await world.start()
  await world.reacted(eventId)
  assert.deepEqual(
    (await world.runs()).map(({ id }) => id),
    [run.id],
  )
  assert.deepEqual([world.offered.length, world.reserved()], [0, 0])
})

test('a stopped reactor takes up where it was when it starts again', async t => {
  const world = await startWorld(t)
  await world.reaction()
  const reactor = await world.start()
  const first = await world.arrives()
  await world.reacted(first)
  await reactor.stop()
  const second = await world.appears()
  await world.start()
  await world.reacted(second)
  assert.deepEqual(
    (await world.runs()).map(run => run.event_id),
    [first, second],
  )
})

test('whoever writes events and in whatever order react hears of them, each gets its run, in order', async t => {
  const world = await startWorld(t)
  await world.reaction()
  const reactor = await world.start()
  const steps = fc.array(fc.constantFrom('arrives', 'appears', 'together', 'wake', 'poll'), { maxLength: 25 })
  let expected = 0
  await fc.assert(
    fc.asyncProperty(steps, async all => {
      for (const step of all) {
        if (step === 'arrives') await world.arrives()
        else if (step === 'appears') await world.appears()
        else if (step === 'together') await Promise.all([world.arrives(), world.appears(), world.arrives()])
        else if (step === 'wake') reactor.wake()
        else await new Promise(resolve => setImmediate(resolve))
        expected += step === 'together' ? 3 : step === 'arrives' || step === 'appears' ? 1 : 0
      }
      await world.reacted(await world.appears().then(id => (reactor.wake(), id)))
      expected++
    }),
    { numRuns: 12 },
  )
  // The store tells of the last commit a moment before react, which then offers its runs.
  await until('the last runs are offered', async () => world.offered.length >= expected)
  const positions = await Promise.all(
    world.offered.map(
      async ({ event }) => toEvent((await world.store.read('event', { id: event.id }))!.event).position,
    ),
  )
  assert.equal(positions.length, expected)
  assert.equal(new Set(positions).size, expected)
  assert.deepEqual(
    positions,
    positions.toSorted((a, b) => a - b),
  )
  assert.deepEqual([world.reserved(), world.errors], [0, []])
})
