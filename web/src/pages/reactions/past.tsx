import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactionDefinition } from '../../api/types.ts'
import { AspectLabel } from '../../ui/aspect.tsx'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { count, shortTime } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { sourceOf } from '../events/describe.ts'
import { type PastRuns, type Span, useBacktest } from './use-backtest.ts'

const spanNames: Record<Span, string> = {
  '24h': 'In the last 24 hours',
  '7d': 'In the last 7 days',
  '30d': 'In the last 30 days',
}

/** How often a reaction would have fired, and on what. */
export function Past({ definition }: { definition: ReactionDefinition }) {
  const [span, setSpan] = useState<Span>('7d')
  const { past, isWrong, failure, isStale, goOn } = useBacktest(definition, span)
  return (
    <section
      aria-label="The past"
      className="flex min-w-0 flex-col gap-3 rounded-xl border border-line bg-surface p-4"
    >
      <div className="flex items-baseline gap-2">
        <h2 className="flex-1 font-semibold">The past</h2>
        <span className="text-[13px] text-soft">{isStale ? 'Counting…' : 'Nothing is sent'}</span>
      </div>
      <Select label="Time" quiet value={span} onChange={({ target }) => setSpan(target.value as Span)}>
        {Object.entries(spanNames).map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </Select>
      {failure && <ProblemNote error={failure} what="The past could not be looked at" />}
      {isWrong && (
        <p className="text-soft">Mend the trigger and the filter to see how often it would have fired.</p>
      )}
      {past && (
        <div aria-live="polite" aria-busy={isStale} className="flex flex-col gap-3">
          <Count past={past} />
          {past.searchedTo !== null && (
            <p className="flex items-center gap-3 text-[13px] text-soft">
              <span className="flex-1">Looked back to {shortTime(past.searchedTo)} so far.</span>
              <Button size="small" busy={isStale} onClick={() => goOn?.()}>
                Go on
              </Button>
            </p>
          )}
          <Examples past={past} />
        </div>
      )}
    </section>
  )
}

function Count({ past: { fires, looked } }: { past: PastRuns }) {
  return (
    <div>
      <AspectLabel aspect={fires > 0 ? 'clear' : 'off'}>
        {fires > 0 ? `It would have fired ${count(fires, 'time')}` : 'It would not have fired'}
      </AspectLabel>
      <p className="mt-1 text-[13px] text-soft">
        {looked === 0 ? 'No event of its trigger came.' : `Of ${count(looked, 'event')} of its trigger.`}
      </p>
    </div>
  )
}

function Examples({ past: { events, fires } }: { past: PastRuns }) {
  if (events.length === 0) return null
  return (
    <>
      <ul aria-label="Events on which it would have fired" className="max-h-72 overflow-y-auto">
        {events.map(event => (
          <li key={event.id} className="border-t border-line">
            <Link
              to="/events/$eventId"
              params={{ eventId: event.id }}
              target="_blank"
              className="flex gap-3 py-1.5 text-[13px] no-underline hover:underline"
            >
              <span className="tabular-nums text-soft">{shortTime(event.time)}</span>
              <span className="min-w-0 flex-1 truncate">
                {event.kind.name} · {sourceOf(event)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {fires > events.length && <p className="text-[13px] text-soft">The newest {events.length} of them.</p>}
    </>
  )
}
