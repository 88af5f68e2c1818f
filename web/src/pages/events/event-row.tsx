import type { EventSummary } from '../../api/types.ts'
import { Lamp } from '../../ui/aspect.tsx'
import { bytes } from '../../ui/format.ts'
import { Time } from '../../ui/time.tsx'
import { SetOffNote } from './set-off-note.tsx'
import { sourceOf } from './describe.ts'

/** One event on two lines: what and where on the first, the beginning of its body on the second. */
export function EventRow({ event, withRuns }: { event: EventSummary; withRuns: boolean }) {
  return (
    <span className="flex h-full items-center gap-3.5 px-4">
      <Lamp aspect={event.error ? 'danger' : 'clear'} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="truncate font-medium">{event.kind.name}</span>
          <span className="min-w-0 flex-1 truncate text-[13px] text-soft">{sourceOf(event)}</span>
          <span className="text-[13px] text-soft">
            <Time time={event.time} />
          </span>
        </span>
        <span className="flex items-baseline gap-3 text-[13px]">
          <span
            className={`min-w-0 flex-1 truncate font-mono text-xs ${event.error ? 'text-danger' : 'text-soft'}`}
          >
            {event.error || event.preview || '(no body)'}
          </span>
          {withRuns && <SetOffNote eventId={event.id} />}
          <span className="text-xs text-soft">{bytes(event.bodyBytes)}</span>
        </span>
      </span>
      <span className="sr-only">{event.error ? 'tells of an error' : ''}</span>
    </span>
  )
}
