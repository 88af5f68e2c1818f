import type { Command } from 'commander'
import { path } from './client.ts'
import type { Runner } from './context.ts'

interface Team {
  name: string
  description: string
  actor: string
}

export function teamCommands(group: Command, run: Runner): void {
  group
    .command('create <name>')
    .description('make a team; its name never changes')
    .option('--description <text>', 'who it is')
    .action(
      run(async (context, name: string, { description }: { description?: string }) => {
        const body = { name, ...(description === undefined ? {} : { description }) }
        const answer = await context.api.send<Team>('POST', '/api/teams', body)
        context.print(answer, team => {
          context.output.line(team.name)
          context.output.note(`Bring somebody in: signalbox user create <email> --role editor@${team.name}`)
        })
      }),
    )

  group
    .command('list')
    .description('list your teams, or all of them')
    .action(
      run(async context => {
        const answer = await context.api.get<{ items: Team[] }>('/api/teams')
        context.print(answer, ({ items }) => {
          const { output, global } = context
          if (global.quiet) for (const { name } of items) output.line(name)
          else if (items.length === 0) output.note('No team yet. `signalbox team create` makes one.')
          else
            output.table(
              [
                { title: 'NAME', value: team => ({ text: team.name, style: 'strong' }) },
                { title: 'DESCRIPTION', value: team => team.description, shrinks: true },
                { title: 'MADE BY', value: team => team.actor },
              ],
              items,
            )
        })
      }),
    )

  group
    .command('describe <name> <text>')
    .description('change what is said of a team')
    .action(
      run(async (context, name: string, description: string) => {
        const answer = await context.api.send<Team>('PATCH', path`/api/teams/${name}`, { description })
        context.print(answer, team => context.output.line(team.name))
      }),
    )

  group
    .command('delete <name>')
    .description('delete a team that owns no endpoint and no reaction any more; its name stays taken')
    .action(
      run(async (context, name: string) => {
        const answer = await context.api.send('DELETE', path`/api/teams/${name}`)
        context.print(answer, () => context.output.note(`Team ${name} is deleted.`))
      }),
    )
}
