import { triesToTell } from '../core/alarm.ts'
import type { Next } from '../core/retry.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import type { Storage } from '../storage/port.ts'
import type { CheckTerms } from '../storage/commands/alarms.ts'
import { sooner, type Watch } from './watch.ts'

export interface FailingWatch extends Watch {
  /** A run was tried, so often now; this came of it. */
  noteTried(reactionId: string, next: Next, tries: number): void
  /** Runs ended that nobody tried. */
  noteExpired(): void
}

/** What ends in this time is looked at together. */
const gatherMs = 250
const perCommand = 20
/** Not in the middle of the start. Runs may have failed just before it, or with it. */
const firstAfterMs = 3_000

/** A reaction is looked at when a run of it has failed; and while it is failing, when one has succeeded. */
export function watchFailing(options: {
  storage: Storage
  configuration: Configuration
  calmMs: number
  now(): number
  wake(): void
}): FailingWatch {
  const { storage, configuration, calmMs, now } = options
  const touched = new Set<string>()
  /** Those with an alarm, and when each is looked at next. */
  const failing = new Map<string, number | null>()
  let recentAtMs: number | null = now() + firstAfterMs
  let touchedAtMs: number | null = null

  const touch = (reactionId: string) => {
    touched.add(reactionId)
    if (touchedAtMs !== null) return
    touchedAtMs = now() + gatherMs
    options.wake()
  }

  const noteExpired = () => {
    recentAtMs = sooner(recentAtMs, now() + gatherMs)
    options.wake()
  }
  const check = async (terms: CheckTerms, reactionIds: string[], recent: boolean): Promise<number> => {
    const checked = await storage.execute('checkFailing', { ...terms, calmMs, reactionIds, recent })
    for (const id of reactionIds) failing.delete(id)
    for (const { id, atMs } of checked.failing) failing.set(id, atMs)
    return checked.told
  }
  // Somebody may have disabled it, or does not want to hear of it any more.
  configuration.onChange(({ reactions }) => {
    for (const { id } of reactions) if (failing.has(id)) touch(id)
  })

  return {
    noteTried(reactionId, next, tries) {
      const isAlarmed = failing.has(reactionId)
      if (next.state === 'succeeded') {
        if (isAlarmed && failing.get(reactionId) === null) touch(reactionId)
      } else if (!isAlarmed && (next.state !== 'due' || tries >= triesToTell)) touch(reactionId)
    },
    noteExpired,
    nextAtMs() {
      let next = sooner(touchedAtMs, recentAtMs)
      for (const atMs of failing.values()) next = sooner(next, atMs)
      return next
    },
    async look(terms) {
      const { nowMs } = terms
      for (const [id, atMs] of failing) if (atMs !== null && atMs <= nowMs) touched.add(id)
      const ids = [...touched]
      const recent = recentAtMs !== null && recentAtMs <= nowMs
      touched.clear()
      touchedAtMs = null
      if (recent) recentAtMs = null
      try {
        let told = recent ? await check(terms, [], true) : 0
        for (let at = 0; at < ids.length; at += perCommand)
          told += await check(terms, ids.slice(at, at + perCommand), false)
        return told
      } catch (error) {
        ids.forEach(touch)
        if (recent) noteExpired()
        throw error
      }
    },
  }
}
