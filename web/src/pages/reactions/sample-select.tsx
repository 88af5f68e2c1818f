import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { eventQuery, listEvents } from '../../api/events.ts'
import type { EventSummary } from '../../api/types.ts'
import { Select } from '../../ui/field.tsx'
import { shortTime } from '../../ui/format.ts'

interface SampleSelectProps {
  endpoint: string
  value: string | undefined
  onChange: (id: string | undefined) => void
}

/** A real past event to try the reaction on; the newest one unless another is chosen. */
export function SampleSelect({ endpoint, value, onChange }: SampleSelectProps) {
  const { data } = useQuery({
    queryKey: ['samples', endpoint],
    queryFn: ({ signal }) => listEvents({ endpoint, limit: 30 }, signal),
    refetchInterval: 10_000,
  })
  const chosen = useQuery({ ...eventQuery(value ?? ''), enabled: value !== undefined }).data
  const recent = data?.items ?? []
  const events = chosen && !recent.some(({ id }) => id === chosen.id) ? [chosen, ...recent] : recent
  const newest = recent[0]?.id
  useEffect(() => {
    if (value === undefined && newest !== undefined) onChange(newest)
  }, [value, newest, onChange])
  if (data && events.length === 0) {
    return (
      <p className="text-soft">
        No event has come {endpoint ? 'from this endpoint' : ''} yet. Send one, and it can be tried here.
      </p>
    )
  }
  return (
    <Select
      label="A real event"
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value || undefined)}
    >
      {value === undefined && <option value="">Choose one…</option>}
      {events.map(event => (
        <option key={event.id} value={event.id}>
          {describe(event)}
        </option>
      ))}
    </Select>
  )
}

const describe = (event: EventSummary): string =>
  [shortTime(event.time), event.kind.name, event.error ?? event.preview.slice(0, 60)]
    .filter(Boolean)
    .join(' · ')
