import { eventIdAt, timeOfEventId } from './core/ids.ts'
import type { Storage } from './storage/port.ts'

/** How long events are kept; null is for ever, or as many as there is room for. */
export interface RetentionPolicy {
  keepDays: number | null
  maxBytes: number | null
}

export interface Sweeps {
  lastAtMs: number | null
  /** How many events it took away. */
  lastForgot: number
  nextAtMs: number
}

export interface RetentionPreview {
  /** About so many: events whose runs are not final stay, and of a size it is reckoned by their average. */
  events: number
  /** False: there are more than were counted. */
  isExact: boolean
  /** The newest of them is from then; null when nothing goes. */
  beforeMs: number | null
}

export interface Retention {
  /** What holds now, and whether an administrator set it in the place of the settings. */
  policy(): Promise<RetentionPolicy & { changed: boolean }>
  /** Null goes back to the settings. Begins to sweep at once. */
  change(policy: RetentionPolicy | null): Promise<void>
  /** Takes away what is due now; a second call meanwhile waits for the first and sweeps again. Answers how many went. */
  sweep(): Promise<number>
  /** The last sweep since the start, and when the next one begins. */
  sweeps(): Sweeps
  /** What a policy would take away now. */
  preview(policy: RetentionPolicy): Promise<RetentionPreview>
  stop(): Promise<void>
}

export interface RetentionOptions {
  storage: Storage
  settings: RetentionPolicy
  now(): number
  onError(error: unknown): void
  pause?(delayMs: number): Promise<void>
}

const everyMs = 5 * 60_000
const firstAfterMs = 30_000
const day = 86_400_000
/**
 * What one commit takes away, and ingest waits as long. Of events with a run each, 50 take 4 ms, 33 ms at worst, and 100
 * take 7 ms, 72 ms at worst; on Postgres 3 ms (10) and 7 ms (25). Two cores, with a load of 3.5.
 */
const step = { limit: 50, maxBytes: 1024 * 1024 }
const changesStep = 200
/** Of the time, retention takes at most a quarter. */
const restFactor = 3
const keptIn = 'retention'
const latest = 'evt_~'
const mostCounted = 5_000_000

/** Old events go, oldest first, in small steps. */
export function startRetention(options: RetentionOptions): Retention {
  const { storage, now, onError } = options
  const pause =
    options.pause ?? (delayMs => new Promise<void>(resolve => setTimeout(resolve, delayMs).unref()))
  const startedAtMs = now()
  let stopped = false
  let sweeping: Promise<number> = Promise.resolve(0)

  const policy = async () => {
    const stored = await storage.read('installation', { key: keptIn })
    if (stored === null || stored === '') return { ...options.settings, changed: false }
    return { ...(JSON.parse(stored) as RetentionPolicy), changed: true }
  }

  /** Steps through what is older than an id, until there is no more or `enough` says so. */
  const forgetBefore = async (beforeId: string, enough: () => Promise<boolean>): Promise<number> => {
    let gone = 0
    let after: string | null = ''
    while (after !== null && !stopped && !(await enough())) {
      const startedAtMs = performance.now()
      const page: { positions: number[]; after: string | null } = await storage.query('forgettable', {
        beforeId,
        after,
        ...step,
      })
      if (page.positions.length > 0)
        gone += await storage.execute('forgetEvents', { positions: page.positions, nowMs: now() })
      after = page.after
      await pause((performance.now() - startedAtMs) * restFactor)
    }
    return gone
  }

  const run = async (): Promise<number> => {
    const { keepDays, maxBytes } = await policy()
    let gone = 0
    if (keepDays !== null) gone += await forgetBefore(eventIdAt(now() - keepDays * day), async () => false)
    if (maxBytes !== null) {
      const fits = async () => (await storage.query('storeSize', null)).usedBytes <= maxBytes
      gone += await forgetBefore(latest, fits)
    }
    const changes = { beforeMs: now() - day, limit: changesStep }
    while (!stopped && (await storage.execute('forgetChanges', changes)) === changesStep) await pause(10)
    return gone
  }
  const sweeps: Sweeps = { lastAtMs: null, lastForgot: 0, nextAtMs: now() + firstAfterMs }
  const noted = async (): Promise<number> => {
    const gone = await run()
    Object.assign(sweeps, { lastAtMs: now(), lastForgot: gone })
    return gone
  }
  const sweep = (): Promise<number> => {
    sweeping = sweeping.catch(() => 0).then(() => (stopped ? 0 : noted()))
    return sweeping
  }
  const preview = async ({ keepDays, maxBytes }: RetentionPolicy): Promise<RetentionPreview> => {
    const count = (beforeId: string) => storage.query('countEvents', { beforeId, limit: mostCounted })
    const tooOld = keepDays === null ? 0 : await count(eventIdAt(now() - keepDays * day))
    const all = maxBytes === null ? 0 : await count(latest)
    const { usedBytes } = await storage.query('storeSize', null)
    const tooMany = maxBytes === null ? 0 : Math.ceil(all * Math.max(0, 1 - maxBytes / usedBytes))
    const events = Math.max(tooOld, tooMany)
    const newest = events === 0 ? null : await storage.query('eventIdByAge', { offset: events - 1 })
    return {
      events,
      isExact: Math.max(tooOld, all) < mostCounted,
      beforeMs: newest === null ? null : timeOfEventId(newest),
    }
  }
  const tick = () => void sweep().catch(onError)
  const timers = [
    setTimeout(() => {
      sweeps.nextAtMs = startedAtMs + everyMs
      tick()
    }, firstAfterMs),
    setInterval(() => {
      sweeps.nextAtMs = now() + everyMs
      tick()
    }, everyMs),
  ]
  return {
    policy,
    async change(next) {
      await storage.execute('setInstallation', {
        key: keptIn,
        value: next === null ? '' : JSON.stringify(next),
      })
      tick()
    },
    sweep,
    sweeps: () => ({ ...sweeps }),
    preview,
    async stop() {
      stopped = true
      timers.forEach(clearTimeout)
      await sweeping.catch(() => 0)
    },
  }
}
