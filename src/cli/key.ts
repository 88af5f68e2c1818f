import type { Command } from 'commander'
import { path } from './client.ts'
import type { Runner } from './context.ts'
import { addPaging, type Paging, printList } from './list.ts'
import { collectRole, type Role, roleText } from './role-option.ts'
import type { List } from './shapes.ts'
import { durationOption, relative } from './times.ts'

interface Key {
  id: string
  name: string
  scope: Role[]
  actor: string
  expiresAt: string | null
  lastUsedAt: string | null
  revokedAt: string | null
  revokedBy: string | null
}

export function keyCommands(group: Command, run: Runner): void {
  group
    .command('create <name>')
    .description('make an API key and print it, this once')
    .option(
      '--may <role>',
      'what it may do: event.send@core, viewer@core (repeatable; all that you may, if left out)',
      collectRole,
    )
    .option('--for <duration>', 'how long it opens: 90d (for ever, if left out)', durationOption)
    .action(
      run(async (context, name: string, options: { may?: Role[]; for?: number }) => {
        const body = {
          name,
          ...(options.may === undefined ? {} : { scope: options.may }),
          ...(options.for === undefined
            ? {}
            : { expiresAt: new Date(context.terminal.nowMs() + options.for).toISOString() }),
        }
        const answer = await context.api.send<Key & { token: string }>('POST', '/api/keys', body)
        context.print(answer, ({ token, id }) => {
          context.output.line(token)
          context.output.note(
            `Keep it: it is not shown again. Use it as SIGNALBOX_TOKEN; \`signalbox key end ${id}\` ends it.`,
          )
        })
      }),
    )

  addPaging(group.command('list').description('list your API keys'))
    .option('--all', 'those of everybody')
    .action(
      run(async (context, { all, ...paging }: Paging & { all?: true }) => {
        const answer = await context.api.get<List<Key>>('/api/keys', {
          ...paging,
          ...(all ? { all: 'true' } : {}),
        })
        const nowMs = context.terminal.nowMs()
        const state = (key: Key) => {
          if (key.revokedAt !== null) return { text: `ended by ${key.revokedBy}`, style: 'bad' as const }
          if (key.expiresAt === null) return { text: 'open', style: 'good' as const }
          if (Date.parse(key.expiresAt) <= nowMs) return { text: 'expired', style: 'faint' as const }
          return { text: `open, ends ${relative(key.expiresAt, nowMs)}`, style: 'good' as const }
        }
        printList(
          context,
          answer,
          [
            { title: 'ID', value: key => key.id },
            { title: 'NAME', value: key => ({ text: key.name, style: 'strong' }) },
            { title: 'STATE', value: state },
            { title: 'MAY', value: key => key.scope.map(roleText).join(' '), shrinks: true },
            { title: 'OF', value: key => key.actor },
            { title: 'USED', value: key => relative(key.lastUsedAt, nowMs) || 'never' },
          ],
          key => key.id,
          'No key yet. `signalbox key create` makes one.',
        )
      }),
    )

  group
    .command('end <key>')
    .description('end an API key at once, by its id')
    .action(
      run(async (context, id: string) => {
        const answer = await context.api.send<Key>('DELETE', path`/api/keys/${id}`)
        context.print(answer, key => context.output.note(`Key ${key.name} is ended.`))
      }),
    )
}
