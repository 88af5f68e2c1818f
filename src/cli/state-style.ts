import type { RunState } from '../core/run.ts'
import type { Cell, Style } from './output.ts'

const styles: Record<string, Style> = {
  active: 'good',
  succeeded: 'good',
  closed: 'good',
  failed: 'bad',
  'timed-out': 'bad',
  lost: 'bad',
  open: 'bad',
  disabled: 'bad',
  expired: 'bad',
  paused: 'waiting',
  held: 'waiting',
  due: 'waiting',
  trying: 'waiting',
  'in-progress': 'waiting',
  'waiting-approval': 'waiting',
  probing: 'waiting',
}

/** A state in its colour: green went well, red did not, yellow is still to come. */
export const stateCell = (state: string): Cell => ({ text: state, style: styles[state] ?? 'faint' })

const marks: Partial<Record<RunState, string>> = { succeeded: '✓', failed: '✗', 'timed-out': '✗' }

/** The last runs, the newest at the left. */
export const recentMarks = (runs: readonly { state: RunState }[]): string =>
  runs
    .slice(0, 10)
    .map(run => marks[run.state] ?? '·')
    .join('')
