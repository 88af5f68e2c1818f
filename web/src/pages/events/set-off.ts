import type { SetOff } from '../../api/runs.ts'
import type { LiveClient } from '../../live/client.ts'

/**
 * What the events in view have set off. Only rows that are shown ask, many in one request; what the feed tells of their
 * runs has them asked again. So ten thousand events cost no more than a screen of them.
 */
export interface SetOffBook {
  get(eventId: string): SetOff | undefined
  watch(eventId: string, listener: () => void): () => void
}

interface BookOptions {
  load(eventIds: readonly string[]): Promise<{ items: SetOff[] }>
  live: Pick<LiveClient, 'onChanges' | 'onGap'>
  later(work: () => void, delayMs: number): void
}

const gatherMs = 250
const mostAtOnce = 100
/** Rows that were seen before show what they showed at once. */
const mostKept = 2_000

export function createSetOffBook({ load, live, later }: BookOptions): SetOffBook {
  const known = new Map<string, SetOff>()
  const watchers = new Map<string, Set<() => void>>()
  const stale = new Set<string>()
  let isWaiting = false
  let stop = () => {}

  const ask = () => {
    if (isWaiting) return
    isWaiting = true
    later(() => {
      isWaiting = false
      void read()
    }, gatherMs)
  }
  const read = async () => {
    const ids = [...stale].filter(id => watchers.has(id)).slice(0, mostAtOnce)
    for (const id of ids) stale.delete(id)
    for (const id of stale) if (!watchers.has(id)) stale.delete(id)
    if (ids.length === 0) return
    // Without an answer the rows say what they said; the next change asks again.
    const answer = await load(ids).catch(() => ({ items: [] }))
    for (const one of answer.items) {
      known.delete(one.eventId)
      known.set(one.eventId, one)
      for (const listener of watchers.get(one.eventId) ?? []) listener()
    }
    for (const id of known.keys()) {
      if (known.size <= mostKept) break
      known.delete(id)
    }
    if (stale.size > 0) ask()
  }
  const follow = () => {
    const ends = [
      live.onChanges(changes => {
        for (const change of changes)
          if (change.type === 'run' && watchers.has(change.run.eventId)) stale.add(change.run.eventId)
        if (stale.size > 0) ask()
      }),
      live.onGap(() => {
        for (const id of watchers.keys()) stale.add(id)
        ask()
      }),
    ]
    return () => ends.forEach(end => end())
  }

  return {
    get: eventId => known.get(eventId),
    watch(eventId, listener) {
      if (watchers.size === 0) stop = follow()
      const listeners = watchers.get(eventId) ?? new Set()
      watchers.set(eventId, listeners.add(listener))
      stale.add(eventId)
      ask()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) watchers.delete(eventId)
        if (watchers.size === 0) stop()
      }
    },
  }
}
