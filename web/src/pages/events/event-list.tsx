import type { EventSummary } from '../../api/types.ts'
import type { Feed, FeedState } from '../../live/feed.ts'
import { maxRows } from '../../live/feed.ts'
import { fullTime } from '../../ui/format.ts'
import { SearchProgress } from './search-progress.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { VirtualList } from '../../ui/virtual-list.tsx'
import { EventRow } from './event-row.tsx'
import { ListFoot } from '../../ui/list-foot.tsx'
import { useArrivals } from '../../ui/arrivals.ts'
import type { ReactNode } from 'react'

interface EventListProps {
  state: FeedState<EventSummary>
  feed: Feed<EventSummary>
  activeId: string | undefined
  /** Wraps a row in what opens the event. */
  link: (event: EventSummary, className: string, row: ReactNode) => ReactNode
  empty: ReactNode
  /** Also what each has set off. */
  withRuns?: boolean
}

export function EventList({ state, feed, activeId, link, empty, withRuns = false }: EventListProps) {
  const isNew = useArrivals(state.rows, state.status === 'ready')
  if (state.status === 'loading') return <p className="p-5 text-soft">Reading events…</p>
  if (state.status === 'failed') {
    return (
      <div className="p-4">
        <ProblemNote error={state.problem} what="The events could not be read" retry={feed.retry} />
      </div>
    )
  }
  const progress = <SearchProgress state={state} feed={feed} />
  if (state.rows.length === 0) {
    return (
      <>
        {progress}
        {state.searchedTo === null && <div className="min-h-0 flex-1 overflow-y-auto">{empty}</div>}
      </>
    )
  }
  return (
    <>
      {progress}
      <VirtualList
        rows={state.rows}
        rowHeight={62}
        label="Events, newest first"
        activeId={activeId}
        onEnd={feed.more}
        render={event =>
          link(
            event,
            `block h-full border-b border-line no-underline -outline-offset-2 hover:bg-raised ${event.id === activeId ? 'bg-accent-wash hover:bg-accent-wash' : ''} ${isNew(event.id) ? 'animate-arrive' : ''}`,
            <EventRow event={event} withRuns={withRuns} />,
          )
        }
        footer={<ListFoot state={state} what="events" note={footNote(state)} retry={feed.retry} />}
      />
    </>
  )
}

function footNote(state: FeedState<EventSummary>): string | null {
  if (state.rows.length >= maxRows)
    return `The newest ${maxRows.toLocaleString()} are shown. Choose a time range to see older ones.`
  return state.searchedTo === null ? null : `Searched back to ${fullTime(state.searchedTo)}.`
}
