import type { Bus } from '../bus/port.ts'
import type { Change } from './change.ts'
import type { Clock } from './clock.ts'
import type { Page, ReadChanges } from './read-changes.ts'
import { createRing } from './ring.ts'

/**
 * Follows the store, once for all who watch. Everything that it tells comes from the order of commits: signals of the
 * bus only say when to look, so one that is lost costs a second and nothing else.
 *
 *   stopped ──start──→ waiting ──signal, or a second passed──→ reading ──→ delivering ──┐
 *                         ↑                                       ↑ more is there      │
 *                         └───────────────────────────────────────┴────────────────────┘
 */
export interface Tail {
  /** Everything up to here has been handed over, or is being handed over now. */
  readonly position: number
  /** From now on. */
  start(): Promise<void>
  stop(): void
  /** What was told lately after a position; null when that is too long ago. */
  recent(position: number, limit: number): Page | null
}

export interface TailOptions {
  read: ReadChanges
  lastPosition(): Promise<number>
  bus: Pick<Bus, 'subscribe'>
  clock: Clock
  /** The least time between two looks, however often the bus signals. */
  everyMs(): number
  /**
   * Prepares what is to be sent of a page, and answers how to send it. Whatever can fail fails before the position
   * has moved, so that nobody misses anything by it. Called in order, one page at a time; `changes` may be empty.
   */
  prepare(changes: readonly Change[], position: number): () => Promise<void>
  onError(error: unknown): void
}

const pollMs = 1000
/** 250 changes are some 3 ms of the main thread (13 µs each, read and serialised). */
const pageLimit = 250
/** While more is waiting, half of the time belongs to others. */
const longestRestMs = 25

export function createTail(options: TailOptions): Tail {
  const { read, bus, clock, prepare } = options
  let position = 0
  let ring = createRing(0)
  /** Counts starts and stops: what a former start is still waiting for is no longer wanted. */
  let era = 0
  let signalled = false
  let turning = false
  let lastTurnAtMs = 0
  let cancel = () => {}
  let unsubscribe = () => {}

  function wake(): void {
    if (signalled) return
    signalled = true
    if (!turning) schedule(Math.max(0, lastTurnAtMs + options.everyMs() - clock.nowMs()))
  }

  function schedule(delayMs: number): void {
    cancel()
    const mine = era
    cancel = clock.later(() => void turn(mine), delayMs)
  }

  async function turn(mine: number): Promise<void> {
    turning = true
    signalled = false
    lastTurnAtMs = clock.nowMs()
    let delayMs: number | null = null
    try {
      const page = await read(position, pageLimit)
      if (mine !== era) return
      const send = prepare(page.changes, page.position)
      position = page.position
      ring.push(page.changes, position)
      await send()
      if (page.more) delayMs = Math.min(longestRestMs, clock.nowMs() - lastTurnAtMs)
    } catch (error) {
      if (mine === era) options.onError(error)
      delayMs = pollMs
    } finally {
      if (mine === era) {
        turning = false
        const signalDelayMs = Math.max(0, lastTurnAtMs + options.everyMs() - clock.nowMs())
        schedule(delayMs ?? (signalled ? signalDelayMs : pollMs))
      }
    }
  }

  return {
    get position() {
      return position
    },
    async start() {
      const mine = ++era
      const last = await options.lastPosition()
      if (mine !== era) return
      position = last
      ring = createRing(last)
      turning = false
      signalled = false
      unsubscribe = bus.subscribe(wake)
      schedule(options.everyMs())
    },
    stop() {
      era += 1
      cancel()
      unsubscribe()
      unsubscribe = () => {}
      ring = createRing(0)
    },
    recent: (from, limit) => ring.after(from, limit),
  }
}
