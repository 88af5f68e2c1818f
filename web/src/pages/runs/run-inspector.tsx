import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Ban, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { cancelRun, retryRun, runQuery } from '../../api/runs.ts'
import type { Run, RunState } from '../../api/types.ts'
import { useShortcuts } from '../../app/keys.ts'
import { AspectLabel, aspectOfRun, wordOfRun } from '../../ui/aspect.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { count } from '../../ui/format.ts'
import { Pairs } from '../../ui/pairs.tsx'
import { DetailFrame } from '../../ui/detail-frame.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Time } from '../../ui/time.tsx'
import { AttemptLine } from './attempt-line.tsx'
import { Until } from './until.tsx'

interface RunInspectorProps {
  runId: string
  onClose: () => void
}

export function RunInspector({ runId, onClose }: RunInspectorProps) {
  const { data: run, error, refetch } = useQuery(runQuery(runId))
  if (!run) {
    return (
      <DetailFrame
        what="run"
        onClose={onClose}
        head={<p className="text-soft">{error ? runId : 'Reading the run…'}</p>}
      >
        {error && (
          <div className="p-5">
            <ProblemNote error={error} what="The run could not be read" retry={() => void refetch()} />
          </div>
        )}
      </DetailFrame>
    )
  }
  return (
    <DetailFrame what="run" onClose={onClose} head={<Head run={run} />}>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-8 md:px-5">
        <RunActions run={run} />
        <section className="mt-5">
          <h3 className="mb-3 font-semibold">{count(run.attempts, 'attempt')}</h3>
          <AttemptLine run={run} />
        </section>
        <section className="mt-6">
          <h3 className="mb-1 font-semibold">The run</h3>
          <Facts run={run} />
        </section>
      </div>
    </DetailFrame>
  )
}

function Head({ run }: { run: Run }) {
  return (
    <>
      <h2 className="truncate text-base font-semibold">{run.reactionName}</h2>
      <p className="flex flex-wrap items-center gap-x-3 text-[13px] text-soft">
        <AspectLabel aspect={aspectOfRun(run.state)}>{wordOfRun(run)}</AspectLabel>
        <span>{run.label}</span>
        {run.state === 'due' && run.dueAt && (
          <span>
            next try <Until time={run.dueAt} />
          </span>
        )}
      </p>
    </>
  )
}

const retryable = new Set<RunState>(['failed', 'timed-out', 'cancelled'])
const final = new Set<RunState>(['succeeded', 'failed', 'timed-out', 'cancelled', 'declined'])

function RunActions({ run }: { run: Run }) {
  const queries = useQueryClient()
  const [asking, setAsking] = useState<'nothing' | 'retry' | 'cancel'>('nothing')
  const refresh = () => queries.invalidateQueries(runQuery(run.id))
  const retry = useMutation({ mutationFn: () => retryRun(run.id), onSuccess: refresh })
  const isWaiting = run.state === 'due' && run.attempts > 0
  const mayRetry = isWaiting || retryable.has(run.state)
  useShortcuts('Run', mayRetry ? [{ key: 'r', label: 'Retry', run: () => setAsking('retry') }] : [])
  return (
    <>
      <div className="flex flex-wrap gap-1.5">
        {mayRetry && (
          <Button
            size="small"
            look="primary"
            busy={retry.isPending}
            title="Retry (r)"
            onClick={() => retry.mutate()}
          >
            <RotateCw size={14} aria-hidden />
            {isWaiting ? 'Retry now' : 'Retry'}
          </Button>
        )}
        {!final.has(run.state) && (
          <Button size="small" look="danger" onClick={() => setAsking('cancel')}>
            <Ban size={14} aria-hidden />
            Cancel
          </Button>
        )}
        {run.state === 'succeeded' && (
          <p className="text-[13px] text-soft">
            A run that succeeded is never tried again. To do it once more, replay its event.
          </p>
        )}
      </div>
      {retry.isError && (
        <div className="mt-3">
          <ProblemNote error={retry.error} what="The run was not opened again" />
        </div>
      )}
      <Confirm
        open={asking === 'retry'}
        onClose={() => setAsking('nothing')}
        title="Retry this run"
        description="Its request leaves again now, with the same webhook-id as before."
        label="Retry"
        run={() => retryRun(run.id)}
        onDone={() => void refresh()}
      />
      <Confirm
        open={asking === 'cancel'}
        onClose={() => setAsking('nothing')}
        title="Cancel this run"
        description="No further attempt is made. An attempt that is under way may still reach its target."
        label="Cancel the run"
        danger
        run={() => cancelRun(run.id)}
        onDone={() => void refresh()}
      />
    </>
  )
}

function Facts({ run }: { run: Run }) {
  return (
    <Pairs
      label="The run"
      rows={[
        [
          'Event',
          <Link key="event" to="/events/$eventId" params={{ eventId: run.eventId }} className="text-link">
            {run.event ? `${run.event.kind.name} · ${run.event.id}` : run.eventId}
          </Link>,
        ],
        run.reactionId.startsWith('lis_')
          ? ['Listener', run.reactionName.replace(/^listen /, '')]
          : [
              'Reaction',
              <Link
                key="reaction"
                to="/reactions/$reactionId"
                params={{ reactionId: run.reactionId }}
                className="text-link"
              >
                {run.reactionName}, version {run.reactionVersion}
              </Link>,
            ],
        ['Began by', run.replay ? 'a replay' : 'the event itself'],
        ['Created', <Time key="created" time={run.createdAt} />],
        ['Ended', run.endedAt ? <Time key="ended" time={run.endedAt} /> : 'not yet'],
        ['Deadline', <Time key="deadline" time={run.deadlineAt} />],
        ['Lane', run.lane],
        ['Id', run.id],
      ]}
    />
  )
}
