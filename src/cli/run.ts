import { type Command, Option } from 'commander'
import { mostPerSecond } from '../core/job.ts'
import { runStates } from '../core/run.ts'
import { path } from './client.ts'
import type { Context, Runner } from './context.ts'
import { collect, wholeNumber } from './input.ts'
import { previewOrBegin, requireOneWay } from './job.ts'
import { addPaging, type Paging, printList, times } from './list.ts'
import { printRun } from './run-show.ts'
import { runColumns } from './run-table.ts'
import type { List, Run, RunSummary } from './shapes.ts'
import { stateCell } from './state-style.ts'
import { viewQuery } from './view.ts'
import { relative } from './times.ts'

interface ListOptions extends Paging {
  reaction?: string
  event?: string
  state?: string[]
  since?: string
  until?: string
  view?: string
}

interface RetryOptions {
  failed?: true
  reaction?: string
  error?: string
  since?: string
  until?: string
  perSecond?: number
  yes?: true
}

export function runCommands(group: Command, run: Runner): void {
  const list = group
    .command('list')
    .description('list runs, the newest first')
    .option('--reaction <reaction>', 'of this reaction')
    .option('--event <event>', 'for this event')
    .addOption(
      new Option('--state <state>', `in this state (repeatable): ${runStates.join(', ')}`).argParser(collect),
    )
    .option('--since <time>', 'made from this time on: 2026-11-21T06:50:00Z, or 2h for two hours ago')
    .option('--until <time>', 'made up to this time')
    .option('--view <name>', 'of this saved view; the other options beat it')
  addPaging(list).action(
    run(async (context, { view, ...options }: ListOptions) => {
      const given = { ...options, ...times(context, options) }
      const query = await viewQuery(context, 'runs', view, given)
      const answer = await context.api.get<List<RunSummary>>('/api/runs', query)
      printList(context, answer, runColumns(context), one => one.id, 'No runs found.')
    }),
  )

  group
    .command('show <run>')
    .description('show a run and its attempts, the last one in full')
    .option('--attempt <number>', 'this attempt in full', wholeNumber(1, 1_000_000))
    .action(
      run(async (context, id: string, options: { attempt?: number }) => {
        const answer = await context.api.get<Run>(path`/api/runs/${id}`)
        context.print(answer, one => printRun(context, one, options.attempt))
      }),
    )

  group
    .command('retry [run]')
    .description('try a failed, timed-out or cancelled run again, a waiting one at once, or all that failed')
    .option('--failed', 'all failed and timed-out runs that the following options leave')
    .option('--reaction <reaction>', 'of this reaction')
    .option('--error <text>', 'with this text in the line on how they stand')
    .option('--since <time>', 'that failed from this time on: 2026-11-21T06:50:00Z, or 2h for two hours ago')
    .option('--until <time>', 'that failed up to this time')
    .option('--per-second <count>', 'at most so many a second (100)', wholeNumber(1, mostPerSecond))
    .option('--yes', 'begin; without it, only say how many there are')
    .action(
      run(async (context, id: string | undefined, options: RetryOptions) => {
        requireOneWay(id, options.failed === true, '--failed', 'run')
        return id === undefined ? retryMany(context, options) : change(context, id, 'retry')
      }),
    )

  group
    .command('cancel <run>')
    .description('cancel a run that has not ended')
    .action(run((context, id: string) => change(context, id, 'cancel')))
}

function retryMany(context: Context, options: RetryOptions): Promise<void> {
  const { failed: _failed, yes, perSecond, ...runs } = options
  const body = {
    runs: { ...runs, ...times(context, options) },
    ...(perSecond === undefined ? {} : { perSecond }),
  }
  return previewOrBegin(context, { kind: 'retry', body, what: 'failed run', isConfirmed: yes === true })
}

async function change(context: Context, id: string, verb: 'retry' | 'cancel'): Promise<void> {
  const answer = await context.api.send<RunSummary>('POST', path`/api/runs/${id}/${verb}`)
  const { output, terminal, global } = context
  context.print(answer, one => {
    if (global.quiet) return output.line(one.id)
    const next = one.state === 'due' ? `, next try ${relative(one.dueAt, terminal.nowMs())}` : ''
    output.line(`Run ${one.id} is `, stateCell(one.state), next)
  })
}
