import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { CirclePause, Play } from 'lucide-react'
import { jobsQuery, resumeJob, stopJob, type JobKind } from '../../api/jobs.ts'
import type { Job } from '../../api/types.ts'
import { Button } from '../../ui/button.tsx'
import { count } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useNow } from '../../ui/time.tsx'

const keepDoneMs = 60_000
const keepStoppedMs = 3_600_000

/** Jobs that are under way, that were stopped, or that have just ended; nothing when there is none. */
export function JobsBar({ kind }: { kind: JobKind }) {
  const nowMs = useNow()
  const jobs = useQuery(jobsQuery).data?.items ?? []
  const shown = jobs.filter(job => job.kind === kind && isShown(job, nowMs))
  if (shown.length === 0) return null
  return (
    <ul aria-label="Jobs" className="flex flex-col gap-2">
      {shown.map(job => (
        <li key={job.id}>
          <JobCard job={job} />
        </li>
      ))}
    </ul>
  )
}

function isShown({ state, endedAt }: Job, nowMs: number): boolean {
  if (state === 'working' || endedAt === null) return true
  return nowMs - Date.parse(endedAt) < (state === 'done' ? keepDoneMs : keepStoppedMs)
}

const words: Record<JobKind, Record<Job['state'], string>> = {
  replay: { working: 'Replaying', stopped: 'Replay stopped', done: 'Replayed' },
  retry: { working: 'Retrying', stopped: 'Retry stopped', done: 'Retried' },
}

function JobCard({ job }: { job: Job }) {
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries(jobsQuery)
  const change = useMutation({
    mutationFn: () => (job.state === 'working' ? stopJob(job.id) : resumeJob(job.id)),
    onSettled: refresh,
  })
  const what = job.kind === 'replay' ? 'event' : 'failed run'
  const of = job.total === null ? '' : ` of ${job.total.toLocaleString()}`
  const text = `${words[job.kind][job.state]}: ${job.examined.toLocaleString()}${of} ${job.total === 1 ? what : `${what}s`}`
  return (
    <div className="rounded-lg border border-line bg-surface px-3 py-2 text-[13px]">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span role="status" className="min-w-0 flex-1">
          {text}
          <span className="text-soft"> · {count(job.made, 'run')}</span>
        </span>
        {job.state !== 'done' && (
          <Button size="small" busy={change.isPending} onClick={() => change.mutate()}>
            {job.state === 'working' ? <CirclePause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
            {job.state === 'working' ? 'Stop' : 'Go on'}
          </Button>
        )}
      </div>
      {job.total !== null && (
        <div
          role="progressbar"
          aria-label={text}
          aria-valuemin={0}
          aria-valuemax={job.total}
          aria-valuenow={job.examined}
          className="mt-1.5 h-1.5 overflow-hidden rounded-full bg-raised"
        >
          <div
            className="h-full rounded-full bg-accent"
            style={{ width: `${(job.examined / Math.max(1, job.total)) * 100}%` }}
          />
        </div>
      )}
      {job.label && <p className="mt-1 text-soft">{job.label}</p>}
      {change.isError && (
        <div className="mt-2">
          <ProblemNote error={change.error} />
        </div>
      )}
    </div>
  )
}
