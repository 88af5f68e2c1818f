import type { AlarmKind } from '../core/alarm.ts'
import { hasExpired } from '../core/endpoint.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import type { Storage } from '../storage/port.ts'
import type { AlarmTable } from '../storage/schema.ts'
import type { Watch } from './watch.ts'

/** Ends alarms of endpoints that somebody took away, or no longer wants to hear of: they tell nothing more. */
export function watchOrphans(options: {
  storage: Storage
  configuration: Configuration
  now(): number
  wake(): void
}): Watch {
  const { storage, configuration } = options
  let isStale = true
  configuration.onChange(({ endpoints }) => {
    if (endpoints.length === 0) return
    isStale = true
    options.wake()
  })
  const isWanted = ({ kind, subject_id: id }: AlarmTable): boolean => {
    if (kind !== 'endpoint.silent' && kind !== 'endpoint.rejecting') return true
    const endpoint = configuration.endpoints.get(id)
    if (endpoint?.state !== 'active' || hasExpired(endpoint, options.now())) return false
    return kind === 'endpoint.rejecting' || endpoint.definition.silentAfterMs !== null
  }
  return {
    nextAtMs: () => (isStale ? 0 : null),
    async look(terms) {
      const orphans = (await storage.read('alarms', null)).filter(row => !isWanted(row))
      isStale = false
      if (orphans.length === 0) return 0
      const alarms = orphans.map(row => ({
        kind: row.kind as AlarmKind,
        subjectId: row.subject_id,
        text: null,
      }))
      return storage.execute('endAlarms', { ...terms, alarms })
    },
  }
}
