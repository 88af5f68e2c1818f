import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { eventQuery, listEvents } from '../../../../api/events.ts'
import type { EventDetail, EventSummary } from '../../../../api/types.ts'
import { Select } from '../../../../ui/field.tsx'
import { shortTime } from '../../../../ui/format.ts'
import { ProblemNote } from '../../../../ui/problem-note.tsx'

const Differences = lazy(async () => ({ default: (await import('./differences.tsx')).Differences }))

const mostOthers = 50

interface CompareTabProps {
  event: EventDetail
  /** The id of the one it is compared with; the one before it, unless it is chosen. */
  other: string | undefined
  onOther: (id: string) => void
}

/** An event beside another one of its endpoint, or of its kind. */
export function CompareTab({ event, other, onOther }: CompareTabProps) {
  const others = useQuery({
    queryKey: ['events', 'others', event.id],
    queryFn: async ({ signal }) => {
      const of = event.endpointId === null ? { kind: event.kind.name } : { endpoint: event.endpointId }
      const before = await listEvents({ ...of, until: event.time, limit: mostOthers }, signal)
      // One that is the first of its source is compared with what came after it.
      return before.items.length > 1
        ? before.items
        : (await listEvents({ ...of, limit: mostOthers }, signal)).items
    },
  })
  const choices = (others.data ?? []).filter(({ id }) => id !== event.id)
  const chosen = other ?? choices.find(({ time }) => time <= event.time)?.id ?? choices[0]?.id
  const found = useQuery({ ...eventQuery(chosen ?? ''), enabled: chosen !== undefined })
  if (others.error) return <ProblemNote error={others.error} what="Other events could not be read" />
  if (others.data && chosen === undefined)
    return <p className="text-soft">There is no other event of its source to compare it with.</p>
  return (
    <div className="flex flex-col gap-4">
      <Select label="Compared with" value={chosen ?? ''} onChange={({ target }) => onOther(target.value)}>
        {chosen !== undefined && !choices.some(({ id }) => id === chosen) && (
          <option value={chosen}>{chosen}</option>
        )}
        {choices.map(one => (
          <option key={one.id} value={one.id}>
            {nameOf(one, event)}
          </option>
        ))}
      </Select>
      {found.error && <ProblemNote error={found.error} what="The other event could not be read" />}
      {found.data && (
        <Suspense fallback={<p className="text-soft">Comparing…</p>}>
          <p className="text-[13px] text-soft">
            <del className="text-danger no-underline">−</del> is in the other event,{' '}
            <ins className="text-clear no-underline">+</ins> in this one.
          </p>
          <Differences before={found.data} after={event} />
        </Suspense>
      )}
    </div>
  )
}

function nameOf({ time, kind, preview }: EventSummary, event: EventDetail): string {
  const name = kind.name === event.kind.name ? [] : [kind.name]
  return [shortTime(time), ...name, preview.replaceAll(/\s+/g, ' ').slice(0, 60)].join(' · ')
}
