import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { beginJob, jobsQuery, previewJob, type JobKind, type Many, type Preview } from '../../api/jobs.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Input } from '../../ui/field.tsx'
import { count } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { shortTime } from '../../ui/format.ts'

interface BeginDialogProps {
  kind: JobKind
  open: boolean
  onClose: () => void
  many: Many
  title: string
  /** What is done to how many. */
  describe: (preview: Preview, amount: string) => ReactNode
  label: (amount: string) => string
  /** One of what is counted. */
  unit: string
  children?: ReactNode
}

const defaultPerSecond = 100
const mostPerSecond = 10_000

/** Counts before anything is done, shows the first few, and begins the job. */
export function BeginDialog(props: BeginDialogProps) {
  const { kind, open, onClose, many, title, describe, label, unit, children } = props
  const queries = useQueryClient()
  const [rate, setRate] = useState(String(defaultPerSecond))
  const { data, error, isFetching } = useQuery({
    queryKey: ['preview', kind, many],
    queryFn: ({ signal }) => previewJob(kind, many, signal),
    enabled: open,
    staleTime: 0,
  })
  const perSecond = Number(rate)
  const isRate = Number.isInteger(perSecond) && perSecond >= 1 && perSecond <= mostPerSecond
  const amount = data ? `${data.isExact ? '' : 'at least '}${count(data.count, unit)}` : ''
  return (
    <Confirm
      open={open}
      onClose={onClose}
      title={title}
      description={data ? describe(data, amount) : error ? '' : 'Counting…'}
      label={data ? label(amount) : 'Counting…'}
      disabled={!data || isFetching || data.count === 0 || !isRate}
      run={() => beginJob(kind, many, perSecond)}
      onDone={() => void queries.invalidateQueries(jobsQuery)}
    >
      {error && <ProblemNote error={error} what="They could not be counted" />}
      {children}
      {data && data.examples.length > 0 && <Examples preview={data} />}
      <Input
        label="At most a second"
        inputMode="numeric"
        value={rate}
        onChange={event => setRate(event.target.value)}
        hint="What happens now goes first: while a target does not keep up, this waits."
        error={!isRate && `A whole number from 1 to ${mostPerSecond.toLocaleString()}.`}
      />
    </Confirm>
  )
}

function Examples({ preview }: { preview: Preview }) {
  return (
    <div>
      <h3 className="mb-1 font-medium">
        {preview.count > preview.examples.length ? 'The newest of them' : 'These'}
      </h3>
      <ul aria-label="Examples" className="rounded-md border border-line">
        {preview.examples.map(example => {
          const [id, time, what, note] =
            'event' in example
              ? [
                  example.event.id,
                  example.event.time,
                  `${example.event.kind.name} ${example.event.preview}`,
                  example.reactions.length > 0 ? `→ ${example.reactions.join(', ')}` : 'no reaction fires',
                ]
              : [example.id, example.createdAt, example.reactionName, example.label]
          return (
            <li key={id} className="flex gap-3 border-t border-line px-3 py-1.5 text-[13px] first:border-0">
              <span className="shrink-0 text-soft">{shortTime(time)}</span>
              <span className="min-w-0 flex-1 truncate">{what}</span>
              <span className="max-w-[45%] truncate text-soft">{note}</span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
