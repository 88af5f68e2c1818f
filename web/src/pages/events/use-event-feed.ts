import { listEvents } from '../../api/events.ts'
import type { EventSummary } from '../../api/types.ts'
import type { Feed, FeedState } from '../../live/feed.ts'
import { useFeed } from '../../live/use-feed.ts'
import { eventMatches, eventQueryOf, needsServer, type EventFilter } from './search.ts'

const pageSize = 100
/** A search shows what it has found so often. */
const searchMs = 400
/** Of what came lately, so far back is looked at for what matches. */
const lately = { ms: 60_000, searchMs: 1000 }

export function useEventFeed(search: EventFilter): [FeedState<EventSummary>, Feed<EventSummary>] {
  const isSearch = needsServer(search)
  return useFeed<EventSummary>(`events ${JSON.stringify(search)}`, {
    load: (cursor, signal) =>
      listEvents(
        {
          ...eventQueryOf(search),
          limit: pageSize,
          cursor: cursor ?? undefined,
          searchMs: isSearch ? searchMs : undefined,
        },
        signal,
      ),
    pick: change => (change.type === 'event' ? change.event : null),
    matches: event => eventMatches(search, event),
    ...(isSearch && {
      async newest(signal: AbortSignal) {
        const since = new Date(Date.now() - lately.ms).toISOString()
        const query = { ...eventQueryOf(search), since, limit: pageSize, searchMs: lately.searchMs }
        return (await listEvents(query, signal)).items
      },
    }),
  })
}
