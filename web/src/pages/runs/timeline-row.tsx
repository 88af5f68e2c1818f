import type { RunSummary } from '../../api/types.ts'
import { type Aspect, aspectOfRun, wordOfRun } from '../../ui/aspect.tsx'
import { duration, shortTime } from '../../ui/format.ts'
import { Until } from './until.tsx'
import { barOf, type Span } from './timeline.ts'

const colours: Record<Aspect, string> = {
  clear: 'bg-clear-lamp',
  caution: 'bg-caution-lamp',
  danger: 'bg-danger-lamp',
  held: 'bg-held-lamp',
  off: 'bg-edge',
}

/** One run as a bar along the time, with its next try as a ring. */
export function TimelineRow({ run, span, nowMs }: { run: RunSummary; span: Span; nowMs: number }) {
  const bar = barOf(run, span, nowMs)
  const tookMs = (run.endedAt === null ? nowMs : Date.parse(run.endedAt)) - Date.parse(run.createdAt)
  return (
    <span className="flex h-full flex-col justify-center gap-2 px-4">
      <span className="flex items-baseline gap-2 text-[13px]">
        <span className="min-w-0 flex-1 truncate font-medium">
          {run.reactionName} <span className="font-normal text-soft">{wordOfRun(run)}</span>
        </span>
        <span className="text-soft">
          {bar.next !== null && run.dueAt ? (
            <>
              next try <Until time={run.dueAt} />
            </>
          ) : (
            duration(Math.max(0, tookMs))
          )}
        </span>
      </span>
      <span aria-hidden className="relative block h-2">
        <span className="absolute inset-x-0 top-[3.5px] h-px bg-line" />
        <span
          className={`absolute h-2 min-w-[4px] rounded-full ${colours[aspectOfRun(run.state)]}`}
          style={{ left: `min(${bar.left}%, calc(100% - 4px))`, width: `${bar.width}%` }}
        />
        {bar.next !== null && (
          <span
            className="absolute size-2 -translate-x-1/2 rounded-full border-[1.5px] border-edge bg-surface"
            style={{ left: bar.next === 'later' ? 'calc(100% - 4px)' : `${bar.next}%` }}
          />
        )}
      </span>
    </span>
  )
}

/** The times at the edges of the tracks below. */
export function TimelineAxis({ span, nowMs }: { span: Span; nowMs: number }) {
  return (
    <p className="flex justify-between border-b border-line px-4 py-1 text-xs text-soft">
      <span>{shortTime(new Date(span.fromMs).toISOString())}</span>
      <span>now {shortTime(new Date(nowMs).toISOString())}</span>
    </p>
  )
}
