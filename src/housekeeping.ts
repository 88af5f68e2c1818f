import { auditKeptIn } from './core/audit.ts'
import { newId } from './core/ids.ts'
import { cancelHeld } from './api/reaction-state.ts'
import type { Configuration } from './storage/configuration-view.ts'
import type { Storage } from './storage/port.ts'

export interface HousekeepingOptions {
  storage: Storage
  configuration: Configuration
  now(): number
  /** Runs have passed their deadline. */
  onExpired?(): void
  onError(error: unknown): void
}

const everyMs = 30_000
/** A resume drains what was held by itself; this is for one that was cut short. */
const heldEveryMs = 600_000
/** Not in the middle of the start: it needs a thread of its own. */
const settleAfterMs = 10_000
const day = 86_400_000

/** What has to end by itself: visitors' endpoints, runs past their deadline, old keys; and resumes and deletions cut short. */
export function startHousekeeping(options: HousekeepingOptions): () => void {
  const tick = (work: (options: HousekeepingOptions) => Promise<void>) => () =>
    void work(options).catch(options.onError)
  tick(endWhatIsDue)()
  const timers = [
    setInterval(tick(endWhatIsDue), everyMs),
    setTimeout(tick(settleHeld), settleAfterMs),
    setInterval(tick(settleHeld), heldEveryMs),
  ]
  return () => timers.forEach(clearTimeout)
}

export async function endWhatIsDue({ storage, now, onExpired }: HousekeepingOptions): Promise<void> {
  const nowMs = now()
  await storage.execute('expireEndpoints', { nowMs })
  while ((await storage.execute('expireRuns', { nowMs, limit: 500 })).length > 0) onExpired?.()
  await storage.execute('sweep', { nowMs, keepKeysMs: day, keepDeliveriesMs: 30 * day })
  await storage.execute('sweepStatistics', { nowMs })
  await storage.execute('forgetListeners', { seenBeforeMs: nowMs - 30 * day })
  await purgeAudit(storage, nowMs)
}

/** Held runs of a reaction that is no longer paused are let go, those of a deleted one cancelled. */
export async function settleHeld({ storage, configuration, now }: HousekeepingOptions): Promise<void> {
  await configuration.refresh()
  for (const reactionId of await storage.query('reactionsWithHeldRuns', null)) {
    const state = configuration.reactions.get(reactionId)?.state
    if (state === undefined) await cancelHeld({ storage, now }, reactionId, 'signalbox')
    if (state !== 'active') continue
    while ((await storage.execute('releaseHeld', { reactionId, nowMs: now(), limit: 500 })) > 0);
  }
}

const purgedAtOnce = 200

/** By whole days, so that at most one row a day tells of it. */
async function purgeAudit(storage: Storage, nowMs: number): Promise<void> {
  const stored = await storage.read('installation', { key: auditKeptIn })
  const { keepDays } =
    stored === null ? { keepDays: null } : (JSON.parse(stored) as { keepDays: number | null })
  if (keepDays === null) return
  const today = Math.floor(nowMs / day) * day
  const entry = {
    id: newId('aud'),
    atMs: nowMs,
    actor: 'signalbox',
    by: 'retention',
    from: '',
    userAgent: '',
    action: 'audit.purge',
  }
  const purge = { entry, beforeMs: today - keepDays * day, limit: purgedAtOnce }
  while ((await storage.execute('purgeAudit', purge)) === purgedAtOnce);
}
