import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { fieldErrors } from '../../api/problem.ts'
import { useSession } from '../../app/session.ts'
import { SignInLink } from '../../app/sign-in-link.tsx'
import { useListKeys } from '../../app/list-keys.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { PauseButton } from '../../ui/pause-button.tsx'
import { Split } from '../../ui/split.tsx'
import { EventFilters } from './event-filters.tsx'
import { EventInspector } from './inspector/event-inspector.tsx'
import { EventList } from './event-list.tsx'
import { describeFilters } from './describe.ts'
import { filtersOf, isFiltered, type EventFilter, type EventSearch } from './search.ts'
import { JobsBar } from '../jobs/jobs-bar.tsx'
import { ReplayAll } from './replay-all.tsx'
import { ViewsButton } from '../views/views-button.tsx'
import { useEventFeed } from './use-event-feed.ts'

export function EventsPage() {
  const { signedIn, endpoints } = useSession()
  return signedIn || endpoints.length > 0 ? <Events /> : <NothingToSee />
}

function Events() {
  const session = useSession()
  const search: EventSearch = useSearch({ from: '/events' })
  const { tab, with: other, ...filters } = search
  const { eventId } = useParams({ strict: false })
  const navigate = useNavigate()
  const [state, feed] = useEventFeed(filters)
  const open = (id: string | undefined, replace = false) =>
    id === undefined
      ? navigate({ to: '/events', search, replace })
      : navigate({ to: '/events/$eventId', params: { eventId: id }, search, replace })
  const activeId = useListKeys('Events', state.rows, eventId, open)

  const change = (next: EventSearch) =>
    eventId === undefined
      ? navigate({ to: '/events', search: next, replace: true })
      : navigate({ to: '/events/$eventId', params: { eventId }, search: next, replace: true })
  const filter = (next: EventFilter) => change({ ...next, tab })

  return (
    <Split
      list={
        <>
          <div className="flex flex-col gap-3 border-b border-line px-4 py-3">
            <div className="flex flex-wrap items-center gap-2">
              <h1 className="flex-1 text-lg font-semibold">Events</h1>
              {session.signedIn && state.rows.length > 0 && <ReplayAll search={filters} />}
              {session.signedIn && <ViewsButton list="events" filters={filtersOf(filters)} />}
              <PauseButton state={state} feed={feed} />
            </div>
            {session.signedIn && <JobsBar kind="replay" />}
            <EventFilters search={filters} errors={fieldErrors(state.problem)} onChange={filter} />
          </div>
          <EventList
            state={state}
            feed={feed}
            activeId={activeId}
            withRuns={session.signedIn}
            link={(event, className, row) => (
              <Link
                to="/events/$eventId"
                params={{ eventId: event.id }}
                search={search}
                preload={false}
                className={className}
              >
                {row}
              </Link>
            )}
            empty={<NoEvents search={filters} onChange={filter} />}
          />
        </>
      }
      detail={
        eventId && (
          <EventInspector
            key={eventId}
            eventId={eventId}
            tab={tab}
            onTab={next => change({ ...search, tab: next })}
            other={other}
            onOther={id => change({ ...search, with: id })}
            onClose={() => open(undefined)}
          />
        )
      }
      placeholder="Choose an event to see its body, its headers, and why each reaction did or did not fire."
    />
  )
}

function NoEvents({ search, onChange }: { search: EventFilter; onChange: (search: EventFilter) => void }) {
  if (isFiltered(search)) {
    return (
      <Empty
        title="No event matches"
        action={
          <>
            {search.range && (
              <Button onClick={() => onChange({ ...search, range: undefined })}>Search any time</Button>
            )}
            <Button onClick={() => onChange({})}>Clear filters</Button>
          </>
        }
      >
        <p>Searched {describeFilters(search).join(', ')}.</p>
        <p>New events that match show up here by themselves.</p>
      </Empty>
    )
  }
  return (
    <Empty
      title="No events yet"
      action={
        <Link to="/" className={buttonClass({ look: 'primary' })}>
          Get my webhook
        </Link>
      }
    >
      Every request to one of your endpoints, and every event that your platform reports, is kept and shown
      here as it arrives.
    </Empty>
  )
}

function NothingToSee() {
  return (
    <Empty
      isPage
      title="You have no endpoint yet"
      action={
        <>
          <Link to="/" className={buttonClass({ look: 'primary' })}>
            Get my webhook
          </Link>
          <SignInLink className={buttonClass()}>Sign in</SignInLink>
        </>
      }
    >
      Here you see the events of your own endpoints. Make one, or sign in to see all of them.
    </Empty>
  )
}
