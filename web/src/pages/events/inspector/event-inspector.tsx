import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { eventQuery } from '../../../api/events.ts'
import type { EventDetail } from '../../../api/types.ts'
import { useSession } from '../../../app/session.ts'
import { AspectLabel } from '../../../ui/aspect.tsx'
import { DetailFrame } from '../../../ui/detail-frame.tsx'
import { ProblemNote } from '../../../ui/problem-note.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { Time } from '../../../ui/time.tsx'
import { sourceOf } from '../describe.ts'
import type { EventTab } from '../search.ts'
import { BodyTab } from './body-tab.tsx'
import { CompareTab } from './compare/compare-tab.tsx'
import { EventActions } from './event-actions.tsx'
import { FactsTab } from './facts-tab.tsx'
import { HeadersTab } from './headers-tab.tsx'
import { RawTab } from './raw-tab.tsx'
import { ReactionsTab } from './reactions-tab.tsx'

interface EventInspectorProps {
  eventId: string
  tab: EventTab | undefined
  onTab: (tab: EventTab) => void
  /** The one that it is compared with. */
  other: string | undefined
  onOther: (id: string) => void
  onClose?: () => void
}

export function EventInspector({
  eventId,
  tab = 'body',
  onTab,
  other,
  onOther,
  onClose,
}: EventInspectorProps) {
  const { data: event, error, refetch } = useQuery(eventQuery(eventId))
  const { signedIn } = useSession()
  if (!event) {
    return (
      <DetailFrame
        what="event"
        onClose={onClose}
        head={<p className="text-soft">{error ? eventId : 'Reading the event…'}</p>}
      >
        {error && (
          <div className="p-5">
            <ProblemNote error={error} what="The event could not be read" retry={() => void refetch()} />
          </div>
        )}
      </DetailFrame>
    )
  }
  const tabs: { value: EventTab; label: ReactNode; content: () => ReactNode }[] = [
    { value: 'body', label: 'Body', content: () => <BodyTab event={event} /> },
    { value: 'headers', label: 'Headers', content: () => <HeadersTab event={event} /> },
    { value: 'facts', label: 'Query & sender', content: () => <FactsTab event={event} /> },
    { value: 'raw', label: 'Raw', content: () => <RawTab event={event} /> },
    {
      value: 'compare',
      label: 'Compare',
      content: () => <CompareTab event={event} other={other} onOther={onOther} />,
    },
  ]
  if (signedIn) {
    tabs.push({ value: 'reactions', label: 'Reactions', content: () => <ReactionsTab event={event} /> })
  }
  return (
    <DetailFrame what="event" onClose={onClose} head={<Head event={event} />}>
      <div className="px-4 pb-2 md:px-5">
        <EventActions event={event} />
      </div>
      <Tabs
        value={signedIn || tab !== 'reactions' ? tab : 'body'}
        onChange={onTab}
        label="The event"
        tabs={tabs}
      />
    </DetailFrame>
  )
}

function Head({ event }: { event: EventDetail }) {
  return (
    <>
      <h2 className="truncate text-base font-semibold">{event.kind.name}</h2>
      <p className="flex min-w-0 items-center gap-2 text-[13px] text-soft">
        <Time time={event.time} />
        <span className="truncate">{sourceOf(event)}</span>
      </p>
      {event.error && (
        <p className="mt-1 text-[13px]">
          <AspectLabel aspect="danger">
            <span className="whitespace-normal">{event.error}</span>
          </AspectLabel>
        </p>
      )}
    </>
  )
}
