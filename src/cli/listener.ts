import type { Command } from 'commander'
import { path } from './client.ts'
import type { Runner } from './context.ts'
import { relative } from './times.ts'

interface Listener {
  id: string
  target: string
  createdBy: string
  seenAt: string
}

export function listenerCommands(group: Command, run: Runner): void {
  group
    .command('list <endpoint>')
    .description('list who forwards the requests of an endpoint, the last seen first')
    .action(
      run(async (context, endpoint: string) => {
        const answer = await context.api.get<{ items: Listener[] }>('/api/listeners', { endpoint })
        context.print(answer, ({ items }) => {
          const { output, global, terminal } = context
          if (global.quiet) for (const { id } of items) output.line(id)
          else if (items.length === 0) output.note('Nobody listens. `signalbox listen` does.')
          else
            output.table(
              [
                { title: 'ID', value: one => one.id },
                { title: 'TO', value: one => one.target, shrinks: true },
                { title: 'SEEN', value: one => relative(one.seenAt, terminal.nowMs()) },
                { title: 'BY', value: one => one.createdBy },
              ],
              items,
            )
        })
      }),
    )

  group
    .command('delete <listener>')
    .description('delete a listener; what it had left to forward is cancelled')
    .action(
      run(async (context, id: string) => {
        const answer = await context.api.send('DELETE', path`/api/listeners/${id}`)
        context.print(answer, () => context.output.note(`Listener ${id} is deleted.`))
      }),
    )
}
