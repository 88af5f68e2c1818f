import type { Command } from 'commander'
import { path } from './client.ts'
import type { Context, Runner } from './context.ts'
import { exitCodes, Failure } from './failure.ts'
import { addPaging, type Paging, printList } from './list.ts'
import { collectRole, type Role, roleText } from './role-option.ts'
import type { List } from './shapes.ts'
import { relative } from './times.ts'

interface User {
  id: string
  email: string
  name: string
  state: 'active' | 'disabled'
  hasPassword: boolean
  roles: (Role & { id: string })[]
  signedInAt: string | null
}
interface Invitation {
  url: string
  expiresAt: string
}

const roleMeaning = 'admin, editor or viewer, or a permission such as event.send; @team, else everywhere'

export function userCommands(group: Command, run: Runner): void {
  group
    .command('create <email>')
    .description('make a user, and print the link by which they set their password, once, within 72 hours')
    .option('--name <name>', 'as people read it')
    .option('--role <role>', `${roleMeaning} (repeatable)`, collectRole)
    .action(
      run(async (context, email: string, { name, role = [] }: { name?: string; role?: Role[] }) => {
        const body = { email, roles: role, ...(name === undefined ? {} : { name }) }
        const answer = await context.api.send<User & { invitation: Invitation }>('POST', '/api/users', body)
        context.print(answer, ({ invitation }) => printInvitation(context, invitation))
      }),
    )

  addPaging(group.command('list').description('list the users that you may see')).action(
    run(async (context, options: Paging) => {
      const answer = await context.api.get<List<User>>('/api/users', { ...options })
      const nowMs = context.terminal.nowMs()
      printList(
        context,
        answer,
        [
          { title: 'EMAIL', value: user => ({ text: user.email, style: 'strong' }) },
          { title: 'NAME', value: user => user.name },
          {
            title: 'STATE',
            value: user => ({ text: user.state, style: user.state === 'active' ? 'good' : 'bad' }),
          },
          { title: 'ROLES', value: user => user.roles.map(roleText).join(' '), shrinks: true },
          { title: 'SIGNED IN', value: user => relative(user.signedInAt, nowMs) || 'never' },
        ],
        user => user.email,
        'No user yet. `signalbox user create` makes one.',
      )
    }),
  )

  group
    .command('show <user>')
    .description('show a user, by email or id')
    .action(
      run(async (context, reference: string) => {
        const answer = await context.api.get<User>(path`/api/users/${reference}`)
        context.print(answer, user => printUser(context, user))
      }),
    )

  group
    .command('invite <user>')
    .description('print a link by which a user sets a new password, once, within 72 hours')
    .action(
      run(async (context, reference: string) => {
        const answer = await context.api.send<Invitation>('POST', path`/api/users/${reference}/invitation`)
        context.print(answer, invitation => printInvitation(context, invitation))
      }),
    )

  group
    .command('grant <user> <role>')
    .description(`give a user a role: ${roleMeaning}`)
    .action(
      run(async (context, reference: string, role: string) => {
        const [given] = collectRole(role)
        const answer = await context.api.send<User>('POST', path`/api/users/${reference}/roles`, given)
        context.print(answer, user => printUser(context, user))
      }),
    )

  group
    .command('revoke <user> <role>')
    .description('take a role from a user, as `user show` tells it')
    .action(
      run(async (context, reference: string, role: string) => {
        const { data: user } = await context.api.get<User>(path`/api/users/${reference}`)
        const held = user.roles.find(one => roleText(one) === role || one.id === role)
        if (held === undefined)
          throw new Failure(`${user.email} has no role ${role}`, {
            exitCode: exitCodes.notFound,
            todo: `They have ${user.roles.map(roleText).join(', ') || 'none'}.`,
          })
        const answer = await context.api.send('DELETE', path`/api/users/${reference}/roles/${held.id}`)
        context.print(answer, () => context.output.note(`${user.email} has ${roleText(held)} no more.`))
      }),
    )

  for (const [name, state, summary] of [
    ['disable', 'disabled', 'sign a user out at once, and let neither password nor keys open anything'],
    ['enable', 'active', 'let a user in again'],
  ] as const)
    group
      .command(`${name} <user>`)
      .description(summary)
      .action(
        run(async (context, reference: string) => {
          const answer = await context.api.send<User>('PATCH', path`/api/users/${reference}`, { state })
          context.print(answer, user => printUser(context, user))
        }),
      )
}

function printInvitation({ output }: Context, { url, expiresAt }: Invitation): void {
  output.line(url)
  output.note(`It sets their password, once, until ${expiresAt}.`)
}

function printUser({ output, terminal, global }: Context, user: User): void {
  if (global.quiet) return output.line(user.email)
  output.fields([
    ['User', { text: user.email, style: 'strong' }],
    ['Name', user.name],
    ['State', user.hasPassword ? user.state : `${user.state}, without a password so far`],
    ['Roles', user.roles.map(roleText).join(', ') || 'none'],
    ['Signed in', relative(user.signedInAt, terminal.nowMs()) || 'never'],
    ['ID', user.id],
  ])
}
