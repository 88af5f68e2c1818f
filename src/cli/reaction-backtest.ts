import type { Context } from './context.ts'
import { readDocument } from './definition-file.ts'
import { eventColumns } from './event-table.ts'
import { exitCodes } from './failure.ts'
import { times } from './list.ts'
import { errorLines } from './print-failure.ts'
import type { Backtest } from './shapes.ts'
import { plural } from './text.ts'
import { clock } from './times.ts'

export interface BacktestOptions {
  file?: string
  since: string
  limit: number
}

/**
 * Tries a reaction on what is stored, asking again while the server's time for one answer is up. How far back it has
 * looked stands on stderr; Ctrl-C keeps what was counted.
 */
export async function backtestReaction(
  context: Context,
  name: string | undefined,
  { file, limit, since }: BacktestOptions,
): Promise<number> {
  const { api, output, terminal } = context
  const document = file === undefined ? undefined : await readDocument(file, terminal)
  const reaction = document === undefined ? { reaction: name } : { definition: document.value }
  const body = { ...reaction, ...times(context, { since }) }
  let isStopped = false
  const stopListening = terminal.onInterrupt(() => (isStopped = true))
  try {
    let all: Backtest | undefined
    for (;;) {
      const { data } = await api.send<Backtest>('POST', '/api/reactions/backtest', {
        ...body,
        limit: limit - (all?.events.length ?? 0),
        ...(all?.next ? { cursor: all.next } : {}),
      })
      all = all === undefined ? data : sum(all, data)
      if (all.next === null || isStopped) break
      output.note({
        text: `Looked back to ${clock(all.searchedTo ?? all.since, terminal.nowMs())}…`,
        style: 'faint',
      })
    }
    const answer = { data: all, text: JSON.stringify(all) }
    context.print(answer, result => printBacktest(context, result))
    const placed = all.errors.map(one =>
      document === undefined ? one : { ...one, path: `${document.placeOf(one.path)} ${one.path}` },
    )
    for (const line of errorLines({ errors: placed })) output.warn({ text: 'error: ', style: 'bad' }, line)
    if (all.errors.length > 0) return exitCodes.refused
    return all.next === null ? exitCodes.ok : exitCodes.interrupted
  } finally {
    stopListening()
  }
}

function sum(all: Backtest, more: Backtest): Backtest {
  const counts = new Map(all.reasons.map(({ code, count }) => [code, count]))
  for (const { code, count } of more.reasons) counts.set(code, (counts.get(code) ?? 0) + count)
  return {
    ...more,
    looked: all.looked + more.looked,
    fires: all.fires + more.fires,
    reasons: Array.from(counts, ([code, count]) => ({ code, count })),
    events: [...all.events, ...more.events],
  }
}

function printBacktest(
  context: Context,
  { fires, looked, reasons, events, since, searchedTo, errors }: Backtest,
): void {
  const { output, global, terminal } = context
  if (global.quiet) return output.line(String(fires))
  if (errors.length > 0) return
  const from = clock(searchedTo ?? since, terminal.nowMs())
  output.line(
    `Since ${from} it would have fired `,
    { text: plural(fires, 'time'), style: fires > 0 ? 'good' : 'waiting' },
    `, on ${plural(looked, 'event')} that it looks at.`,
  )
  for (const { code, count } of reasons.toSorted((a, b) => b.count - a.count))
    output.line({ text: `  ${count} not: ${code}`, style: 'faint' })
  if (events.length === 0) return
  output.line('')
  output.table(eventColumns(context), events)
  if (fires > events.length) output.note(`${fires - events.length} more; --limit tells more of them.`)
}
