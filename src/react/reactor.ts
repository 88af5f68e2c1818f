import { eventContext } from '../core/context.ts'
import type { Event } from '../core/event.ts'
import { judge } from '../core/filter.ts'
import type { Intake, Work } from '../core/intake.ts'
import { laneOf } from '../core/lane.ts'
import type { Reaction } from '../core/reaction.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import type { AppendEvent, NewRun } from '../storage/hot.ts'
import type { Storage } from '../storage/port.ts'
import { toRunEventAppend } from '../storage/rows.ts'
import { createEventQueue, type QueuedEvent } from './event-queue.ts'
import { makeRun } from './make-run.ts'

export interface ReactorOptions {
  storage: Storage
  configuration: Configuration
  intake: Intake
  maxHops: number
  now(): number
  failpoint(name: 'after-react'): void
  onError(error: unknown): void
}

/** ② react: each event in order, the reactions that match it, one run each, in one transaction with the new position. */
export interface Reactor {
  offer(event: Event, body: Uint8Array, previous: number | null): void
  /** Events were stored that were not offered. */
  wake(): void
  /** Reacts to one batch; false when there was none. */
  tick(): Promise<boolean>
  stop(): Promise<void>
}

const pollMs = 1000
const partition = 0

export async function startReactor(options: ReactorOptions): Promise<Reactor> {
  const { storage } = options
  const queue = createEventQueue(storage, partition)
  let position = await storage.read('reactPosition', { partition })
  let stopped = false
  let running: Promise<void> | null = null
  let wanted = false

  const tick = async (): Promise<boolean> => {
    const batch = await queue.next(position)
    const last = batch.at(-1)
    if (!last) return false
    await commit(batch, position, last.event.position, options)
    position = last.event.position
    return true
  }

  const drain = async () => {
    do {
      wanted = false
      while (!stopped && (await tick())) wanted = true
    } while (wanted && !stopped)
  }
  const run = async () => {
    try {
      await drain()
    } catch (error) {
      // The next poll tries again: the store may be down for a while.
      wanted = false
      options.onError(error)
    }
    running = null
    if (wanted) wake()
  }
  const wake = () => {
    wanted = true
    if (stopped || running) return
    running = run()
  }

  const wakeForStored = () => {
    queue.expectStored()
    wake()
  }

  const timer = setInterval(wakeForStored, pollMs)
  wake()
  return {
    offer(event, body, previous) {
      queue.offer(event, body, previous)
      wake()
    },
    wake: wakeForStored,
    tick,
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}

/** A reaction that fires on an event. */
interface Firing {
  queued: QueuedEvent
  reaction: Reaction
  held: boolean
}

/** So many at once come only from a backlog, or from more load than there is time for. */
const catchingUpEvents = 128

function runsByLane(firings: readonly Firing[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { reaction, held } of firings) {
    const lane = laneOf(reaction)
    if (!held) counts.set(lane, (counts.get(lane) ?? 0) + 1)
  }
  return counts
}

/** Bounds a transaction when very many reactions fire. */
const runsPerCommit = 2_000

/**
 * All runs of the batch, then its position with the last of them. Should the process die in between, the batch is
 * matched again, and the runs that exist already are left alone.
 */
async function commit(
  batch: readonly QueuedEvent[],
  from: number,
  to: number,
  options: ReactorOptions,
): Promise<void> {
  const { configuration } = options
  for (;;) {
    const configVersion = configuration.version
    const firings = match(batch, options)
    if (batch.length >= catchingUpEvents) await options.intake.quickRoom(runsByLane(firings))
    let stale: number | null = null
    for (let at = 0; stale === null && (at === 0 || at < firings.length); at += runsPerCommit) {
      const isLast = at + runsPerCommit >= firings.length
      const some = firings.slice(at, at + runsPerCommit)
      stale = await commitRuns(some, isLast ? to : from, configVersion, options)
    }
    if (stale === null) return
    await configuration.refresh(stale)
  }
}

/** Answers the configuration's version when it is newer than the one that was matched with. */
async function commitRuns(
  firings: readonly Firing[],
  position: number,
  configVersion: number,
  { storage, intake, failpoint, now }: ReactorOptions,
): Promise<number | null> {
  const made = firings.map(firing => makeWork(firing, intake, now()))
  const giveBack = () => {
    for (const { work } of made) if (work) intake.release(work.run.lane, work.body.byteLength)
  }
  const runs = made.map(({ run }) => run)
  const ownEvents = made.flatMap(({ ownEvent }) => ownEvent ?? [])
  const reacted = await storage
    .execute('commitReacted', { partition, position, configVersion, runs, ownEvents })
    .catch((error: unknown) => {
      giveBack()
      throw error
    })
  if (reacted.stale) {
    giveBack()
    return reacted.configVersion
  }
  failpoint('after-react')
  reacted.positions.forEach((inserted, place) => {
    const { run, work } = made[place]!
    if (work && inserted !== 0) intake.offer(work)
    else if (work) intake.release(work.run.lane, work.body.byteLength)
    else if (run.state === 'due') intake.waiting(run.lane)
  })
  return null
}

function match(batch: readonly QueuedEvent[], { configuration, maxHops }: ReactorOptions): Firing[] {
  const firings: Firing[] = []
  for (const queued of batch) {
    const { event, body } = queued
    const candidates = configuration.index.candidates(event)
    let context: object | null = null
    const lazyContext = () => (context ??= eventContext(event, body))
    for (const reaction of candidates) {
      const verdict = judge(reaction, event, lazyContext, maxHops)
      if (verdict.fires) firings.push({ queued, reaction, held: verdict.held })
    }
  }
  return firings
}

interface Made {
  run: NewRun
  /** What act can start at once; null for a run that waits in the store. */
  work: Work | null
  ownEvent: AppendEvent | null
}

function makeWork({ queued: { event, body }, reaction, held }: Firing, intake: Intake, nowMs: number): Made {
  const leaseUntilMs = held ? null : intake.reserve(laneOf(reaction), body.byteLength)
  const run = makeRun(reaction, event, { occasion: '', held, actor: reaction.actor, leaseUntilMs, nowMs })
  return {
    run,
    work: leaseUntilMs === null ? null : toWork(run, event, body, reaction),
    ownEvent: reaction.definition.tellWhen.includes('created')
      ? tellCreated(run, reaction, event, nowMs)
      : null,
  }
}

function toWork(run: NewRun, event: Event, body: Uint8Array, reaction: Reaction): Work {
  const { id, eventId, lane, createdAtMs, deadlineAtMs, team } = run
  return {
    run: { id, eventId, lane, claimNo: 1, attempts: 0, tries: 0, createdAtMs, deadlineAtMs, team },
    event,
    body,
    reaction,
  }
}

function tellCreated(run: NewRun, reaction: Reaction, event: Event, nowMs: number): AppendEvent {
  const { id: runId, team, label, state } = run
  const { id: reactionId, definition } = reaction
  const subject = {
    runId,
    eventId: event.id,
    reactionId,
    reactionName: definition.name,
    team,
    label,
    hops: event.hops,
    state,
  }
  return toRunEventAppend('run.created', subject, nowMs)
}
