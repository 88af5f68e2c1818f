import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { statusQuery } from '../../api/statistics.ts'
import type { Figures, Times } from '../../api/types.ts'
import { count, duration } from '../../ui/format.ts'
import { perTime, successRate } from './steps.ts'

/** The numbers of the whole range, and what waits now. */
export function Tiles({ total, spanMs }: { total: Figures; spanMs: number }) {
  const status = useQuery(statusQuery).data
  const events = total.events.success + total.events.error
  const trying = status?.lanes.reduce((sum, lane) => sum + lane.underWay, 0) ?? 0
  const due = Math.max(0, (status?.waiting.due ?? 0) - trying)
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
      <Tile name="Events" value={events.toLocaleString()} note={`${perTime(events, spanMs)} on average`} />
      <Tile
        name="Success rate"
        value={successRate(total.runs)}
        note={`${total.runs.succeeded.toLocaleString()} of ${count(total.runs.succeeded + total.runs.failed, 'run')}`}
      />
      <TimesTile name="Accepted to delivered" times={total.deliveryMs} />
      <TimesTile name="An attempt" times={total.attemptMs} />
      <Tile
        name="Waiting now"
        value={status ? (due + trying + status.waiting.held).toLocaleString() : '…'}
        note={status ? `${due} due, ${trying} being tried, ${status.waiting.held} held` : ''}
      />
    </dl>
  )
}

function TimesTile({ name, times }: { name: string; times: Times }) {
  const text = (ms: number | null) => (ms === null ? '–' : duration(ms))
  return <Tile name={name} value={text(times.p50)} note={`half of them; 95 % within ${text(times.p95)}`} />
}

function Tile({ name, value, note }: { name: string; value: ReactNode; note: ReactNode }) {
  return (
    <div className="min-w-0 rounded-lg border border-line bg-surface px-4 py-3">
      <dt className="text-[13px] text-soft">{name}</dt>
      <dd className="text-xl font-semibold tabular-nums">{value}</dd>
      <dd className="text-[13px] text-pretty text-soft">{note}</dd>
    </div>
  )
}
