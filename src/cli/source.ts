import { type Command, Option } from 'commander'
import { eventShapes } from '../core/template/event-shape.ts'
import { path } from './client.ts'
import type { Runner } from './context.ts'
import { wrongUsage } from './failure.ts'
import { readValue } from './input.ts'
import { parseTime, relative } from './times.ts'

interface Source {
  id: string
  name: string
  product: string
  url: string
  readTo: string
  problem: string | null
  askedAt: string | null
}

export function sourceCommands(group: Command, run: Runner): void {
  group
    .command('add <name> <address>')
    .description('fetch the events of another product: each that ended there, once')
    .addOption(
      new Option('--product <product>', 'what it is').choices([...eventShapes]).default(eventShapes[0]),
    )
    .requiredOption('--secret <token>', 'token that it lets in: text, @file, or - for stdin')
    .option('--since <time>', 'events that began from then on (now)')
    .action(
      run(async (context, name: string, url: string, options: AddOptions) => {
        const { terminal, output } = context
        const since = options.since === undefined ? undefined : parseTime(options.since, terminal.nowMs())
        if (since === null) throw wrongUsage(`--since ${options.since} is no time`)
        const answer = await context.api.send<Source>('POST', '/api/sources', {
          name,
          product: options.product,
          url,
          token: (await readValue(options.secret, terminal)).toString('utf8').trim(),
          ...(since === undefined ? {} : { since }),
        })
        context.print(answer, source => {
          if (context.global.quiet) output.line(source.name)
          else output.note(`${source.name} is asked for its events; source list says how that goes.`)
        })
      }),
    )

  group
    .command('list')
    .description('list the sources, how far they were read, and what is wrong')
    .action(
      run(async context => {
        const answer = await context.api.get<{ items: Source[] }>('/api/sources')
        const nowMs = context.terminal.nowMs()
        context.print(answer, ({ items }) => {
          const { output, global } = context
          if (global.quiet) for (const { name } of items) output.line(name)
          else if (items.length === 0) output.note('There are no sources.')
          else
            output.table(
              [
                { title: 'NAME', value: source => source.name },
                { title: 'PRODUCT', value: source => source.product },
                { title: 'URL', value: source => source.url, shrinks: true },
                { title: 'READ TO', value: source => source.readTo },
                { title: 'ASKED', value: source => relative(source.askedAt, nowMs) || 'never' },
                {
                  title: 'STATE',
                  value: ({ problem }) =>
                    problem === null ? { text: 'ok', style: 'good' } : { text: problem, style: 'bad' },
                  shrinks: true,
                },
              ],
              items,
            )
        })
      }),
    )

  group
    .command('delete <source>')
    .description('fetch its events no more; those that came stay')
    .action(
      run(async (context, source: string) => {
        const answer = await context.api.send('DELETE', path`/api/sources/${source}`)
        context.print(answer, () => context.output.note(`Source ${source} is deleted.`))
      }),
    )
}

interface AddOptions {
  product: string
  secret: string
  since?: string
}
