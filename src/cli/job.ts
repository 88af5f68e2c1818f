import type { Command } from 'commander'
import type { Answer } from './client.ts'
import { path } from './client.ts'
import type { Context, Runner } from './context.ts'
import { wrongUsage } from './failure.ts'
import { addPaging, type Paging, printList } from './list.ts'
import type { Cell } from './output.ts'
import type { Job, List } from './shapes.ts'
import { plural } from './text.ts'
import { relative } from './times.ts'

export function jobCommands(group: Command, run: Runner): void {
  const list = group.command('list').description('list jobs, the newest first')
  addPaging(list).action(
    run(async (context, options: Paging) => {
      const answer = await context.api.get<List<Job>>('/api/jobs', { ...options })
      printList(
        context,
        answer,
        [
          { title: 'JOB', value: job => job.id },
          { title: 'STATE', value: stateOf },
          { title: 'WHAT', value: job => (job.kind === 'replay' ? 'replay events' : 'retry runs') },
          { title: 'DONE', value: progress },
          { title: 'MADE', value: job => plural(job.made, 'run') },
          { title: 'BEGUN', value: job => relative(job.createdAt, context.terminal.nowMs()) },
          { title: 'HOW IT STANDS', value: job => job.label, shrinks: true },
        ],
        job => job.id,
        'No jobs found.',
      )
    }),
  )
  group
    .command('show <job>')
    .description('show how far a job has got')
    .action(
      run(async (context, id: string) =>
        printJob(context, await context.api.get<Job>(path`/api/jobs/${id}`)),
      ),
    )
  group
    .command('stop <job>')
    .description('stop a job where it is')
    .action(
      run(async (context, id: string) =>
        printJob(context, await context.api.send<Job>('POST', path`/api/jobs/${id}/stop`)),
      ),
    )
  group
    .command('resume <job>')
    .description('let a stopped job go on where it was')
    .action(
      run(async (context, id: string) =>
        printJob(context, await context.api.send<Job>('POST', path`/api/jobs/${id}/resume`)),
      ),
    )
}

const stateOf = ({ state }: Job): Cell => ({
  text: state,
  style: state === 'done' ? 'good' : state === 'working' ? 'waiting' : 'faint',
})
const progress = ({ examined, total }: Job): string => `${examined} of ${total ?? 'many'}`

function printJob(context: Context, answer: Answer<Job>): void {
  const { output, global } = context
  context.print(answer, job => {
    if (global.quiet) return output.line(job.id)
    const why = job.label === '' ? '' : `. ${job.label}`
    output.line(
      `Job ${job.id} is `,
      stateOf(job),
      `: ${progress(job)}, ${plural(job.made, 'run')} made${why}`,
    )
  })
}

interface Asked {
  kind: 'replay' | 'retry'
  /** The body of both requests. */
  body: object
  /** "event", "failed run". */
  what: string
  isConfirmed: boolean
}

/** Without --yes it only says how many there are; with it, the job begins. */
export async function previewOrBegin(context: Context, asked: Asked): Promise<void> {
  const { output } = context
  if (asked.isConfirmed)
    return printJob(context, await context.api.send<Job>('POST', `/api/jobs/${asked.kind}`, asked.body))
  const answer = await context.api.send<{ count: number; isExact: boolean }>(
    'POST',
    `/api/jobs/${asked.kind}/preview`,
    asked.body,
  )
  context.print(answer, ({ count, isExact }) =>
    output.line(
      `${isExact ? '' : 'At least '}${plural(count, asked.what)} would be taken. Add --yes to begin.`,
    ),
  )
}

/** Either one thing by its id, or many by what they have in common. */
export function requireOneWay(id: string | undefined, many: boolean, flag: string, what: string): void {
  if (id === undefined && !many)
    throw wrongUsage(`Which ${what}?`, `Give its id, or ${flag} for all that match the options beside it.`)
  if (id !== undefined && many)
    throw wrongUsage(`${flag} is for many`, `Leave out the id, or leave out ${flag}.`)
}
