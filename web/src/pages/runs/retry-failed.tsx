import { useQuery } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import { listRuns, retryRun } from '../../api/runs.ts'
import type { RunSummary } from '../../api/types.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { count } from '../../ui/format.ts'
import { toast } from '../../ui/toast.tsx'
import { runQueryOf, type RunSearch } from './search.ts'

/** At most one page at a time, so that a slip cannot set off a flood. */
const mostAtOnce = 500

/** Tries all failed runs of the list again, after saying how many that is. */
export function RetryFailed({ search }: { search: RunSearch }) {
  const [isOpen, setOpen] = useState(false)
  const { data } = useQuery({
    queryKey: ['failed runs', search],
    queryFn: ({ signal }) => listRuns({ ...runQueryOf(search), limit: mostAtOnce }, signal),
    enabled: isOpen,
    staleTime: 0,
  })
  const runs = data?.items ?? []
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        <RotateCw size={14} aria-hidden />
        Retry all
      </Button>
      <Confirm
        open={isOpen}
        onClose={() => setOpen(false)}
        title="Retry all failed runs of this list"
        description={
          data
            ? `${count(runs.length, 'run')}${data.next === null ? '' : ', the newest of more,'} will be tried again now, each with its own webhook-id.`
            : 'Counting…'
        }
        label={data ? `Retry ${count(runs.length, 'run')}` : 'Retry'}
        run={() => retryAll(runs)}
        onDone={failures =>
          toast(
            failures === 0
              ? `${count(runs.length, 'run')} will be tried again.`
              : `${count(runs.length - failures, 'run')} will be tried again, ${count(failures, 'run')} could not be.`,
          )
        }
      />
    </>
  )
}

/** Answers how many could not be opened again, e.g. because somebody was faster. */
async function retryAll(runs: readonly RunSummary[]): Promise<number> {
  let failures = 0
  for (const run of runs) {
    await retryRun(run.id).catch(() => {
      failures += 1
    })
  }
  return failures
}
