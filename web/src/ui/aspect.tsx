import type { RunState } from '../api/types.ts'

/** A signal aspect: green clear, amber caution, red danger, blue held; off when there is nothing to say. */
export type Aspect = 'clear' | 'caution' | 'danger' | 'held' | 'off'

const lampColour: Record<Aspect, string> = {
  clear: 'bg-clear-lamp shadow-[0_0_0_3px_var(--color-clear-wash)]',
  caution: 'bg-caution-lamp shadow-[0_0_0_3px_var(--color-caution-wash)]',
  danger: 'bg-danger-lamp shadow-[0_0_0_3px_var(--color-danger-wash)]',
  held: 'bg-held-lamp shadow-[0_0_0_3px_var(--color-held-wash)]',
  off: 'border-[1.5px] border-edge',
}

const textColour: Record<Aspect, string> = {
  clear: 'text-clear',
  caution: 'text-caution',
  danger: 'text-danger',
  held: 'text-held',
  off: 'text-soft',
}

/** The lamp alone, for beside a text that says the same. */
export function Lamp({ aspect }: { aspect: Aspect }) {
  return <span aria-hidden className={`lamp ${lampColour[aspect]}`} />
}

export function AspectLabel({ aspect, children }: { aspect: Aspect; children: React.ReactNode }) {
  return (
    <span className={`inline-flex items-center gap-2 whitespace-nowrap ${textColour[aspect]}`}>
      <Lamp aspect={aspect} />
      {children}
    </span>
  )
}

const runAspects: Record<RunState, Aspect> = {
  'waiting-approval': 'held',
  held: 'held',
  due: 'caution',
  trying: 'caution',
  'in-progress': 'caution',
  succeeded: 'clear',
  failed: 'danger',
  'timed-out': 'danger',
  cancelled: 'off',
  declined: 'off',
}

export const aspectOfRun = (state: RunState): Aspect => runAspects[state]

const runWords: Partial<Record<RunState, string>> = {
  'waiting-approval': 'waiting for approval',
  'in-progress': 'in progress',
  'timed-out': 'timed out',
}

export const wordOfRun = (run: { state: RunState; attempts: number }): string =>
  run.state === 'due' && run.attempts > 0 ? 'retrying' : (runWords[run.state] ?? run.state)
