import { type Endpoint, hasExpired } from '../core/endpoint.ts'
import type { CheckTerms, ListenedEndpoint } from '../storage/commands/alarms.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import type { Storage } from '../storage/port.ts'
import { sooner, type Watch } from './watch.ts'

export interface SilenceWatch extends Watch {
  /** Something was committed: a silent endpoint may have been heard. */
  noteCommitted(): void
  /** Signalbox ends now; what follows is no silence. */
  stop(): Promise<void>
}

/** Signalbox says so often that it runs. */
export const aliveEveryMs = 60_000
const longestAliveMs = 2.5 * aliveEveryMs
const perCommand = 500
/** While an endpoint is silent and others are not, it is looked for at most so often. */
const heardEveryMs = 1_000

const isListened = ({ state, viewKeyHash, definition }: Endpoint): boolean =>
  state === 'active' && viewKeyHash === null && definition.silentAfterMs !== null

/**
 * An endpoint is asked for when it would fall silent, not before; so one that is busy costs one look in all that time.
 * Only when one of them is watched does Signalbox write down that it runs.
 */
export function watchSilence(options: {
  storage: Storage
  configuration: Configuration
  now(): number
  wake(): void
}): SilenceWatch {
  const { storage, configuration, now } = options
  const dueAt = new Map<string, number>()
  const silent = new Set<string>()
  let isHeard = false
  let heardAtMs = 0
  let aliveAtMs: number | null = null

  const take = (endpoint: Endpoint) => {
    silent.delete(endpoint.id)
    if (isListened(endpoint)) dueAt.set(endpoint.id, 0)
    else dueAt.delete(endpoint.id)
  }
  for (const endpoint of configuration.endpoints.values()) take(endpoint)
  configuration.onChange(({ endpoints }) => {
    endpoints.forEach(take)
    options.wake()
  })

  const isWatching = () => dueAt.size + silent.size > 0
  const alive = async (nowMs: number) => {
    // At a start, all the time since the last sign is time without Signalbox.
    await storage.execute('noteAlive', { nowMs, longestMs: aliveAtMs === null ? 0 : longestAliveMs })
    aliveAtMs = nowMs
  }
  const check = async (ids: readonly string[], terms: CheckTerms): Promise<number> => {
    const endpoints = ids.flatMap(id => listened(configuration.endpoints.get(id), terms.nowMs))
    const { told, listened: found } = await storage.execute('checkSilence', { ...terms, endpoints })
    for (const id of ids) {
      dueAt.delete(id)
      silent.delete(id)
    }
    for (const one of found) {
      if (one.silent) silent.add(one.id)
      else dueAt.set(one.id, one.atMs)
    }
    return told
  }

  return {
    nextAtMs() {
      if (!isWatching()) return null
      const nextAlive = aliveAtMs === null ? 0 : aliveAtMs + aliveEveryMs
      const heard = isHeard && silent.size > 0 ? heardAtMs + heardEveryMs : null
      let next = sooner(nextAlive, heard)
      for (const atMs of dueAt.values()) next = sooner(next, atMs)
      return next
    },
    async look(terms) {
      const { nowMs } = terms
      if (aliveAtMs === null || aliveAtMs + aliveEveryMs <= nowMs) await alive(nowMs)
      const ids = [...dueAt].flatMap(([id, atMs]) => (atMs <= nowMs ? [id] : []))
      const heard = isHeard ? [...silent] : []
      isHeard = false
      heardAtMs = nowMs
      ids.push(...heard)
      try {
        let told = 0
        for (let at = 0; at < ids.length; at += perCommand)
          told += await check(ids.slice(at, at + perCommand), terms)
        return told
      } catch (error) {
        isHeard ||= heard.length > 0
        throw error
      }
    },
    noteCommitted() {
      if (isHeard || silent.size === 0) return
      isHeard = true
      options.wake()
    },
    async stop() {
      if (aliveAtMs !== null) await alive(now())
    },
  }
}

/** None, where it is no longer there, or its time has ended. */
function listened(endpoint: Endpoint | undefined, nowMs: number): ListenedEndpoint[] {
  const silentAfterMs = endpoint?.definition.silentAfterMs ?? null
  if (!endpoint || silentAfterMs === null || hasExpired(endpoint, nowMs)) return []
  const { id, definition, team, updatedAtMs } = endpoint
  return [{ id, name: definition.name, team, changedAtMs: updatedAtMs, silentAfterMs }]
}
