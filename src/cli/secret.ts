import type { Command } from 'commander'
import { path } from './client.ts'
import type { Context, Runner } from './context.ts'
import { exitCodes, Failure, wrongUsage } from './failure.ts'
import { collect, readSource } from './input.ts'
import { printList } from './list.ts'
import { promptHidden } from './prompt.ts'
import type { List } from './shapes.ts'
import { relative } from './times.ts'

interface Secret {
  id: string
  name: string
  team: string | null
  hosts: string[]
  description: string
  usedBy: { id: string; name: string }[]
  changedBy: string
  createdAt: string
  updatedAt: string
  lastUsedAt: string | null
}

interface SetOptions {
  host?: string[]
  anyHost?: true
  description?: string
  fromFile?: string
  keepValue?: true
  team?: string
}

const teamOption = ['--team <team>', 'the team whose secret it is'] as const

export function secretCommands(group: Command, run: Runner): void {
  group
    .command('set <name>')
    .description(
      'make a secret, or change one: its value is asked for, or read from standard input; a line break at its end is left out',
    )
    .option(
      '--host <host>',
      'host that it may be sent to, or *.example.com (repeatable; any if none is given)',
      collect,
    )
    .option('--any-host', 'let it be sent to any host again')
    .option('--description <text>', 'what it is for')
    .option('--from-file <file>', 'read the value from a file')
    .option('--keep-value', 'change only what else is given')
    .option(...teamOption)
    .action(
      run(async (context, name: string, options: SetOptions) => {
        if (options.host && options.anyHost) throw wrongUsage('--host and --any-host exclude each other')
        if (options.keepValue && options.fromFile !== undefined)
          throw wrongUsage('--keep-value and --from-file exclude each other')
        const exists = await secretExists(context, name, options.team)
        if (options.keepValue && !exists)
          throw wrongUsage(`There is no secret ${name} whose value could be kept`)
        const hosts = options.anyHost ? [] : options.host
        const body = {
          ...(options.keepValue ? {} : { value: await readSecret(context, name, options.fromFile) }),
          ...(hosts === undefined ? {} : { hosts }),
          ...(options.description === undefined ? {} : { description: options.description }),
        }
        const answer = exists
          ? await context.api.send<Secret>('PATCH', placeOf(name, options), body)
          : await context.api.send<Secret>('POST', '/api/secrets', { name, ...body, ...ofTeam(options) })
        context.print(answer, secret => {
          context.output.note(`Secret ${secret.name} is ${exists ? 'changed' : 'set'}: ${whereTo(secret)}.`)
          context.output.line(exists ? secret.name : `{{secret "${secret.name}"}}`)
        })
      }),
    )

  group
    .command('list')
    .description('list secrets, without their values')
    .action(
      run(async context => {
        const answer = await context.api.get<List<Secret>>('/api/secrets')
        const nowMs = context.terminal.nowMs()
        printList(
          context,
          { ...answer, data: { ...answer.data, next: null } },
          [
            { title: 'NAME', value: secret => ({ text: secret.name, style: 'strong' }) },
            { title: 'TEAM', value: secret => secret.team ?? '' },
            { title: 'HOSTS', value: secret => secret.hosts.join(' ') || 'any', shrinks: true },
            { title: 'NAMED BY', value: namedBy, shrinks: true },
            { title: 'LAST USED', value: secret => relative(secret.lastUsedAt, nowMs) },
            { title: 'CHANGED', value: secret => relative(secret.updatedAt, nowMs) },
            { title: 'DESCRIPTION', value: secret => secret.description, shrinks: true },
          ],
          secret => secret.name,
          'No secrets found.',
        )
      }),
    )

  group
    .command('show <secret>')
    .description('show a secret: where it may go, who names it, when it was used; never its value')
    .option(...teamOption)
    .action(
      run(async (context, name: string, options: OfTeam) => {
        const answer = await context.api.get<Secret>(path`/api/secrets/${name}`, ofTeam(options))
        const nowMs = context.terminal.nowMs()
        context.print(answer, secret => {
          if (context.global.quiet) return context.output.line(secret.name)
          context.output.fields([
            ['Secret', { text: secret.name, style: 'strong' }],
            ['Id', secret.id],
            ['Team', secret.team ?? 'the whole organization'],
            ['Description', secret.description],
            ['May be sent to', secret.hosts.join(', ') || 'any host'],
            ['Named by', namedBy(secret) || 'no reaction'],
            ['Last used', secret.lastUsedAt === null ? 'never' : relative(secret.lastUsedAt, nowMs)],
            ['Changed', `${relative(secret.updatedAt, nowMs)} by ${secret.changedBy}`],
          ])
        })
      }),
    )

  group
    .command('delete <secret>')
    .description('delete a secret; one that a reaction names is kept')
    .option('--force', 'also when reactions name it: their runs then fail')
    .option(...teamOption)
    .action(
      run(async (context, name: string, options: OfTeam & { force?: true }) => {
        const answer = await context.api.send('DELETE', placeOf(name, options))
        context.print(answer, () => context.output.note(`Secret ${name} is deleted.`))
      }),
    )

  rotateKeyCommand(group, run)
}

const pollMs = 500

function rotateKeyCommand(group: Command, run: Runner): void {
  group
    .command('rotate-key')
    .description('make a new key, and seal every secret in the store with it; everything goes on meanwhile')
    .option('--no-wait', 'do not wait until it is done')
    .action(
      run(async (context, { wait }: { wait: boolean }) => {
        let answer = await context.api.send<KeyStatus>('POST', '/api/secret-key/rotation')
        while (wait && answer.data.state === 'working') {
          await context.terminal.wait(pollMs)
          answer = await context.api.get<KeyStatus>('/api/secret-key')
        }
        const { state, where, resealed } = answer.data
        if (state === 'failed')
          throw new Failure('Not everything could be sealed anew', {
            exitCode: exitCodes.refused,
            todo: 'Both keys stay known, and nothing is lost: see the log, then run it again.',
          })
        context.print(answer, () => {
          if (state === 'working') return context.output.note('It goes on in the background.')
          context.output.note(`Done: ${resealed} texts are sealed with the new key in ${where}.`)
          context.output.note(`The former key is ${where}.former: keep it as long as a backup needs it.`)
        })
      }),
    )
}

interface KeyStatus {
  where: string
  state: 'idle' | 'working' | 'failed'
  resealed: number
}

const namedBy = ({ usedBy }: Secret): string => usedBy.map(({ name }) => name).join(', ')
const whereTo = ({ hosts }: Secret): string =>
  hosts.length === 0 ? 'it may be sent to any host' : `it may be sent to ${hosts.join(', ')} only`

type OfTeam = {
  team?: string
}

const ofTeam = ({ team }: OfTeam): OfTeam => (team === undefined ? {} : { team })

function placeOf(name: string, { team, force }: OfTeam & { force?: true }): string {
  const query = new URLSearchParams({
    ...(team === undefined ? {} : { team }),
    ...(force ? { force: 'true' } : {}),
  })
  return path`/api/secrets/${name}` + (query.size === 0 ? '' : `?${query.toString()}`)
}

async function secretExists({ api }: Context, name: string, team: string | undefined): Promise<boolean> {
  try {
    await api.get(path`/api/secrets/${name}`, { team })
    return true
  } catch (error) {
    if (error instanceof Failure && error.details.exitCode === exitCodes.notFound) return false
    throw error
  }
}

/** Never from an argument: those stand in the history of the shell, and in the list of processes. */
async function readSecret({ terminal }: Context, name: string, file: string | undefined): Promise<string> {
  if (file === undefined && terminal.stdin.isTTY === true)
    return promptHidden(`Value of ${name} (is not shown): `, terminal)
  const text = (await readSource(file ?? '-', terminal)).toString('utf8').replace(/\r?\n$/, '')
  if (text === '')
    throw wrongUsage(
      `No value was given for ${name}`,
      `Pipe it in (printf %s "$VALUE" | signalbox secret set ${name}), or give --from-file.`,
    )
  return text
}
