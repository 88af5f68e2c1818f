import { eventContext } from '../core/context.ts'
import type { Event } from '../core/event.ts'
import { judge } from '../core/filter.ts'
import type { Intake, Work } from '../core/intake.ts'
import { laneOf } from '../core/lane.ts'
import { runEvent, runEventBody } from '../core/own-events.ts'
import type { Reaction } from '../core/reaction.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import type { AppendEvent, NewRun } from '../storage/hot.ts'
import type { Storage } from '../storage/port.ts'
import { toAppend } from '../storage/rows.ts'
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
    await commit(batch, last.event.position, options)
    position = last.event.position
    return true
  }

  const drain = async () => {
    do {
      wanted = false
      while (!stopped && (await tick())) wanted = true
    } while (wanted && !stopped)
  }
  const wake = () => {
    wanted = true
    if (stopped || running) return
    running = drain()
      .catch(options.onError)
      .finally(() => (running = null))
  }

  const timer = setInterval(wake, pollMs)
  wake()
  return {
    offer(event, body, previous) {
      queue.offer(event, body, previous)
      wake()
    },
    wake,
    tick,
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}

interface Made {
  runs: NewRun[]
  /** By place in `runs`: what act can start at once. */
  handOver: Map<number, Work>
  ownEvents: AppendEvent[]
}

async function commit(
  batch: readonly QueuedEvent[],
  position: number,
  options: ReactorOptions,
): Promise<void> {
  const { storage, configuration, intake } = options
  for (;;) {
    const configVersion = configuration.version
    const made = react(batch, options)
    const giveBack = () => {
      for (const work of made.handOver.values()) intake.release(work.run.lane, work.body.byteLength)
    }
    const reacted = await storage
      .execute('commitReacted', {
        partition,
        position,
        configVersion,
        runs: made.runs,
        ownEvents: made.ownEvents,
      })
      .catch((error: unknown) => {
        giveBack()
        throw error
      })
    if (reacted.stale) {
      giveBack()
      await configuration.refresh(reacted.configVersion)
      continue
    }
    options.failpoint('after-react')
    reacted.positions.forEach((inserted, place) => {
      const work = made.handOver.get(place)
      if (work && inserted !== 0) intake.offer(work)
      else if (work) intake.release(work.run.lane, work.body.byteLength)
      else if (made.runs[place]!.state === 'due') intake.waiting(made.runs[place]!.lane)
    })
    return
  }
}

function react(batch: readonly QueuedEvent[], options: ReactorOptions): Made {
  const made: Made = { runs: [], handOver: new Map(), ownEvents: [] }
  for (const queued of batch) {
    const { event, body } = queued
    const candidates = options.configuration.index.candidates(event)
    if (candidates.length === 0) continue
    let context: object | null = null
    const lazyContext = () => (context ??= eventContext(event, body))
    for (const reaction of candidates) {
      const verdict = judge(reaction, event, lazyContext, options.maxHops)
      if (verdict.fires) addRun(made, reaction, queued, verdict.held, options)
    }
  }
  return made
}

function addRun(
  made: Made,
  reaction: Reaction,
  { event, body }: QueuedEvent,
  held: boolean,
  options: ReactorOptions,
): void {
  const nowMs = options.now()
  const leaseUntilMs = held ? null : options.intake.reserve(laneOf(reaction), body.byteLength)
  const run = makeRun(reaction, event, { occasion: '', held, actor: reaction.actor, leaseUntilMs, nowMs })
  if (leaseUntilMs !== null) made.handOver.set(made.runs.length, toWork(run, event, body, reaction))
  made.runs.push(run)
  if (reaction.definition.tellWhen.includes('created'))
    made.ownEvents.push(tellCreated(run, reaction, event, nowMs))
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
  const subject = {
    runId: run.id,
    eventId: event.id,
    reactionId: reaction.id,
    reactionName: reaction.definition.name,
    team: run.team,
    label: run.label,
    hops: event.hops,
    state: run.state,
  }
  return toAppend(runEvent('run.created', subject, nowMs), runEventBody('run.created', subject))
}
