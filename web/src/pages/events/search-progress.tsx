import type { EventSummary } from '../../api/types.ts'
import type { Feed, FeedState } from '../../live/feed.ts'
import { Button } from '../../ui/button.tsx'
import { count, shortTime } from '../../ui/format.ts'

interface SearchProgressProps {
  state: FeedState<EventSummary>
  feed: Feed<EventSummary>
}

/** How far back a search has looked, while it has not come to its end; it can be stopped, and taken up again. */
export function SearchProgress({ state: { searchedTo, searching, rows }, feed }: SearchProgressProps) {
  if (searchedTo === null) return null
  return (
    <div className="flex items-center gap-3 border-b border-line bg-raised px-4 py-2 text-[13px]">
      <p role="status" className="min-w-0 flex-1">
        {searching ? 'Searching: ' : 'Stopped: '}
        <strong className="font-medium">searched back to {shortTime(searchedTo)}</strong>, found{' '}
        {count(rows.length, 'event')}
      </p>
      <Button size="small" onClick={searching ? feed.stop : feed.goOn}>
        {searching ? 'Stop' : 'Go on'}
      </Button>
    </div>
  )
}
