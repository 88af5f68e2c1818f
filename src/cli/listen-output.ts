import type { Context } from './context.ts'
import type { Tried } from './listen-loop.ts'
import type { Cell } from './output.ts'
import { printMessage } from './run-show.ts'
import { clock, formatDuration, relative } from './times.ts'

/** One line an attempt, or one line of JSON; with `--print` all of it. */
export function tellTried(context: Context, tried: Tried, isWhole: boolean): void {
  const { output, global } = context
  if (global.json) return void output.document(JSON.stringify(jsonOf(tried)))
  if (global.quiet) return output.line(tried.claim.event.id)
  output.lines([lineOf(context, tried)])
  if (tried.outgoing.withheld.length > 0 && tried.claim.attempt === 1)
    output.note(`  left out, since Signalbox keeps no credentials: ${tried.outgoing.withheld.join(', ')}`)
  if (isWhole) printWhole(context, tried)
}

function lineOf({ terminal }: Context, { claim, incoming, durationMs, verdict }: Tried): Cell[] {
  const { event } = claim
  const nowMs = terminal.nowMs()
  const isGood = 'status' in incoming && incoming.status >= 200 && incoming.status < 300
  const outcome = 'status' in incoming ? `${incoming.status} ${incoming.statusText}`.trim() : incoming.message
  return [
    { text: clock(new Date(nowMs).toISOString(), nowMs), style: 'faint' },
    `  ${event.request?.method ?? 'POST'} ${pathOf(event.request)}  `,
    { text: event.kind.name, style: 'strong' },
    `  ${event.id} → `,
    { text: outcome, style: isGood ? 'good' : 'bad' },
    `, ${formatDuration(durationMs)}`,
    { text: whatNext(verdict, nowMs), style: 'waiting' },
  ]
}

const pathOf = (request: { path: string; query: string } | null): string =>
  request === null ? '' : request.path + (request.query === '' ? '' : `?${request.query}`)

function whatNext({ recorded, state, dueAt }: Tried['verdict'], nowMs: number): string {
  if (!recorded) return '; not counted: it was cancelled, or taken over'
  return state === 'due' ? `; next try ${relative(dueAt, nowMs)}` : ''
}

function jsonOf({ claim, incoming, durationMs, verdict }: Tried) {
  const { event, runId, attempt } = claim
  return {
    eventId: event.id,
    runId,
    attempt,
    method: event.request?.method ?? null,
    path: pathOf(event.request),
    kind: event.kind.name,
    status: 'status' in incoming ? incoming.status : null,
    error: 'status' in incoming ? null : incoming,
    durationMs,
    recorded: verdict.recorded,
    state: verdict.state,
    nextAt: verdict.dueAt,
  }
}

function printWhole({ output }: Context, { outgoing, body, incoming }: Tried): void {
  output.line({ text: '  > ', style: 'faint' }, `${outgoing.method} ${outgoing.url}`)
  printMessage(output, outgoing.headers, body.toString('utf8'))
  if (!('status' in incoming)) return
  output.line({ text: '  < ', style: 'faint' }, `${incoming.status} ${incoming.statusText}`)
  printMessage(output, incoming.headers, incoming.body)
}
