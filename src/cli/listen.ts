import { type Command, Option } from 'commander'
import type { ListenerSettings } from '../core/listener-settings.ts'
import { path } from './client.ts'
import type { Context, Runner } from './context.ts'
import { exitCodes, Failure, wrongUsage } from './failure.ts'
import { collect, wholeNumber } from './input.ts'
import { forwardEvents } from './listen-loop.ts'
import { tellTried } from './listen-output.ts'
import { openSession } from './listen-session.ts'
import { type ListenState, readState, stateFile, writeState } from './listen-state.ts'
import { parseListenTarget } from './listen-target.ts'
import type { Endpoint, EventSummary, List } from './shapes.ts'
import { durationOption, parseTime } from './times.ts'

interface ListenOptions {
  endpoint?: string
  path?: string
  kind?: string[]
  where?: string
  from?: string
  retry: ListenerSettings['retry']
  timeout: number
  concurrency: number
  insecure?: true
  print?: true
}

export function listenCommand(command: Command, run: Runner): void {
  command
    .argument('<target>', 'where to: a port of this machine, host:port/path, or a URL')
    .option('--endpoint <endpoint>', 'whose requests (a temporary endpoint is made if none is given)')
    .option('--path <path>', 'path on the target (that of the target, or /)')
    .option('--kind <name>', 'only this kind or what lies below it (repeatable)', collect)
    .option(
      '--where <expression>',
      "only events for which this CEL expression is true: body.status == 'paid'",
    )
    .option(
      '--from <when>',
      'begin with `now`, `beginning`, or a time such as 2h or 2026-11-21T06:50:00Z (where it stopped the last time, or now)',
    )
    .addOption(
      new Option(
        '--retry <which>',
        'what is tried again: none, down (requests without an answer), all (5xx too)',
      )
        .choices(['none', 'down', 'all'])
        .default('down'),
    )
    .addOption(
      new Option('--timeout <duration>', 'how long the target may take for one answer')
        .argParser(durationOption)
        .default(30_000, '30s'),
    )
    .option('--concurrency <number>', 'how many requests at once', wholeNumber(1, 50), 1)
    .option('--insecure', 'take any certificate of an https target')
    .option('--print', 'print headers and bodies too')
    .action(run((context, target: string, options: ListenOptions) => listen(context, target, options)))
}

const temporary = 'temporary'
const temporaryDays = 7

/** Until Ctrl-C, or until the server refuses for good. */
async function listen(context: Context, given: string, options: ListenOptions): Promise<number> {
  const { terminal, output, api } = context
  const target = parseListenTarget(given, options.path)
  const from = beginningOf(options.from, terminal.nowMs())
  const file = stateFile(terminal, api.connection.url, options.endpoint ?? temporary, target.href)
  const former = readState(file)
  const endpoint = await endpointFor(context, options.endpoint, former)
  const known = former?.endpointId === endpoint.id ? former : null
  const settings: ListenerSettings = {
    where: options.where ?? '',
    kindNames: options.kind ?? [],
    retry: options.retry,
    timeoutMs: options.timeout,
  }
  const ending = new AbortController()
  const session = await openSession(context, endpoint, target.href, settings, known, ending.signal)
  const state: ListenState = {
    endpointId: endpoint.id,
    listenerId: session.listenerId,
    cursor: from === null ? (known?.cursor ?? null) : from.cursor,
    // To be forwarded again, events that were forwarded before need an occasion of their own.
    occasion: from === null ? (known?.occasion ?? '') : terminal.nowMs().toString(36),
  }
  if (from !== null) writeState(file, state)

  output.note('Forwarding ', { text: endpoint.url, style: 'strong' }, ' → ', {
    text: target.href,
    style: 'strong',
  })
  const isResumed = from === null && state.cursor !== null
  const stopListening = terminal.onInterrupt(() => ending.abort())
  try {
    await forwardEvents(
      context,
      session,
      {
        endpointId: endpoint.id,
        target,
        timeoutMs: options.timeout,
        insecure: options.insecure === true,
        concurrency: options.concurrency,
        cursor: state.cursor,
        occasion: state.occasion,
        older: () => (from?.since == null ? Promise.resolve([]) : olderEvents(context, endpoint, from.since)),
        hasBegun: () =>
          output.note(
            isResumed ? 'Going on where it stopped. Ctrl-C ends.' : 'Waiting for requests. Ctrl-C ends.',
          ),
        queuedTo(cursor) {
          state.cursor = cursor
          writeState(file, state)
        },
        tell: tried => tellTried(context, tried, options.print === true),
      },
      ending,
    )
    output.note('Started again, it goes on from here.')
    return exitCodes.interrupted
  } finally {
    stopListening()
  }
}

interface Beginning {
  cursor: string | null
  since: string | null
}

function beginningOf(from: string | undefined, nowMs: number): Beginning | null {
  if (from === undefined) return null
  if (from === 'now') return { cursor: null, since: null }
  if (from === 'beginning') return { cursor: 'beginning', since: null }
  const since = parseTime(from, nowMs)
  if (since === null)
    throw wrongUsage(
      `--from ${from} is not understood`,
      'It takes now, beginning, or a time such as 2h or 2026-11-21T06:50:00Z.',
    )
  return { cursor: null, since }
}

async function endpointFor(
  { api, output, terminal }: Context,
  name: string | undefined,
  former: ListenState | null,
): Promise<Endpoint> {
  if (name !== undefined) return (await api.get<Endpoint>(path`/api/endpoints/${name}`)).data
  const expiresAt = new Date(terminal.nowMs() + temporaryDays * 86_400_000).toISOString()
  if (former !== null) {
    try {
      return (await api.send<Endpoint>('PATCH', path`/api/endpoints/${former.endpointId}`, { expiresAt }))
        .data
    } catch (error) {
      // It was deleted: another one is made.
      if (!(error instanceof Failure && error.details.exitCode === exitCodes.notFound)) throw error
    }
  }
  const made = await api.send<Endpoint>('POST', '/api/endpoints', {
    description: 'Made by `signalbox listen`',
    methods: ['ANY'],
    expiresAt,
  })
  output.note(`Made the endpoint ${made.data.name}, for ${temporaryDays} days; each start renews it.`)
  return made.data
}

/** More would be looked for too long, and kept in memory. */
const mostOlder = 10_000

/** Oldest first. */
async function olderEvents({ api }: Context, endpoint: Endpoint, since: string): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const query = { endpoint: endpoint.id, since, limit: 500, cursor }
    const { data } = await api.get<List<EventSummary>>('/api/events', query)
    ids.push(...data.items.map(event => event.id))
    cursor = data.next ?? undefined
    if (ids.length > mostOlder)
      throw new Failure(`The endpoint has had more than ${mostOlder} events since then`, {
        exitCode: exitCodes.refused,
        todo: 'Begin later; or with `--from beginning`, which reads them as they are forwarded.',
      })
  } while (cursor !== undefined)
  return ids.toReversed()
}
