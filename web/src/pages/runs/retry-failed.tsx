import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Input } from '../../ui/field.tsx'
import { sinceOf } from '../../ui/range.ts'
import { BeginDialog } from '../jobs/begin-dialog.tsx'
import type { RunSearch } from './search.ts'

/** Tries all failed runs of a time and a reaction again, after saying how many that is. */
export function RetryFailed({ search }: { search: RunSearch }) {
  const [isOpen, setOpen] = useState(false)
  const [error, setError] = useState('')
  const [window, setWindow] = useState<{ since?: string; until?: string }>({})
  const open = () => {
    // Fixed now: what is counted is what is retried.
    setWindow(sinceOf(search.range, Date.now()))
    setOpen(true)
  }
  const runs = {
    ...(search.reaction ? { reaction: search.reaction } : {}),
    ...(error.trim() ? { error: error.trim() } : {}),
    ...window,
  }
  return (
    <>
      <Button size="small" onClick={open}>
        <RotateCw size={14} aria-hidden />
        Retry all
      </Button>
      <BeginDialog
        kind="retry"
        open={isOpen}
        onClose={() => setOpen(false)}
        many={{ runs }}
        title="Retry all that failed"
        unit="failed run"
        describe={({ count }, amount) =>
          count === 0
            ? 'No run has failed so.'
            : `${amount[0]?.toUpperCase()}${amount.slice(1)}${search.range ? ' of that time' : ''} will be tried again, each with its own webhook-id.`
        }
        label={amount => `Retry ${amount}`}
      >
        <Input
          label="Only those whose error says"
          placeholder="503, timed out, …"
          value={error}
          onChange={event => setError(event.target.value)}
        />
      </BeginDialog>
    </>
  )
}
