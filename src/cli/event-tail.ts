import { unreachable, path } from './client.ts'
import type { Context } from './context.ts'
import { primaryTarget } from './event-table.ts'
import { exitCodes, Failure } from './failure.ts'
import { type FeedHandlers, followFeed, type Subscription } from './feed.ts'
import type { Cell } from './output.ts'
import type { Endpoint, EventSummary } from './shapes.ts'
import { plural } from './text.ts'
import { clock, formatDuration } from './times.ts'

interface TailOptions {
  from?: string
  endpoint?: string[]
  kind?: string[]
  outcome?: 'error'
}

/** Waits between tries to connect again; the last one repeats. Each is spread, so that many tails do not come at once. */
const waitsMs = [500, 1000, 2000, 4000, 8000, 15_000]

/**
 * Follows events until Ctrl-C; answers the exit code. A lost connection is told and made again from the last cursor;
 * a server that cannot be reached at the start, or that refuses, ends the command with a Failure.
 */
export async function tailEvents(context: Context, options: TailOptions): Promise<number> {
  const { terminal, output, api } = context
  const subscription = await subscriptionOf(context, options)
  const stopped = new AbortController()
  const stopListening = terminal.onInterrupt(() => stopped.abort())
  let everSubscribed = false
  let failuresInARow = 0
  const handlers: FeedHandlers = {
    subscribed() {
      if (failuresInARow > 0) output.warn('Connected again; nothing was missed.')
      else if (!everSubscribed) output.note('Waiting for events. Ctrl-C ends.')
      everSubscribed = true
      failuresInARow = 0
    },
    behind: skipped => output.note(`Fell behind by ${plural(skipped, 'event')}; reading them again.`),
    events(events, resume) {
      const mayGoOn = printEvents(context, events)
      if (!mayGoOn) terminal.stdout.once('drain', resume)
      return mayGoOn
    },
  }

  try {
    while (true) {
      const end = await followFeed(api.connection, subscription, handlers, stopped.signal)
      if (end.kind === 'stopped') break
      if (end.kind === 'refused') throw end.failure
      if (!everSubscribed)
        throw end.error instanceof Failure ? end.error : unreachable(api.connection, end.error)
      const waitMs = (waitsMs[failuresInARow] ?? 15_000) * (0.8 + 0.4 * Math.random())
      failuresInARow++
      output.warn(`Lost the connection: ${end.reason}. Trying again in ${formatDuration(waitMs)}.`)
      await terminal.wait(waitMs, stopped.signal)
      if (stopped.signal.aborted) break
    }
    return exitCodes.interrupted
  } finally {
    stopListening()
    if (everSubscribed && subscription.cursor !== null)
      output.note(`To go on from here: signalbox event tail --from ${subscription.cursor}`)
  }
}

/** The feed knows endpoints by id; people know them by name. */
async function subscriptionOf({ api }: Context, options: TailOptions): Promise<Subscription> {
  const endpoints = await Promise.all(
    (options.endpoint ?? []).map(
      async name => (await api.get<Endpoint>(path`/api/endpoints/${name}`)).data.id,
    ),
  )
  const filter: Subscription['filter'] = { topics: ['events'] }
  if (endpoints.length > 0) filter.endpoints = endpoints
  if (options.kind !== undefined) filter.kinds = options.kind
  if (options.outcome !== undefined) filter.outcome = options.outcome
  return { filter, cursor: options.from ?? null }
}

function printEvents({ terminal, output, global }: Context, events: readonly EventSummary[]): boolean {
  if (global.json) return output.document(events.map(event => JSON.stringify(event)).join('\n'))
  if (global.quiet) return output.lines(events.map(event => [event.id]))
  const nowMs = terminal.nowMs()
  return output.lines(events.map(event => eventLine(event, nowMs)))
}

const eventLine = (event: EventSummary, nowMs: number): Cell[] => [
  { text: clock(event.time, nowMs), style: 'faint' },
  `  ${event.id}  `,
  { text: event.kind.name, style: event.error ? 'bad' : 'strong' },
  `  ${primaryTarget(event)}  `,
  { text: event.error || event.preview, style: event.error ? 'bad' : 'faint' },
]
