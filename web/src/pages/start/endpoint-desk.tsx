import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { endpointQuery } from '../../api/endpoints.ts'
import { useListKeys } from '../../app/list-keys.ts'
import { Page } from '../../ui/page.tsx'
import { PauseButton } from '../../ui/pause-button.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Split } from '../../ui/split.tsx'
import { EventInspector } from '../events/inspector/event-inspector.tsx'
import { EventList } from '../events/event-list.tsx'
import type { EventTab } from '../events/search.ts'
import { useEventFeed } from '../events/use-event-feed.ts'
import { Address } from './address.tsx'
import { Waiting } from './waiting.tsx'

interface EndpointDeskProps {
  endpointId: string
  /** The event that was chosen. */
  eventId: string | undefined
  tab: EventTab | undefined
  onOpen: (id: string) => void
}

/** One endpoint: how to send to it, and what arrived, live. Until one is chosen, the newest event is open. */
export function EndpointDesk({ endpointId, eventId: chosen, tab, onOpen }: EndpointDeskProps) {
  const { data: endpoint, error, refetch } = useQuery(endpointQuery(endpointId))
  const [state, feed] = useEventFeed({ endpoint: endpointId })
  const navigate = useNavigate()
  const [other, setOther] = useState<string>()
  const show = (event: string | undefined, next = tab) =>
    navigate({ to: '/', search: { endpoint: endpointId, event, tab: next }, replace: true })
  const activeId = useListKeys('Events', state.rows, chosen, event => show(event))

  if (!endpoint) {
    return (
      <Page title="Endpoint" back={<StartAgain />}>
        {error ? (
          <ProblemNote error={error} what="The endpoint could not be read" retry={() => void refetch()} />
        ) : (
          <p className="text-soft">Reading the endpoint…</p>
        )}
      </Page>
    )
  }
  if (state.status === 'ready' && state.rows.length === 0) {
    return (
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-2xl px-4 py-8 md:py-[8vh]">
          <h1 className="text-xl font-semibold">Your webhook is ready</h1>
          <div className="mt-4">
            <Address endpoint={endpoint} onOpen={onOpen} />
          </div>
          <Waiting />
        </div>
      </div>
    )
  }
  const shown = chosen ?? state.rows[0]?.id
  return (
    <Split
      list={
        <>
          <div className="border-b border-line px-4 py-3">
            <details>
              <summary className="flex items-center gap-2 text-lg font-semibold">
                <h1 className="min-w-0 flex-1 truncate">{endpoint.name}</h1>
                <span className="text-[13px] font-normal text-accent">Show address</span>
              </summary>
              <div className="pt-3">
                <Address endpoint={endpoint} onOpen={onOpen} />
              </div>
            </details>
            <div className="mt-2 flex items-center justify-between text-[13px] text-soft">
              <span aria-live="polite">
                {state.arrived > 0
                  ? `${state.arrived.toLocaleString()} since you opened this page`
                  : 'Watching'}
              </span>
              <PauseButton state={state} feed={feed} />
            </div>
          </div>
          <EventList
            state={state}
            feed={feed}
            activeId={activeId ?? shown}
            empty={null}
            link={(event, className, row) => (
              <button
                type="button"
                className={`${className} w-full text-left`}
                onClick={() => show(event.id)}
              >
                {row}
              </button>
            )}
          />
        </>
      }
      detail={
        shown && (
          <EventInspector
            key={shown}
            eventId={shown}
            tab={tab}
            onTab={next => show(chosen, next)}
            other={other}
            onOther={setOther}
            {...(chosen ? { onClose: () => void show(undefined) } : {})}
          />
        )
      }
      isOptional={chosen === undefined}
    />
  )
}

const StartAgain = () => (
  <Link to="/" className="text-link">
    Start
  </Link>
)
