import type { Context } from './context.ts'
import { type FeedHandlers, followFeed, type Subscription } from './feed.ts'
import { Failure } from './failure.ts'
import { unreachable } from './client.ts'
import { type Claim, type ListenSession, spreadWaitMs, type Verdict } from './listen-session.ts'
import { type Incoming, type Outgoing, forward, type ForwardOptions, outgoingOf } from './listen-target.ts'
import { plural } from './text.ts'
import { formatDuration } from './times.ts'

export interface LoopOptions extends ForwardOptions {
  endpointId: string
  target: URL
  /** How many requests are under way at once. */
  concurrency: number
  cursor: string | null
  occasion: string
  /** Older events to begin with, oldest first; asked for once the feed has begun, so that none is between. */
  older(): Promise<string[]>
  /** From now on nothing is missed. */
  hasBegun(): void
  /** Everything up to this cursor is queued on the server. */
  queuedTo(cursor: string): void
  tell(tried: Tried): void
}

export interface Tried {
  claim: Claim
  outgoing: Outgoing
  body: Buffer
  incoming: Incoming
  durationMs: number
  verdict: Verdict
}

/** So many events wait in memory at most: the feed is read on when half of them are queued. */
const mostPending = 400
const queuedAtOnce = 100
const pollMs = 1_000
const downWaitsMs = [1_000, 2_000, 3_000, 5_000]

/**
 *   feed → pending → queued on the server as runs → claimed → forwarded → reported
 *
 * What is queued is durable, and the cursor is kept only then; a run is claimed until it is reported. So whatever dies,
 * and whenever: each event is forwarded, and after a recorded answer never again.
 */
export async function forwardEvents(
  context: Context,
  session: ListenSession,
  options: LoopOptions,
  ending: AbortController,
): Promise<void> {
  const { terminal, output } = context
  const ended = ending.signal
  let failure: unknown = null
  const guard = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      failure ??= error
      ending.abort()
    })

  const pending: { ids: string[]; cursor: string }[] = []
  const pendingCount = () => pending.reduce((sum, { ids }) => sum + ids.length, 0)
  let resumeFeed: (() => void) | null = null
  let queuing: Promise<void> = Promise.resolve()
  let isQueuing = false
  let woken = new AbortController()
  const wake = () => woken.abort()
  const rest = async (ms: number): Promise<void> => {
    await terminal.wait(ms, AbortSignal.any([ended, woken.signal]))
    woken = new AbortController()
  }

  async function queuePending(): Promise<void> {
    while (pending.length > 0 && !ended.aborted) {
      const { ids, cursor } = pending[0]!
      for (let at = 0; at < ids.length; at += queuedAtOnce)
        await session.queue(ids.slice(at, at + queuedAtOnce), options.occasion)
      pending.shift()
      if (cursor !== '') options.queuedTo(cursor)
      wake()
      if (resumeFeed !== null && pendingCount() < mostPending / 2) {
        resumeFeed()
        resumeFeed = null
      }
    }
  }
  let hasBegun = false
  const startQueuing = () => {
    if (!hasBegun || isQueuing) return
    isQueuing = true
    queuing = guard(queuePending()).finally(() => {
      isQueuing = false
    })
  }

  async function follow(): Promise<void> {
    const subscription: Subscription = {
      filter: { topics: ['events'], endpoints: [options.endpointId] },
      cursor: options.cursor,
    }
    let failuresInARow = 0
    let everSubscribed = false
    const begin = async (cursor: string | null) => {
      const ids = await options.older()
      if (ids.length > 0) output.note(`${plural(ids.length, 'older event')} to begin with.`)
      pending.unshift({ ids, cursor: cursor ?? '' })
      hasBegun = true
      startQueuing()
      options.hasBegun()
    }
    const handlers: FeedHandlers = {
      subscribed() {
        if (failuresInARow > 0) output.warn('The feed is connected again; nothing was missed.')
        failuresInARow = 0
        if (everSubscribed) return
        everSubscribed = true
        void guard(begin(subscription.cursor))
      },
      behind: skipped => output.note(`Fell behind by ${plural(skipped, 'event')}; reading them again.`),
      events(events, resume, cursor) {
        pending.push({ ids: events.map(event => event.id), cursor })
        startQueuing()
        if (pendingCount() < mostPending) return true
        resumeFeed = resume
        return false
      },
    }
    while (!ended.aborted) {
      const end = await followFeed(context.api.connection, subscription, handlers, ended)
      if (end.kind === 'stopped') return
      if (end.kind === 'refused') throw end.failure
      if (!everSubscribed)
        throw end.error instanceof Failure ? end.error : unreachable(context.api.connection, end.error)
      // What a paused feed would have been resumed for is read again from the cursor.
      resumeFeed = null
      const waitMs = spreadWaitMs(failuresInARow++)
      output.warn(`Lost the feed: ${end.reason}. Trying again in ${formatDuration(waitMs)}.`)
      await terminal.wait(waitMs, ended)
    }
  }

  const underWay = new Set<Promise<void>>()
  let downInARow = 0
  let endpointState = 'active'

  async function attempt(claim: Claim): Promise<void> {
    const body = await session.bodyOf(claim.event)
    const outgoing = outgoingOf(claim.event, options.target, claim.runId)
    const startedAtMs = terminal.nowMs()
    const incoming = await forward(outgoing, body, options)
    const durationMs = Math.max(0, terminal.nowMs() - startedAtMs)
    const { runId, claimNo } = claim
    const { method, url, headers } = outgoing
    const verdict = await session.report({
      runId,
      claimNo,
      durationMs,
      request: { method, url, headers },
      ...('status' in incoming ? { response: incoming } : { error: incoming }),
    })
    options.tell({ claim, outgoing, body, incoming, durationMs, verdict })
    if ('status' in incoming) {
      if (downInARow > 0) output.warn(`${options.target.host} answers again.`)
      downInARow = 0
    } else downInARow++
  }

  /** A target that is down is asked by one event at a time: the others wait on the server, where nothing is lost. */
  async function work(): Promise<void> {
    while (!ended.aborted) {
      const room = downInARow > 0 ? 1 - underWay.size : options.concurrency - underWay.size
      if (room <= 0) {
        await Promise.race(underWay)
        continue
      }
      if (downInARow > 0) await terminal.wait(downWaitsMs[downInARow - 1] ?? downWaitsMs.at(-1)!, ended)
      if (ended.aborted) return
      const claims = await session.claim(room)
      tellState(claims.endpointState)
      for (const claim of claims.items) {
        const one = guard(attempt(claim)).finally(() => {
          underWay.delete(one)
          wake()
        })
        underWay.add(one)
      }
      if (claims.items.length < room && downInARow === 0) await rest(pollMs)
    }
  }

  function tellState(state: string): void {
    if (state === endpointState) return
    endpointState = state
    output.warn(
      state === 'active'
        ? 'The endpoint takes requests again.'
        : `The endpoint is ${state}: it takes no requests.`,
    )
  }

  await Promise.all([guard(follow()), guard(work())])
  if (failure === null && underWay.size > 0)
    output.note(`Finishing ${plural(underWay.size, 'request')} under way. Ctrl-C once more ends at once.`)
  await Promise.all(underWay)
  await queuing
  if (failure !== null) throw failure
}
