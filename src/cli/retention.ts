import type { Command } from 'commander'
import type { Answer } from './client.ts'
import type { Context, Runner } from './context.ts'
import { wrongUsage } from './failure.ts'

interface RetentionPolicy {
  keepDays: number | null
  maxGb: number | null
  changed: boolean
}

export function retentionCommands(group: Command, run: Runner): void {
  group
    .command('show')
    .description('show how long events are kept')
    .action(run(async context => print(context, await context.api.get<RetentionPolicy>('/api/retention'))))
  group
    .command('set')
    .description('change what is given; holds at once, and after a restart')
    .option('--keep-days <days>', 'how many days events are kept (never: for ever)')
    .option('--max-gb <gb>', 'how large the store may become (none: as it is needed)')
    .option('--preview', 'only say how many events that would take away')
    .action(
      run(async (context, options: { keepDays?: string; maxGb?: string; preview?: boolean }) => {
        if (options.keepDays === undefined && options.maxGb === undefined)
          throw wrongUsage('Nothing to change was given', 'See `signalbox retention set --help`.')
        const { data } = await context.api.get<RetentionPolicy>('/api/retention')
        const body = {
          keepDays: amount(options.keepDays, 'never', data.keepDays),
          maxGb: amount(options.maxGb, 'none', data.maxGb),
        }
        if (options.preview) return printPreview(context, await preview(context, body))
        print(context, await context.api.send<RetentionPolicy>('PUT', '/api/retention', body))
      }),
    )
  group
    .command('reset')
    .description('go back to the settings of the start')
    .action(
      run(async context =>
        print(context, await context.api.send<RetentionPolicy>('DELETE', '/api/retention')),
      ),
    )
}

interface Preview {
  events: number
  isExact: boolean
  before: string | null
}

const preview = (context: Context, policy: object) =>
  context.api.send<Preview>('POST', '/api/retention/preview', policy)

function printPreview(context: Context, answer: Answer<Preview>): void {
  context.print(answer, ({ events, isExact, before }) =>
    context.output.line(
      before === null
        ? 'That would take no event away.'
        : `That would take away about ${isExact ? '' : 'or more than '}${events} ${events === 1 ? 'event' : 'events'}, the newest of ${before}. Nothing was changed.`,
    ),
  )
}

function amount(text: string | undefined, unlimited: string, former: number | null): number | null {
  if (text === undefined) return former
  if (text === unlimited) return null
  const number = Number(text)
  if (text.trim() !== '' && number > 0) return number
  throw wrongUsage(`"${text}" is no amount`, `Give a number above 0, or ${unlimited}.`)
}

function print(context: Context, answer: Answer<RetentionPolicy>): void {
  context.print(answer, ({ keepDays, maxGb, changed }) =>
    context.output.fields([
      ['Events are kept', keepDays === null ? 'for ever' : `${keepDays} days`],
      ['Largest store', maxGb === null ? 'as it is needed' : `${maxGb} GB`],
      ['Set by', changed ? 'an administrator' : 'the settings of the start'],
    ]),
  )
}
