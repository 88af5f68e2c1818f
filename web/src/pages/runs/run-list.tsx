import { useMemo, type ReactNode } from 'react'
import type { RunSummary } from '../../api/types.ts'
import { maxRows, type Feed, type FeedState } from '../../live/feed.ts'
import { useArrivals } from '../../ui/arrivals.ts'
import { AspectLabel, aspectOfRun, Lamp, wordOfRun } from '../../ui/aspect.tsx'
import { count } from '../../ui/format.ts'
import { ListFoot } from '../../ui/list-foot.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Time, useNow } from '../../ui/time.tsx'
import { VirtualList } from '../../ui/virtual-list.tsx'
import { spanOf } from './timeline.ts'
import { TimelineAxis, TimelineRow } from './timeline-row.tsx'
import { Until } from './until.tsx'

interface RunListProps {
  state: FeedState<RunSummary>
  feed: Feed<RunSummary>
  activeId: string | undefined
  link: (run: RunSummary, className: string, row: ReactNode) => ReactNode
  empty: ReactNode
  /** Along the time instead of one under the other. */
  isTimeline: boolean
}

export function RunList({ state, feed, activeId, link, empty, isTimeline }: RunListProps) {
  const nowMs = useNow()
  const span = useMemo(() => spanOf(isTimeline ? state.rows : [], nowMs), [isTimeline, state.rows, nowMs])
  const isNew = useArrivals(state.rows, state.status === 'ready')
  if (state.status === 'loading') return <p className="p-5 text-soft">Reading runs…</p>
  if (state.status === 'failed') {
    return (
      <div className="p-4">
        <ProblemNote error={state.problem} what="The runs could not be read" retry={feed.retry} />
      </div>
    )
  }
  if (state.rows.length === 0) return <div className="min-h-0 flex-1 overflow-y-auto">{empty}</div>
  const isFull = state.rows.length >= maxRows
  return (
    <>
      {isTimeline && <TimelineAxis span={span} nowMs={nowMs} />}
      <VirtualList
        rows={state.rows}
        rowHeight={62}
        label="Runs, newest first"
        activeId={activeId}
        onEnd={feed.more}
        render={run =>
          link(
            run,
            `block h-full border-b border-line no-underline -outline-offset-2 hover:bg-raised ${run.id === activeId ? 'bg-accent-wash hover:bg-accent-wash' : ''} ${isNew(run.id) ? 'animate-arrive' : ''}`,
            isTimeline ? <TimelineRow run={run} span={span} nowMs={nowMs} /> : <RunRow run={run} />,
          )
        }
        footer={
          <ListFoot
            state={state}
            what="runs"
            note={
              isFull
                ? `The newest ${maxRows.toLocaleString()} are shown. Choose a time range to see older ones.`
                : null
            }
            retry={feed.retry}
          />
        }
      />
    </>
  )
}

function RunRow({ run }: { run: RunSummary }) {
  const aspect = aspectOfRun(run.state)
  return (
    <span className="flex h-full items-center gap-3.5 px-4">
      <Lamp aspect={aspect} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate font-medium">
            {run.reactionName}
            {run.replay && <span className="ml-2 text-[13px] font-normal text-soft">replay</span>}
          </span>
          <span className="text-[13px] text-soft">
            <Time time={run.createdAt} />
          </span>
        </span>
        <span className="flex items-baseline gap-3 text-[13px]">
          <span className="min-w-0 flex-1 truncate text-soft">
            <span className="[&_.lamp]:hidden">
              <AspectLabel aspect={aspect}>{wordOfRun(run)}</AspectLabel>
            </span>
            {run.label && <> · {run.label}</>}
            {run.state === 'due' && run.dueAt && (
              <>
                {' '}
                · next try <Until time={run.dueAt} />
              </>
            )}
          </span>
          <span className="text-xs text-soft">{count(run.attempts, 'attempt')}</span>
        </span>
      </span>
    </span>
  )
}
