import type { Bus } from '../bus/port.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import type { Storage } from '../storage/port.ts'
import type { Change } from './change.ts'
import { breathe, type Clock } from './clock.ts'
import { cursorOf } from './cursor.ts'
import { audienceKey, compileFilter, type Filter } from './filter.ts'
import { emptyFrame, type Frame, framesOf } from './frame.ts'
import { createReadChanges } from './read-changes.ts'
import { createResumes } from './resume.ts'
import {
  type Audience,
  type Connection,
  goOnWhenDrained,
  type Subscription,
  take,
  tell,
} from './subscription.ts'
import { createTail } from './tail.ts'
import type { Viewer } from './viewer.ts'

/** Where the tail and the watchers meet. It follows the store while anybody watches, and only then. */
export interface Hub {
  /**
   * `from`: everything after this position; null: from now on. The connection is told "subscribed", or the error
   * `cursor.ahead`, after which nothing is followed; or it is ended, when the store cannot be read.
   */
  subscribe(connection: Connection, filter: Filter, viewer: Viewer, from: number | null): Subscription
  end(subscription: Subscription): void
}

export interface HubOptions {
  storage: Storage
  bus: Pick<Bus, 'subscribe'>
  configuration: Configuration
  clock: Clock
  onError(error: unknown): void
}

/**
 * Many watchers are many writes a frame, so they are sent fewer of them. 1,000 watchers of one filter and 500 events/s
 * on two shared cores: from append to watcher p50 35 ms, p95 76 ms, for 0.4 of a core (200 MB/s); one watcher: p95
 * 27 ms. With 100 filters p95 was 81–128 ms.
 */
const everyMs = 25
const everyMsForMany = 50
const many = 100
/** Sends between two turns of the event loop: some 1 ms. */
const sendsInARow = 64
/** A watcher of something rare gets an empty frame so often, or its cursor would grow old. */
const cursorEveryMs = 30_000

export function createHub({ storage, bus, configuration, clock, onError }: HubOptions): Hub {
  const read = createReadChanges(storage, configuration, onError)
  const lastPosition = () => storage.read('lastPosition', null)
  const subscriptions = new Set<Subscription>()
  const audiences = new Map<string, Audience>()
  const tail = createTail({
    read,
    lastPosition,
    bus,
    clock,
    everyMs: () => (subscriptions.size > many ? everyMsForMany : everyMs),
    prepare,
    onError,
  })
  const resumes = createResumes({ tail, read, clock, onMet: caughtUp, onError })
  let started: Promise<void> | null = null

  /** Frames and who gets them, as things stand now: whoever joins later stands behind this page already. */
  function prepare(changes: readonly Change[], position: number): () => Promise<void> {
    for (const subscription of subscriptions) goOnWhenDrained(subscription)
    const nowMs = clock.nowMs()
    const parcels: { frame: Frame; members: Subscription[] }[] = []
    for (const audience of audiences.values()) {
      const frames = framesOf(changes.filter(audience.matches), position)
      if (frames.length === 0 && nowMs - audience.toldAtMs >= cursorEveryMs) frames.push(emptyFrame(position))
      if (frames.length === 0) continue
      audience.toldAtMs = nowMs
      const members = [...audience.members]
      for (const frame of frames) parcels.push({ frame, members })
    }
    return () => send(parcels)
  }

  async function send(parcels: readonly { frame: Frame; members: Subscription[] }[]): Promise<void> {
    let sent = 0
    for (const { frame, members } of parcels) {
      for (const member of members) {
        take(member, frame)
        if (++sent % sendsInARow === 0) await breathe()
      }
    }
  }

  function start(): Promise<void> {
    if (started !== null) return started
    const starting = tail.start().catch((error: unknown) => {
      if (started === starting) started = null
      throw error
    })
    started = starting
    return starting
  }

  async function join(subscription: Subscription, from: number | null): Promise<void> {
    await start()
    if (subscription.state !== 'joining') return
    if (from !== null && from > tail.position && from > (await lastPosition())) {
      if (subscription.state === 'joining')
        tell(subscription, { type: 'error', code: 'cursor.ahead', detail: aheadDetail })
      return end(subscription)
    }
    if (subscription.state !== 'joining') return
    subscription.position = from ?? tail.position
    tell(subscription, { type: 'subscribed', cursor: cursorOf(subscription.position) })
    if (from === null) return goLive(subscription)
    subscription.state = 'resuming'
    resumes.add(subscription)
  }

  function goLive(subscription: Subscription): void {
    subscription.state = 'live'
    subscription.audience.members.add(subscription)
  }

  function caughtUp(subscription: Subscription): void {
    goLive(subscription)
    tell(subscription, { type: 'caught-up', cursor: cursorOf(subscription.position) })
  }

  function audienceOf(filter: Filter, viewer: Viewer): Audience {
    const key = audienceKey(filter, viewer)
    const known = audiences.get(key)
    if (known) return known
    const audience: Audience = {
      key,
      matches: compileFilter(filter, viewer),
      members: new Set(),
      followers: 0,
      toldAtMs: clock.nowMs(),
    }
    audiences.set(key, audience)
    return audience
  }

  function end(subscription: Subscription): void {
    if (!subscriptions.delete(subscription)) return
    subscription.state = 'ended'
    const { audience } = subscription
    audience.members.delete(subscription)
    audience.followers -= 1
    if (audience.followers === 0) audiences.delete(audience.key)
    if (subscriptions.size > 0) return
    started = null
    tail.stop()
  }

  return {
    subscribe(connection, filter, viewer, from) {
      const subscription: Subscription = {
        connection,
        audience: audienceOf(filter, viewer),
        state: 'joining',
        position: 0,
        skipped: { events: 0, runs: 0 },
        toldAtMs: clock.nowMs(),
      }
      subscription.audience.followers += 1
      subscriptions.add(subscription)
      join(subscription, from).catch((error: unknown) => {
        onError(error)
        if (subscription.state !== 'ended') connection.tryLater('the store cannot be read just now')
        end(subscription)
      })
      return subscription
    },
    end,
  }
}

const aheadDetail =
  'The cursor lies beyond everything that is stored: it is of another store, or this one was put back to an older ' +
  'state. Subscribe without a cursor, and read the lists again'
