import type { Context } from './context.ts'
import { exitCodes, Failure } from './failure.ts'
import type { Column, Output } from './output.ts'
import type { Attempt, Run } from './shapes.ts'
import { stateCell } from './state-style.ts'
import { plural } from './text.ts'
import { formatDuration, relative } from './times.ts'

/** The run, a line an attempt, and one attempt in full: the given one, or the last. */
export function printRun(
  { output, terminal, global }: Context,
  run: Run,
  attemptNumber: number | undefined,
): void {
  if (global.quiet) return output.line(run.id)
  const nowMs = terminal.nowMs()
  const chosen = attemptNumber ?? run.attemptList.at(-1)?.number
  const attempt = run.attemptList.find(one => one.number === chosen)
  if (attempt === undefined && attemptNumber !== undefined) {
    throw new Failure(
      `Run ${run.id} has no attempt ${attemptNumber}; it has ${plural(run.attemptList.length, 'attempt')}`,
      {
        exitCode: exitCodes.notFound,
      },
    )
  }
  output.fields([
    ['Run', { text: run.id, style: 'strong' }],
    ['State', stateCell(run.state)],
    ['How it stands', run.label],
    run.reactionId.startsWith('lis_')
      ? ['Listener', run.reactionName.replace(/^listen /, '')]
      : ['Reaction', `${run.reactionName} (version ${run.reactionVersion})${run.replay ? ', a replay' : ''}`],
    ['Event', `${run.eventId}${run.event ? ` (${run.event.kind.name})` : ''}`],
    ['Created', relative(run.createdAt, nowMs)],
    ['Ended', relative(run.endedAt, nowMs)],
    ['Next try', run.state === 'due' ? relative(run.dueAt, nowMs) : null],
    ['Deadline', run.endedAt === null ? relative(run.deadlineAt, nowMs) : null],
    ['Lane', run.lane],
  ])
  if (run.attemptList.length === 0) return
  output.line('')
  output.table(columns(nowMs), run.attemptList)
  if (attempt !== undefined) printAttempt(output, attempt)
}

const columns = (nowMs: number): Column<Attempt>[] => [
  { title: 'ATTEMPT', value: attempt => String(attempt.number) },
  { title: 'OUTCOME', value: attempt => stateCell(attempt.outcome) },
  { title: 'STARTED', value: attempt => relative(attempt.startedAt, nowMs) },
  { title: 'TOOK', value: attempt => formatDuration(attempt.durationMs) },
  { title: 'STATUS', value: attempt => String(attempt.response?.status ?? '') },
  { title: 'MESSAGE', value: attempt => attempt.message, shrinks: true },
]

function printAttempt(output: Output, { number, request, response }: Attempt): void {
  if (request !== null) {
    output.line('')
    output.line({ text: `Attempt ${number} sent`, style: 'strong' }, ` ${request.method} ${request.url}`)
    printMessage(output, request.headers, request.body)
  }
  if (response !== null) {
    output.line('')
    output.line(
      { text: 'It got', style: 'strong' },
      ` ${response.status}${response.remoteAddress ? ` from ${response.remoteAddress}` : ''}`,
    )
    printMessage(output, response.headers, response.body)
    if (response.bodyTruncated) output.note(`  … the first part of ${plural(response.bodyBytes, 'byte')}`)
  }
}

/** Headers and body of a request or an answer. */
export function printMessage(output: Output, headers: readonly [string, string][], body: string): void {
  for (const [name, value] of headers) output.line({ text: `  ${name}: `, style: 'faint' }, value)
  if (body === '') return
  output.line('')
  output.block(body)
}
