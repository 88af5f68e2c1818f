import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import {
  type LiveStore,
  type ManualClock,
  manualClock,
  openLiveStore,
  type Told,
} from '../../test/support/live-world.ts'
import type { Bus } from '../bus/port.ts'
import { anEvent, createEndpoint } from '../storage/contract/builders.ts'
import { type Storage, StorageError } from '../storage/port.ts'
import { positionOf } from './cursor.ts'
import type { Filter } from './filter.ts'
import { createHub, type Hub } from './hub.ts'
import type { Subscription } from './subscription.ts'
import type { Viewer } from './viewer.ts'

let store: LiveStore
let clock: ManualClock
let hub: Hub
let faults: unknown[]
/** Positions from which the store was asked for changes. */
let asked: number[]
/** Thrown instead of the next answers. */
let failures: Error[]
let signal: () => void
let listeners: number

beforeEach(async () => {
  store = await openLiveStore()
  clock = manualClock()
  faults = []
  asked = []
  failures = []
  listeners = 0
  const bus: Pick<Bus, 'subscribe'> = {
    subscribe(handler) {
      listeners += 1
      signal = () => handler('events')
      return () => {
        listeners -= 1
        signal = () => {}
      }
    },
  }
  const storage: Storage = {
    ...store.storage,
    async read(name, input) {
      const failure = name === 'changesAfter' || name === 'lastPosition' ? failures.shift() : undefined
      if (failure) throw failure
      if (name === 'changesAfter') asked.push((input as { position: number }).position)
      return store.storage.read(name, input)
    },
  }
  const { configuration } = store
  hub = createHub({ storage, bus, configuration, clock, onError: error => void faults.push(error) })
})

afterEach(() => store.close())

interface Watching {
  subscription: Subscription
  told: Told[]
  sent: Buffer[]
  waitingBytes: number
  /** Why it was told to come back later. */
  later: Promise<string>
  hears(count: number): Promise<Told[]>
}

const admin: Viewer = { kind: 'member', sees: { events: 'all', runs: 'all', configuration: 'all' } }

function watch(from: number | null, filter: Filter = {}, viewer = admin): Watching {
  const told: Told[] = []
  const sent: Buffer[] = []
  let check = () => {}
  const sentAway = Promise.withResolvers<string>()
  const connection = {
    waitingBytes: () => watching.waitingBytes,
    send(message: Buffer) {
      sent.push(message)
      told.push(JSON.parse(message.toString('utf8')) as Told)
      check()
    },
    tryLater: sentAway.resolve,
  }
  const watching: Watching = {
    subscription: hub.subscribe(connection, filter, viewer, from),
    told,
    sent,
    waitingBytes: 0,
    later: sentAway.promise,
    hears: count =>
      new Promise(resolve => {
        check = () => {
          if (told.length >= count) resolve(told)
        }
        check()
      }),
  }
  return watching
}

const append = (set: Parameters<typeof anEvent>[0] = {}) =>
  store.storage.execute('appendEvent', anEvent({ body: Buffer.from('{}'), ...set }))

/** Lets everything happen that waits for neither clock nor disk. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
}

const eventsIn = (told: readonly Told[]): string[] =>
  told
    .flatMap(message => (message.type === 'frame' ? message.changes : []))
    .flatMap(change => (change.type === 'event' ? [change.event.kind.name] : []))

const typesOf = (told: readonly Told[]) => told.map(({ type }) => type)

/** The tail's first look, and then quiet. */
async function quiet(): Promise<void> {
  await settle()
  clock.advance(25)
  await settle()
  asked.length = 0
}

test('signals that come often make one look every 25 ms', async () => {
  const watcher = watch(null)
  await watcher.hears(1)
  await quiet()
  clock.advance(100)
  for (let second = 0; second < 10; second++) {
    for (let burst = 0; burst < 50; burst++) signal()
    clock.advance(10)
    await settle()
  }
  assert.ok(asked.length >= 4 && asked.length <= 5, `${asked.length} looks in 100 ms`)
})

test('a signal after a quiet time is followed at once', async () => {
  const watcher = watch(null)
  await watcher.hears(1)
  await quiet()
  clock.advance(500)
  await append({ kindName: 'now' })
  signal()
  clock.advance(0)
  assert.deepEqual(eventsIn(await watcher.hears(2)), ['now'])
})

test('a signal that is lost costs a second', async () => {
  const watcher = watch(null)
  await watcher.hears(1)
  await quiet()
  await append({ kindName: 'unannounced' })
  clock.advance(990)
  await settle()
  assert.equal(watcher.told.length, 1)
  clock.advance(10)
  assert.deepEqual(eventsIn(await watcher.hears(2)), ['unannounced'])
})

test('the store is followed while somebody watches, and only then', async () => {
  assert.equal(listeners, 0)
  const [one, other] = [watch(null), watch(0, { topics: ['runs'] })]
  await Promise.all([one.hears(1), other.hears(2)])
  assert.equal(listeners, 1)
  hub.end(one.subscription)
  hub.end(one.subscription)
  assert.equal(listeners, 1)
  hub.end(other.subscription)
  assert.equal(listeners, 0)
  asked.length = 0
  clock.advance(60_000)
  await settle()
  assert.deepEqual(asked, [])
  const again = watch(null)
  await again.hears(1)
  assert.equal(listeners, 1)
})

test('whoever leaves before the tail has started is told nothing, and holds nothing', async () => {
  const watcher = watch(null)
  hub.end(watcher.subscription)
  await settle()
  assert.deepEqual(watcher.told, [])
  assert.equal(listeners, 0)
})

test('a frame is made once for all of the same filter, and looked up in the store once', async () => {
  const same = [watch(null, { topics: ['events'] }), watch(null, { topics: ['events', 'events'] })]
  const different = watch(null, { topics: ['events'], kinds: ['a'] })
  await Promise.all([...same, different].map(watcher => watcher.hears(1)))
  await quiet()
  await append({ kindName: 'a' })
  signal()
  clock.advance(25)
  const [one, two, three] = await Promise.all([...same, different].map(watcher => watcher.hears(2)))
  assert.equal(same[0]?.sent[1], same[1]?.sent[1])
  assert.notEqual(same[0]?.sent[1], different.sent[1])
  assert.deepEqual([eventsIn(one!), eventsIn(two!), eventsIn(three!)], [['a'], ['a'], ['a']])
  assert.equal(asked.length, 1)
})

test('a slow watcher is left behind and told how far, while the others go on', async () => {
  const [slow, quick] = [watch(null), watch(null)]
  await Promise.all([slow.hears(1), quick.hears(1)])
  await quiet()
  const round = async (kindName: string, frames: number) => {
    await append({ kindName })
    signal()
    clock.advance(25)
    await quick.hears(frames)
    await settle()
  }
  await round('before', 2)
  slow.waitingBytes = 1024 * 1024 + 1
  await round('missed', 3)
  await createEndpoint(store.storage)
  await round('missed too', 4)
  slow.waitingBytes = 65 * 1024
  await round('missed as well', 5)
  assert.deepEqual(typesOf(slow.told), ['subscribed', 'frame'])
  assert.equal(slow.subscription.state, 'behind')

  slow.waitingBytes = 0
  clock.advance(1000)
  const [, last, behind] = await slow.hears(3)
  assert.ok(behind?.type === 'behind' && last?.type === 'frame')
  assert.deepEqual(behind.skipped, { events: 3, runs: 0 })
  assert.equal(behind.cursor, (quick.told.at(-1) as { cursor: string }).cursor)
  await round('after', 6)
  assert.deepEqual(eventsIn(slow.told), ['before', 'after'])

  hub.end(slow.subscription)
  const again = watch(positionOf(last.cursor))
  const told = await again.hears(3)
  assert.deepEqual(typesOf(told), ['subscribed', 'frame', 'caught-up'])
  assert.deepEqual(eventsIn(told), ['missed', 'missed too', 'missed as well', 'after'])
  assert.deepEqual(eventsIn(quick.told), ['before', 'missed', 'missed too', 'missed as well', 'after'])
})

test('a watcher who resumes is sent a page only when the former one has gone', async () => {
  await Promise.all(Array.from({ length: 450 }, (_, index) => append({ kindName: `k${index}` })))
  const watcher = watch(0)
  watcher.waitingBytes = 65 * 1024
  await watcher.hears(1)
  clock.advance(25)
  await settle()
  assert.deepEqual(typesOf(watcher.told), ['subscribed'])
  watcher.waitingBytes = 0
  clock.advance(25)
  for (; watcher.told.at(-1)?.type !== 'caught-up'; await settle()) clock.advance(25)
  assert.deepEqual(
    eventsIn(watcher.told),
    Array.from({ length: 450 }, (_, index) => `k${index}`),
  )
  const lengths = watcher.told.map(message => (message.type === 'frame' ? message.changes.length : 0))
  assert.deepEqual(lengths, [0, 100, 100, 100, 100, 50, 0])
})

test('those who reconnect at once share what is read for them', async () => {
  const first = await append()
  await Promise.all(Array.from({ length: 100 }, () => append()))
  const watchers = Array.from({ length: 20 }, (_, index) => watch(first.position + index))
  for (const watcher of watchers) {
    for (; watcher.told.at(-1)?.type !== 'caught-up'; await settle()) clock.advance(25)
  }
  assert.deepEqual(
    watchers.map(({ told }) => eventsIn(told).length),
    watchers.map((_, index) => 100 - index),
  )
  assert.ok(asked.length <= 4, `${asked.length} pages read`)
})

test('a quick return is served from memory', async () => {
  const staying = watch(null)
  await staying.hears(1)
  await quiet()
  await append({ kindName: 'recent' })
  signal()
  clock.advance(25)
  await staying.hears(2)
  asked.length = 0
  const back = watch(positionOf((staying.told[0] as { cursor: string }).cursor))
  assert.deepEqual(eventsIn(await back.hears(3)), ['recent'])
  assert.deepEqual(asked, [])
})

test('a cursor from beyond the store is refused, and the one at its end is not', async () => {
  const { position } = await append()
  const beyond = watch(position + 1)
  const [refused] = await beyond.hears(1)
  assert.ok(refused?.type === 'error')
  assert.equal(refused.code, 'cursor.ahead')
  assert.equal(listeners, 0)
  assert.deepEqual(typesOf(await watch(position).hears(2)), ['subscribed', 'caught-up'])
})

test('a watcher of something rare keeps a cursor that is not old', async () => {
  const [rare, often] = [watch(null, { kinds: ['rare'] }), watch(null)]
  await Promise.all([rare.hears(1), often.hears(1)])
  await quiet()
  for (let frames = 2; frames < 5; frames++) {
    clock.advance(10_000)
    await settle()
    await append()
    signal()
    clock.advance(25)
    await often.hears(frames)
    await settle()
  }
  const [start, fresh] = await rare.hears(2)
  assert.ok(start?.type === 'subscribed' && fresh?.type === 'frame')
  assert.deepEqual(fresh.changes, [])
  assert.ok(Number(positionOf(fresh.cursor)) >= Number(positionOf(start.cursor)) + 2)
})

test('when the store cannot be read for a while, nothing is lost', async () => {
  const watcher = watch(null)
  await watcher.hears(1)
  await quiet()
  await append({ kindName: 'first' })
  failures.push(new StorageError('storage.unavailable', 'gone', { retryable: true }))
  signal()
  clock.advance(25)
  await settle()
  assert.equal(faults.length, 1)
  await append({ kindName: 'second' })
  clock.advance(1000)
  assert.deepEqual(eventsIn(await watcher.hears(2)), ['first', 'second'])
})

test('when the store cannot be read at the start, the watcher is to come again, and may', async () => {
  failures.push(new StorageError('storage.unavailable', 'gone', { retryable: true }))
  const watcher = watch(0)
  assert.match(await watcher.later, /cannot be read/)
  assert.deepEqual([watcher.told, faults.length], [[], 1])
  assert.deepEqual(typesOf(await watch(0).hears(2)), ['subscribed', 'caught-up'])
})

test('a row that cannot be told is reported and left out', async () => {
  const watcher = watch(0)
  await append({ kindName: 'before' })
  await append({ detail: 'this is no JSON' })
  await append({ kindName: 'after' })
  for (; eventsIn(watcher.told).length < 2; await settle()) clock.advance(25)
  assert.deepEqual(eventsIn(watcher.told), ['before', 'after'])
  assert.match(String(faults[0]), /leaves out the change/)
})
