import { type Beginning, rejecting } from '../core/alarm.ts'
import type { Rejection } from '../storage/commands/endpoints.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import type { Storage } from '../storage/port.ts'
import type { Watch } from './watch.ts'

export interface RejectingWatch extends Watch {
  /** So many of these came in a row that it should be told. */
  noteRejected(rejections: readonly Rejection[]): void
}

/** While an alarm lasts, whether it is over is looked at so often. */
const everyMs = 10_000

export function watchRejecting(options: {
  storage: Storage
  configuration: Configuration
  isLasting: boolean
  calmMs: number
  now(): number
  wake(): void
}): RejectingWatch {
  const { storage, configuration, now } = options
  const pending = new Map<string, Beginning>()
  let checkAtMs: number | null = options.isLasting ? 0 : null
  const interval = Math.min(everyMs, options.calmMs)

  return {
    noteRejected(rejections) {
      for (const { endpointId, reason, count, sender } of rejections) {
        const endpoint = configuration.endpoints.get(endpointId)
        // Disabled, it turns away whatever comes: that is what somebody wanted.
        if (endpoint?.state !== 'active' || endpoint.viewKeyHash !== null) continue
        const subject = { id: endpointId, name: endpoint.definition.name, team: endpoint.team }
        pending.set(endpointId, rejecting(subject, { reason, count, sender }))
      }
      options.wake()
    },
    nextAtMs: () => (pending.size > 0 ? 0 : checkAtMs),
    async look(terms) {
      const beginnings = [...pending.values()]
      pending.clear()
      let told = 0
      if (beginnings.length > 0) told += await storage.execute('beginAlarms', { ...terms, beginnings })
      const checked = await storage.execute('checkRejecting', { ...terms, calmMs: options.calmMs })
      checkAtMs = checked.left > 0 ? now() + interval : null
      return told + checked.told
    },
  }
}
