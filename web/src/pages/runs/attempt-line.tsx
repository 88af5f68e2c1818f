import { useState } from 'react'
import type { Attempt, Run } from '../../api/types.ts'
import { Lamp, type Aspect } from '../../ui/aspect.tsx'
import { duration } from '../../ui/format.ts'
import { Time } from '../../ui/time.tsx'
import { AttemptDetails } from './attempt-details.tsx'
import { Until } from './until.tsx'

/** The attempts as signals along a track, and the next one, if any, at its end. */
export function AttemptLine({ run }: { run: Run }) {
  const attempts = run.attemptList
  const [openNumber, setOpen] = useState(attempts.at(-1)?.number)
  if (attempts.length === 0 && run.state !== 'due' && run.state !== 'trying') {
    return (
      <p className="text-soft">
        {run.state === 'held' ? 'Held until its reaction is resumed.' : 'None was made.'}
      </p>
    )
  }
  return (
    <ol className="relative flex flex-col">
      <span aria-hidden className="absolute top-3 bottom-3 left-[4px] w-px bg-line" />
      {attempts.map(attempt => (
        <li key={attempt.number} className="relative pb-2">
          <button
            type="button"
            aria-expanded={openNumber === attempt.number}
            className="flex w-full items-center gap-3 rounded-md py-1 pr-2 text-left hover:bg-raised"
            onClick={() => setOpen(openNumber === attempt.number ? undefined : attempt.number)}
          >
            <Lamp aspect={aspectOf(attempt)} />
            <span className="min-w-0 flex-1 truncate">
              <span className="text-soft">{attempt.number}.</span> {attempt.message}
            </span>
            <span className="text-[13px] text-soft">{duration(attempt.durationMs)}</span>
            <span className="text-[13px] text-soft">
              <Time time={attempt.startedAt} />
            </span>
          </button>
          {openNumber === attempt.number && (
            <div className="mt-1 ml-[21px]">
              <AttemptDetails attempt={attempt} />
            </div>
          )}
        </li>
      ))}
      <Next run={run} />
    </ol>
  )
}

function Next({ run }: { run: Run }) {
  if (run.state === 'trying') {
    return (
      <li className="relative flex items-center gap-3 py-1">
        <span className="flex animate-wait">
          <Lamp aspect="caution" />
        </span>
        Under way…
      </li>
    )
  }
  if (run.state !== 'due' || !run.dueAt) return null
  return (
    <li className="relative flex items-center gap-3 py-1 text-soft">
      <span className="flex rounded-full bg-surface">
        <Lamp aspect="off" />
      </span>
      <span>
        Next try <Until time={run.dueAt} />
      </span>
    </li>
  )
}

function aspectOf({ outcome }: Attempt): Aspect {
  if (outcome === 'succeeded') return 'clear'
  return outcome === 'lost' ? 'caution' : 'danger'
}
