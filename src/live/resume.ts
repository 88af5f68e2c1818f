import { breathe, type Clock, pause } from './clock.ts'
import { emptyFrame, framesOf } from './frame.ts'
import type { Page, ReadChanges } from './read-changes.ts'
import { hasDrained, type Subscription } from './subscription.ts'
import type { Tail } from './tail.ts'

/**
 * Brings watchers from where they left off to where the tail is. One page at a time, each from the position of whoever
 * has waited longest, and given to all who stand within it: a thousand who reconnect at once share their pages.
 */
export interface Resumes {
  add(subscription: Subscription): void
}

export interface ResumesOptions {
  tail: Pick<Tail, 'position' | 'recent'>
  read: ReadChanges
  clock: Clock
  /** It stands where the tail stands; called before anything else can happen. */
  onMet(subscription: Subscription): void
  onError(error: unknown): void
}

/** 200 changes are some 3 ms of the main thread. */
const pageLimit = 200
/** Whoever reads on from a day ago takes at most half of the main thread. */
const longestRestMs = 25
const drainPollMs = 25
const retryMs = 1000
/** A search that finds nothing for so long moves the cursor all the same: after a cut it goes on from there. */
const cursorEveryMs = 1000

export function createResumes({ tail, read, clock, onMet, onError }: ResumesOptions): Resumes {
  const queue = new Set<Subscription>()
  let pumping = false

  async function pump(): Promise<void> {
    pumping = true
    for (;;) {
      for (const subscription of queue) if (subscription.state !== 'resuming') queue.delete(subscription)
      if (queue.size === 0) break
      const next = [...queue].find(isReady)
      if (next === undefined) {
        await pause(clock, drainPollMs)
        continue
      }
      const startedAtMs = clock.nowMs()
      try {
        await step(next.position)
        await rest(clock.nowMs() - startedAtMs)
      } catch (error) {
        if (next.state === 'resuming') onError(error)
        await pause(clock, retryMs)
      }
    }
    pumping = false
  }

  /** Of a watcher that was ahead of this node's tail, the tail has to come up first. */
  const isReady = (subscription: Subscription): boolean =>
    subscription.state === 'resuming' && subscription.position <= tail.position && hasDrained(subscription)

  async function step(from: number): Promise<void> {
    const page = tail.recent(from, pageLimit) ?? (await read(from, pageLimit))
    // What lies beyond the tail is told by the tail.
    const end = Math.min(page.position, tail.position)
    // A copy, as whoever goes on is put at the back of the queue.
    const standing = [...queue].filter(isReady)
    for (const subscription of standing) {
      if (subscription.position < from || subscription.position > end) continue
      give(subscription, page, end)
      queue.delete(subscription)
      if (end === tail.position) onMet(subscription)
      else queue.add(subscription)
    }
  }

  function give(subscription: Subscription, { changes }: Page, end: number): void {
    const { position, audience, connection } = subscription
    const wanted = changes.filter(
      change => change.position > position && change.position <= end && audience.matches(change),
    )
    const nowMs = clock.nowMs()
    const frames = framesOf(wanted, end)
    if (frames.length === 0 && nowMs - subscription.toldAtMs >= cursorEveryMs) frames.push(emptyFrame(end))
    for (const { bytes } of frames) connection.send(bytes)
    if (frames.length > 0) subscription.toldAtMs = nowMs
    subscription.position = end
  }

  const rest = (tookMs: number): Promise<void> =>
    tookMs > 0 ? pause(clock, Math.min(longestRestMs, tookMs)) : breathe()

  return {
    add(subscription) {
      queue.add(subscription)
      if (!pumping) void pump()
    },
  }
}
