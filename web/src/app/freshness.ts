import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { live } from '../live/live.ts'
import type { Change } from '../live/protocol.ts'

/** What the feed tells makes what was read before stale; it is read again at most once a second. */
const pauseMs = 1000

export function useFreshness(): void {
  const client = useQueryClient()
  useEffect(() => {
    let stale = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const refresh = () => {
      timer = undefined
      const keys = stale
      stale = new Set()
      for (const key of keys)
        void client.invalidateQueries({
          queryKey: key.split(' '),
          exact: isList(key) && key !== 'statistics',
        })
    }
    const note = (changes: readonly Change[]) => {
      for (const change of changes) for (const key of keysOf(change)) stale.add(key)
      timer ??= setTimeout(refresh, pauseMs)
    }
    const ends = [
      live.onChanges(note),
      live.onGap(
        () => void client.invalidateQueries({ predicate: query => query.queryKey[0] !== 'session' }),
      ),
    ]
    return () => {
      clearTimeout(timer)
      for (const end of ends) end()
    }
  }, [client])
}

const isList = (key: string): boolean => !key.includes(' ')

/** Query keys, as texts, that a change makes stale: a list by itself, a thing with all that hangs on it. */
function keysOf(change: Change): string[] {
  if (change.type === 'configuration') {
    const keys = [`${change.topic}s`, `${change.topic}s ${change.id}`]
    // One that was disabled is an alarm, and one may tell of alarms.
    return change.topic === 'reaction' ? [...keys, 'alarms'] : keys
  }
  if (change.type === 'event') {
    const { endpointId } = change.event
    if (change.event.kind.type === 'signalbox') return ['statistics', 'alarms']
    return endpointId === null ? ['statistics'] : ['statistics', 'endpoints', `endpoints ${endpointId}`]
  }
  const { id, eventId, reactionId } = change.run
  return [`runs ${id}`, `events ${eventId}`, 'reactions', `reactions ${reactionId}`, 'statistics']
}
