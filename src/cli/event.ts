import { type Command, Option } from 'commander'
import { mostPerSecond } from '../core/job.ts'
import { path } from './client.ts'
import type { Context, Runner } from './context.ts'
import { addKindsCommand } from './event-kinds.ts'
import { type ResendOptions, resendCommandOptions, resendEvent } from './event-resend.ts'
import { type SendOptions, sendCommandOptions, sendEvent } from './event-send.ts'
import { printBody, printEvent } from './event-show.ts'
import { collect, wholeNumber } from './input.ts'
import { previewOrBegin, requireOneWay } from './job.ts'
import { addPaging, type Paging, times } from './list.ts'
import { runColumns } from './run-table.ts'
import type { Event, RunSummary, Verdict } from './shapes.ts'
import { viewQuery } from './view.ts'
import { printVerdicts } from './verdicts.ts'

interface MatchOptions {
  endpoint?: string
  kind?: string[]
  kindType?: string
  target?: string
  outcome?: string
  since?: string
  until?: string
  text?: string
  where?: string
}

type ListOptions = MatchOptions & Paging & { view?: string }

export function eventCommands(group: Command, run: Runner): void {
  addListCommand(group, run)
  addTailCommand(group, run)
  addKindsCommand(group, run)

  group
    .command('show <event>')
    .description('show an event: where it came from, its body, its runs')
    .option('--body', 'the body alone, byte by byte')
    .option('--part <index>', 'one part of a multipart body alone, the first is 0', wholeNumber(0, 999))
    .action(
      run(async (context, id: string, { body, part }: { body?: true; part?: number }) => {
        if (body || part !== undefined) return printBody(context, id, part)
        const answer = await context.api.get<Event>(path`/api/events/${id}`)
        context.print(answer, event => printEvent(context, event))
      }),
    )

  sendCommandOptions(group.command('send'))
    .description('send an event: a platform event, or with --endpoint a request')
    .action(run((context, options: SendOptions) => sendEvent(context, options)))

  addReplayCommand(group, run)

  resendCommandOptions(group.command('resend <event>'))
    .description('make a new event out of a stored one, edited or as it was')
    .action(run((context, id: string, options: ResendOptions) => resendEvent(context, id, options)))
}

interface ReplayOptions extends MatchOptions {
  reaction?: string
  match?: true
  perSecond?: number
  yes?: true
}

function addReplayCommand(group: Command, run: Runner): void {
  const command = group
    .command('replay [event]')
    .description('put a stored event, or all that match, before the reactions as they are now')
    .option('--reaction <reaction>', 'before this one alone')
    .option('--match', 'all events that the following options leave; says how many, and begins with --yes')
  addMatchOptions(command)
    .option('--per-second <count>', 'at most so many a second (100)', wholeNumber(1, mostPerSecond))
    .option('--yes', 'begin')
    .action(
      run(async (context, id: string | undefined, options: ReplayOptions) => {
        requireOneWay(id, options.match === true, '--match', 'event')
        return id === undefined ? replayMany(context, options) : replayOne(context, id, options.reaction)
      }),
    )
}

async function replayOne(context: Context, id: string, reaction: string | undefined): Promise<void> {
  const answer = await context.api.send<{ runs: RunSummary[]; verdicts: Verdict[] }>(
    'POST',
    path`/api/events/${id}/replay`,
    reaction === undefined ? {} : { reaction },
  )
  context.print(answer, ({ runs, verdicts }) => {
    if (context.global.quiet) for (const one of runs) context.output.line(one.id)
    else if (runs.length > 0) context.output.table(runColumns(context), runs)
    else {
      context.output.line('No reaction fired.')
      printVerdicts(context, verdicts, 'reacted')
    }
  })
}

function replayMany(context: Context, options: ReplayOptions): Promise<void> {
  const { match: _match, yes, reaction, perSecond, kindType, ...events } = options
  const body = {
    events: {
      ...events,
      ...(kindType === undefined ? {} : { kindType: [kindType] }),
      ...times(context, options),
    },
    ...(reaction === undefined ? {} : { reaction }),
    ...(perSecond === undefined ? {} : { perSecond }),
  }
  return previewOrBegin(context, { kind: 'replay', body, what: 'event', isConfirmed: yes === true })
}

function addListCommand(group: Command, run: Runner): void {
  const command = addMatchOptions(group.command('list').description('list events, the newest first'))
  command.option('--view <name>', 'of this saved view; the other options beat it')
  addPaging(command).action(
    run(async (context, { view, ...options }: ListOptions) => {
      const { listEvents } = await import('./event-search.ts')
      const given = { ...options, ...times(context, options) }
      return listEvents(context, await viewQuery(context, 'events', view, given))
    }),
  )
}

/** What a list is narrowed by, and a replay of many. */
const addMatchOptions = (command: Command): Command =>
  command
    .option('--endpoint <endpoint>', 'that came in at this endpoint')
    .option('--kind <name>', 'of this kind, or of one below it (repeatable)', collect)
    .option('--kind-type <type>', 'of this kind type')
    .option('--target <target>', 'with this target: type:value, or a value of any type')
    .addOption(
      new Option('--outcome <outcome>', 'that tell of a success or of an error').choices([
        'success',
        'error',
      ]),
    )
    .option('--since <time>', 'from this time on: 2026-11-21T06:50:00Z, or 2h for two hours ago')
    .option('--until <time>', 'up to this time')
    .option('--text <text>', 'with this text, in any case, in the body or the request')
    .option('--where <expression>', 'for which this CEL expression is true: body.amount > 100')

function addTailCommand(group: Command, run: Runner): void {
  group
    .command('tail')
    .description('follow events as they happen; picks up where it was after a lost connection')
    .option('--from <cursor>', 'where an earlier tail stopped, or `beginning` for all that is stored')
    .option('--endpoint <endpoint>', 'that come in at this endpoint (repeatable)', collect)
    .option('--kind <name>', 'of this kind, or of one below it (repeatable)', collect)
    .addOption(new Option('--outcome <outcome>', 'that tell of an error').choices(['error']))
    .action(
      run(async (context, options) => {
        const { tailEvents } = await import('./event-tail.ts')
        return tailEvents(context, options)
      }),
    )
}
