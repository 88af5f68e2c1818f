import { unreachable } from './client.ts'
import type { Context } from './context.ts'
import { Failure } from './failure.ts'
import { type FeedHandlers, followFeed, type Subscription } from './feed.ts'
import { type ListenSession, spreadWaitMs } from './listen-session.ts'
import { plural } from './text.ts'
import { formatDuration } from './times.ts'

export interface IntakeOptions {
  endpointId: string
  cursor: string | null
  occasion: string
  /** Older events to begin with, oldest first; asked for once the feed has begun, so that none is between. */
  older(): Promise<string[]>
  /** From now on nothing is missed. */
  hasBegun(): void
  /** Everything up to this cursor is queued on the server. */
  queuedTo(cursor: string): void
  /** Something was queued. */
  wake(): void
}

/** So many events wait in memory at most: the feed is read on when half of them are queued. */
const mostPending = 400
const queuedAtOnce = 100

interface Batch {
  ids: string[]
  cursor: string | null
}

/** What the feed tells, queued on the server in its order: only then the cursor counts. */
export function createIntake(
  session: Pick<ListenSession, 'queue'>,
  options: IntakeOptions,
  guard: (work: Promise<void>) => Promise<void>,
  ended: AbortSignal,
) {
  const pending: Batch[] = []
  const pendingCount = () => pending.reduce((sum, { ids }) => sum + ids.length, 0)
  let resumeFeed: (() => void) | null = null
  let hasBegun = false
  let isQueuing = false
  let queuing: Promise<void> = Promise.resolve()

  async function queueOne({ ids, cursor }: Batch): Promise<void> {
    for (let at = 0; at < ids.length; at += queuedAtOnce)
      await session.queue(ids.slice(at, at + queuedAtOnce), options.occasion)
    pending.shift()
    if (cursor !== null) options.queuedTo(cursor)
    options.wake()
    if (pendingCount() >= mostPending / 2) return
    resumeFeed?.()
    resumeFeed = null
  }

  const queueAll = async () => {
    for (let next = pending[0]; next !== undefined && !ended.aborted; next = pending[0]) await queueOne(next)
  }

  const start = () => {
    if (!hasBegun || isQueuing) return
    isQueuing = true
    queuing = guard(queueAll()).finally(() => {
      isQueuing = false
    })
  }

  return {
    begin(older: string[], cursor: string | null): void {
      pending.unshift({ ids: older, cursor })
      hasBegun = true
      start()
    },
    /** False when the feed has to wait until it is resumed. */
    add(batch: Batch, resume: () => void): boolean {
      pending.push(batch)
      start()
      if (pendingCount() < mostPending) return true
      resumeFeed = resume
      return false
    },
    /** The connection that was to be resumed is gone; the next one begins at its cursor. */
    forgetFeed(): void {
      resumeFeed = null
    },
    settled: () => queuing,
  }
}

/** Follows the feed of an endpoint, over lost connections, until it ends; what it refuses for good is thrown. */
export async function takeIn(
  { api, output, terminal }: Context,
  intake: ReturnType<typeof createIntake>,
  options: IntakeOptions,
  guard: (work: Promise<void>) => Promise<void>,
  ended: AbortSignal,
): Promise<void> {
  const subscription: Subscription = {
    filter: { topics: ['events'], endpoints: [options.endpointId] },
    cursor: options.cursor,
  }
  let failuresInARow = 0
  let everSubscribed = false
  const begin = async (cursor: string | null) => {
    const older = await options.older()
    if (older.length > 0) output.note(`${plural(older.length, 'older event')} to begin with.`)
    intake.begin(older, cursor)
    options.hasBegun()
  }
  const handlers: FeedHandlers = {
    subscribed() {
      if (failuresInARow > 0) output.warn('The feed is connected again; nothing was missed.')
      failuresInARow = 0
      if (!everSubscribed) void guard(begin(subscription.cursor))
      everSubscribed = true
    },
    behind: skipped => output.note(`Fell behind by ${plural(skipped, 'event')}; reading them again.`),
    events: (events, resume, cursor) => intake.add({ ids: events.map(event => event.id), cursor }, resume),
  }
  while (!ended.aborted) {
    const end = await followFeed(api.connection, subscription, handlers, ended)
    if (end.kind === 'stopped') return
    if (end.kind === 'refused') throw end.failure
    if (!everSubscribed)
      throw end.error instanceof Failure ? end.error : unreachable(api.connection, end.error)
    intake.forgetFeed()
    const waitMs = spreadWaitMs(failuresInARow++)
    output.warn(`Lost the feed: ${end.reason}. Trying again in ${formatDuration(waitMs)}.`)
    await terminal.wait(waitMs, ended)
  }
}
