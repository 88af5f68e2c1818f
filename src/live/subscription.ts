import { cursorOf } from './cursor.ts'
import type { Matches } from './filter.ts'
import type { Frame } from './frame.ts'

/**
 * What one watcher follows. Subscribing again ends it and begins another one.
 *
 *   joining ──from now on──────────────────────────→ live ──1 MiB unread──→ behind
 *      └─────from a cursor──→ resuming ──caught-up──→ ↑                        │
 *                                                     └──drained: "behind"─────┘
 *   any ──subscribed again, or gone──→ ended
 *
 * While it resumes, it is sent pages of its own, as fast as it reads them. While it is live, it is sent the frames of
 * its audience. While it is behind, frames are only counted.
 */
export interface Subscription {
  readonly connection: Connection
  readonly audience: Audience
  state: 'joining' | 'resuming' | 'live' | 'behind' | 'ended'
  /** Everything up to here that it wants was sent, or counted as skipped. */
  position: number
  skipped: { events: number; runs: number }
  /** When it last was sent something that moves its cursor. */
  toldAtMs: number
}

/** The subscriptions with one filter and one view: what is sent to them is made once. */
export interface Audience {
  readonly key: string
  readonly matches: Matches
  /** Those that are live or behind. */
  readonly members: Set<Subscription>
  /** All of its subscriptions, those on their way included. */
  followers: number
  toldAtMs: number
}

export interface Connection {
  /** Sent, and still in this process's memory. */
  waitingBytes(): number
  send(message: Buffer): void
  /** Nothing can be followed just now: the watcher is to connect again after a while, and still has its cursor. */
  tryLater(reason: string): void
}

/** Beyond it a live watcher is left behind: with the frames of one page this bounds what a watcher costs. */
const maxWaitingBytes = 1024 * 1024
const drainedBytes = 64 * 1024

export const hasDrained = ({ connection }: Subscription): boolean => connection.waitingBytes() <= drainedBytes

/** Sends a frame of its audience, or counts it. */
export function take(subscription: Subscription, frame: Frame): void {
  if (subscription.state === 'behind') goOnWhenDrained(subscription)
  if (subscription.state === 'live' && subscription.connection.waitingBytes() > maxWaitingBytes)
    subscription.state = 'behind'
  if (subscription.state === 'live') subscription.connection.send(frame.bytes)
  if (subscription.state === 'behind') {
    subscription.skipped.events += frame.events
    subscription.skipped.runs += frame.runs
  }
  subscription.position = frame.position
}

/** Tells what was skipped, once there is room: the cursor jumps to where it goes on. */
export function goOnWhenDrained(subscription: Subscription): void {
  if (subscription.state !== 'behind' || !hasDrained(subscription)) return
  const { skipped, position } = subscription
  subscription.state = 'live'
  subscription.skipped = { events: 0, runs: 0 }
  tell(subscription, { type: 'behind', cursor: cursorOf(position), skipped })
}

export const tell = ({ connection }: Pick<Subscription, 'connection'>, message: object): void =>
  connection.send(Buffer.from(JSON.stringify(message)))
