import { type Beginning, breakerOpened } from '../core/alarm.ts'
import type { Work } from '../core/intake.ts'
import type { Storage } from '../storage/port.ts'
import type { AlarmTable } from '../storage/schema.ts'
import { sooner, type Watch } from './watch.ts'

export interface BreakerWatch extends Watch {
  /** A call failed, and the breaker of its lane is open with it, newly or still. */
  noteOpen(lane: string, failures: number, work: Work, message: string): void
  noteClosed(lane: string): void
}

const dayMs = 86_400_000
/** A target that nobody has asked for in a day is nobody's trouble. */
const forgottenMs = dayMs

/** A breaker's alarm ends when its target has answered for a while: one that comes and goes is one alarm, not many. */
export function watchBreakers(options: {
  storage: Storage
  lasting: readonly AlarmTable[]
  calmMs: number
  now(): number
  wake(): void
}): BreakerWatch {
  const { storage, now } = options
  const pending = new Map<string, Beginning>()
  /** Lanes with an alarm: when each failed last, and since when it answers. */
  const open = new Map<string, { failedAtMs: number; closedAtMs: number | null }>()
  for (const row of options.lasting) open.set(row.subject_id, { failedAtMs: now(), closedAtMs: null })

  const endsAtMs = ({ failedAtMs, closedAtMs }: { failedAtMs: number; closedAtMs: number | null }) =>
    closedAtMs === null ? failedAtMs + forgottenMs : closedAtMs + options.calmMs

  return {
    noteOpen(lane, failures, work, message) {
      const { run, event, reaction } = work
      if (!open.has(lane)) {
        const last = { runId: run.id, eventId: event.id, label: message, hops: event.hops }
        pending.set(lane, breakerOpened(lane, reaction.definition.name, failures, last))
      }
      open.set(lane, { failedAtMs: now(), closedAtMs: null })
      options.wake()
    },
    noteClosed(lane) {
      const known = open.get(lane)
      if (!known) return
      known.closedAtMs = now()
      options.wake()
    },
    nextAtMs() {
      let next = pending.size > 0 ? 0 : null
      for (const one of open.values()) next = sooner(next, endsAtMs(one))
      return next
    },
    async look(terms) {
      let told = 0
      const beginnings = [...pending.values()]
      if (beginnings.length > 0) {
        told += await storage.execute('beginAlarms', { ...terms, beginnings })
        for (const { subject } of beginnings) pending.delete(subject.id)
      }
      const over = [...open].filter(([, one]) => endsAtMs(one) <= terms.nowMs)
      if (over.length === 0) return told
      const alarms = over.map(([subjectId, { closedAtMs }]) => ({
        kind: 'breaker.opened' as const,
        subjectId,
        ...(closedAtMs === null ? { text: 'No run has asked for it for a day' } : {}),
      }))
      told += await storage.execute('endAlarms', { ...terms, alarms })
      for (const [lane] of over) open.delete(lane)
      return told
    },
  }
}
