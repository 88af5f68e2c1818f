import type { Command } from 'commander'
import type { Context, Runner } from './context.ts'
import { Failure, exitCodes } from './failure.ts'
import type { Kind } from './shapes.ts'
import { relative } from './times.ts'

export function addKindsCommand(group: Command, run: Runner): void {
  group
    .command('kinds [kind]')
    .description('list the kinds of events, or show what the events of one hold')
    .option('--seen', 'those alone that are stored')
    .action(
      run(async (context, name: string | undefined, options: { seen?: true }) => {
        const answer = await context.api.get<{ items: Kind[] }>('/api/kinds')
        const items = answer.data.items.filter(
          kind => (name === undefined || kind.name === name) && (!options.seen || kind.seen !== null),
        )
        if (name !== undefined && items.length === 0)
          throw new Failure(`No event of the kind ${name} is stored, and the code knows none`, {
            exitCode: exitCodes.notFound,
          })
        context.print({ ...answer, data: { items } }, () => {
          const [only] = items
          if (context.global.quiet) for (const kind of items) context.output.line(kind.name)
          else if (name !== undefined && only) printKind(context, only)
          else printKinds(context, items)
        })
      }),
    )
}

function printKinds({ output, terminal }: Context, kinds: readonly Kind[]): void {
  output.table(
    [
      { title: 'KIND', value: kind => ({ text: kind.name, style: 'strong' }) },
      { title: 'TYPE', value: kind => kind.type },
      { title: 'SEEN', value: kind => countOf(kind) },
      { title: 'LAST', value: kind => relative(kind.seen?.lastAt, terminal.nowMs()) },
      { title: 'TARGETS', value: kind => kind.targets.map(({ type }) => type).join(', '), shrinks: true },
      { title: 'MEANING', value: kind => kind.meaning, shrinks: true },
    ],
    kinds,
  )
}

const countOf = ({ seen }: Kind): string =>
  seen === null ? '' : `${seen.count}${seen.countIsComplete ? '' : ' or more'}`

function printKind({ output, terminal }: Context, kind: Kind): void {
  output.fields([
    ['Kind', { text: kind.name, style: 'strong' }],
    ['Type', kind.type],
    ['Meaning', kind.meaning],
    ['Targets', kind.targets.map(({ type, example }) => (example ? `${type}:${example}` : type)).join(', ')],
    ['Seen', countOf(kind) || 'never'],
    ['Last', relative(kind.seen?.lastAt, terminal.nowMs())],
  ])
  if (kind.data.length === 0) return
  output.line('')
  output.table(
    [
      { title: 'VALUE', value: field => field.path },
      { title: 'TEMPLATE', value: field => field.template },
      { title: 'WHERE', value: field => field.where },
      { title: 'EXAMPLE', value: field => String(field.example), shrinks: true },
    ],
    kind.data,
  )
}
