import { Argument, type Command } from 'commander'
import { timesOfRange } from '../core/range.ts'
import { viewLists, type ViewList } from '../core/view.ts'
import { path, type Query } from './client.ts'
import type { Context, Runner } from './context.ts'
import { Failure, exitCodes, wrongUsage } from './failure.ts'
import { collect } from './input.ts'

interface View {
  id: string
  list: ViewList
  name: string
  pinned: boolean
  filters: Record<string, string | string[] | boolean>
  actor: string
}

/** The filters of a saved view, as the API's list takes them; what is given besides beats them. */
export async function viewQuery(
  context: Context,
  list: ViewList,
  name: string | undefined,
  given: Query,
): Promise<Query> {
  if (name === undefined) return given
  const { filters } = await findView(context, list, name)
  const { range, timeline: _timeline, ...query } = filters
  const times = typeof range === 'string' ? timesOfRange(range, context.terminal.nowMs()) : {}
  return { ...(query as Query), ...(given['since'] || given['until'] ? {} : times), ...given }
}

async function findView(context: Context, list: ViewList, name: string): Promise<View> {
  const { data } = await context.api.get<{ items: View[] }>('/api/views', { list })
  const view = data.items.find(one => one.name === name || one.id === name)
  if (view) return view
  const names = data.items.map(one => JSON.stringify(one.name)).join(', ')
  throw new Failure(`There is no view ${JSON.stringify(name)} of the ${list}`, {
    exitCode: exitCodes.notFound,
    todo: names === '' ? 'None has been saved yet.' : `There are ${names}.`,
  })
}

const listArgument = () => new Argument('<list>', 'of which list').choices([...viewLists])

export function viewCommands(group: Command, run: Runner): void {
  group
    .command('list')
    .description('list the views that were saved')
    .action(
      run(async context => {
        const answer = await context.api.get<{ items: View[] }>('/api/views')
        context.print(answer, ({ items }) => {
          const { output, global } = context
          if (global.quiet) for (const { name } of items) output.line(name)
          else if (items.length === 0) output.note('No views found.')
          else
            output.table(
              [
                { title: 'LIST', value: view => view.list },
                { title: 'NAME', value: view => view.name, shrinks: true },
                { title: 'PINNED', value: view => (view.pinned ? 'yes' : '') },
                { title: 'FILTERS', value: filterText, shrinks: true },
                { title: 'SAVED BY', value: view => view.actor },
              ],
              items,
            )
        })
      }),
    )

  group
    .command('save <name>')
    .description('save a view, for everybody who is signed in')
    .addArgument(listArgument())
    .option(
      '--filter <filter>',
      "what narrows the list, 'outcome=error' or 'range=24h' (repeatable)",
      collect,
    )
    .option('--pin', 'put it into the navigation of the dashboard')
    .action(
      run(async (context, name: string, list: ViewList, options: { filter?: string[]; pin?: true }) => {
        const body = { list, name, filters: filtersOf(options.filter ?? []), pinned: options.pin === true }
        const answer = await context.api.send<View>('POST', '/api/views', body)
        context.print(answer, view => context.output.line(view.id))
      }),
    )

  group
    .command('rename')
    .description('give a view another name')
    .addArgument(listArgument())
    .argument('<view>', 'its name')
    .argument('<name>', 'the new one')
    .action(
      run((context, list: ViewList, reference: string, name: string) =>
        changeView(context, list, reference, { name }),
      ),
    )
  for (const pinned of [true, false])
    group
      .command(pinned ? 'pin' : 'unpin')
      .description(`${pinned ? 'put a view into' : 'take a view out of'} the navigation of the dashboard`)
      .addArgument(listArgument())
      .argument('<view>', 'its name')
      .action(
        run((context, list: ViewList, reference: string) => changeView(context, list, reference, { pinned })),
      )

  group
    .command('delete')
    .description('delete a view')
    .addArgument(listArgument())
    .argument('<view>', 'its name')
    .action(
      run(async (context, list: ViewList, reference: string) => {
        const { id } = await findView(context, list, reference)
        await context.api.send('DELETE', path`/api/views/${id}`)
        context.output.note('Deleted.')
      }),
    )
}

async function changeView(
  context: Context,
  list: ViewList,
  reference: string,
  set: Partial<Pick<View, 'name' | 'pinned'>>,
): Promise<void> {
  const { id, name, filters, pinned } = await findView(context, list, reference)
  const body = { list, name, filters, pinned, ...set }
  const answer = await context.api.send<View>('PUT', path`/api/views/${id}`, body)
  context.print(answer, view => context.output.line(view.id))
}

const filterText = ({ filters }: View): string =>
  Object.entries(filters)
    .map(([name, value]) => `${name}=${[value].flat().join(',')}`)
    .join(' ')

const manyValued = new Set(['kind', 'kindType', 'state'])

function filtersOf(given: readonly string[]): View['filters'] {
  const filters: View['filters'] = {}
  for (const text of given) {
    const [, name, value] = /^([a-zA-Z]+)=(.+)$/s.exec(text) ?? []
    if (name === undefined || value === undefined)
      throw wrongUsage(`--filter ${text} is no filter`, "It takes 'outcome=error', 'range=24h' and the like.")
    if (name === 'timeline') filters[name] = value === 'true'
    else if (manyValued.has(name)) filters[name] = [...[filters[name] ?? []].flat(), value] as string[]
    else filters[name] = value
  }
  return filters
}
