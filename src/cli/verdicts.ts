import type { Context } from './context.ts'
import type { Cell } from './output.ts'
import type { Verdict, Verdicts } from './shapes.ts'

/** One sentence a reaction: whether it fired, and why or why not. */
export function printVerdicts(
  { output }: Context,
  verdicts: readonly Verdict[],
  state: Verdicts['state'],
): void {
  for (const verdict of verdicts) output.line(...sentence(verdict, state))
}

function sentence(verdict: Verdict, state: Verdicts['state']): Cell[] {
  const { fires, held, runId, code, reason } = verdict
  const name: Cell = { text: verdict.reactionName, style: 'strong' }
  const waiting = state === 'waiting'
  if (!fires) {
    const because = reason ? `: ${withoutFullStop(reason)}` : ''
    return [
      { text: '✗ ', style: 'faint' },
      name,
      `${waiting ? ' will' : ' did'} not fire${because}${code ? ` (${code})` : ''}.`,
    ]
  }
  const made = runId === null ? '' : ` and made run ${runId}`
  if (held)
    return [
      { text: '‖ ', style: 'waiting' },
      name,
      `${waiting ? ' will fire' : ` fired${made}`}, held because the reaction is paused.`,
    ]
  return [{ text: '✓ ', style: 'good' }, name, waiting ? ' will fire.' : ` fired${made}.`]
}

const withoutFullStop = (text: string): string => text.replace(/\.$/, '')
