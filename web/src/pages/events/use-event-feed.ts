import { listEvents } from '../../api/events.ts'
import type { EventSummary } from '../../api/types.ts'
import type { Feed, FeedState } from '../../live/feed.ts'
import { useFeed } from '../../live/use-feed.ts'
import { eventMatches, eventQueryOf, type EventFilter } from './search.ts'

const pageSize = 100

export function useEventFeed(search: EventFilter): [FeedState<EventSummary>, Feed<EventSummary>] {
  return useFeed<EventSummary>(`events ${JSON.stringify(search)}`, {
    load: (cursor, signal) =>
      listEvents({ ...eventQueryOf(search), limit: pageSize, cursor: cursor ?? undefined }, signal),
    pick: change => (change.type === 'event' ? change.event : null),
    matches: event => eventMatches(search, event),
  })
}
