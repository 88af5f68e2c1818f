import { probe, observe } from '../core/breaker.ts'
import type { Intake, Work } from '../core/intake.ts'
import type { ClaimedRun } from '../storage/hot.ts'
import type { Storage } from '../storage/port.ts'
import { toEvent, toRun } from '../storage/rows.ts'
import type { Reaction } from '../core/reaction.ts'
import { attempt, type AttemptOptions, type Tried } from './attempt.ts'
import { isIdle, type Lane, newLane, notePace, room } from './lanes.ts'

export interface ActorOptions extends AttemptOptions {
  storage: Storage
  /** The version of a reaction that a run pins, its secrets opened. */
  reactionOf(id: string, version: number): Promise<Reaction | null>
  hostConcurrency: number
  onAttempt(work: Work, tried: Tried): void
  onGone(reaction: Reaction): void
  onBreakerOpen(lane: Lane): void
  onError(error: unknown): void
}

/** ③ act: claims runs that are due, tries them, records each attempt. */
export interface Actor extends Intake {
  /** Runs may have become due. */
  wake(): void
  lanes(): Lane[]
  /** Resolves when nothing is under way. Claimed runs that were not started go back to the store. */
  stop(): Promise<void>
}

const leaseMs = 60_000
const extendEveryMs = 15_000
const pollMs = 1_000
const maxHeld = 2_000
const maxHeldBytes = 64 * 1024 * 1024

export function startActor(options: ActorOptions): Actor {
  const { storage, now } = options
  const lanes = new Map<string, Lane>()
  /** Everything claimed by this process, by run: for leases, and to abort what lost its claim. */
  const held = new Map<string, { work: Work; abort: AbortController }>()
  let heldBytes = 0
  let reservedCount = 0
  let stopped = false
  let claiming = false
  let dueTimer: NodeJS.Timeout | null = null

  const laneNamed = (name: string): Lane => {
    let lane = lanes.get(name)
    if (!lane) lanes.set(name, (lane = newLane(name, options.hostConcurrency, now())))
    lane.lastUsedMs = now()
    return lane
  }

  const take = (lane: Lane, work: Work) => {
    held.set(work.run.id, { work, abort: new AbortController() })
    heldBytes += work.body.byteLength
    const own = work.reaction.definition.concurrency
    if (own !== null) lane.limit = Math.min(own, options.hostConcurrency)
    lane.claimed.push(work)
  }

  const letGo = (work: Work) => {
    held.delete(work.run.id)
    heldBytes -= work.body.byteLength
  }

  const startWhatFits = (lane: Lane) => {
    while (!stopped && lane.underWay < lane.limit && lane.claimed.length > 0) {
      const work = lane.claimed.shift()!
      lane.underWay++
      probe(lane.breaker)
      void tryOne(lane, work)
    }
  }

  const tryOne = async (lane: Lane, work: Work) => {
    const startedAtMs = now()
    try {
      const tried = await attempt(work, options, held.get(work.run.id)!.abort.signal)
      notePace(lane, now() - startedAtMs)
      noteHealth(lane, tried)
      const { recorded } = await storage.execute('recordAttempt', tried.record)
      if (recorded) told(work, tried)
    } catch (error) {
      // The result could not be written: the lease runs out, and the run is tried again.
      lane.backlog = true
      options.onError(error)
    } finally {
      lane.underWay--
      letGo(work)
      startWhatFits(lane)
      if (lane.backlog) refill()
    }
  }

  const told = (work: Work, tried: Tried) => {
    const { state, dueAtMs } = tried.record.next
    if (state === 'due' && dueAtMs !== null) wakeAt(dueAtMs)
    if (tried.gone) options.onGone(work.reaction)
    options.onAttempt(work, tried)
  }

  const noteHealth = (lane: Lane, { healthy }: Tried) => {
    if (healthy === null) {
      if (lane.breaker.state === 'probing') lane.breaker.state = 'open'
      return
    }
    const opened = observe(lane.breaker, healthy, now())
    if (!opened) return
    options.onBreakerOpen(lane)
    giveBack(lane.claimed.splice(0))
    lane.backlog = true
    wakeAt(lane.breaker.probeAtMs)
  }

  const giveBack = (works: Work[]) => {
    if (works.length === 0) return
    works.forEach(letGo)
    const claims = works.map(({ run }) => ({ runId: run.id, claimNo: run.claimNo }))
    storage.execute('releaseClaims', { claims, nowMs: now() }).catch(options.onError)
  }

  /** Claims what waits in the store, for every lane that has room, in one command. */
  const refill = () => {
    if (stopped || claiming) return
    const nowMs = now()
    let free = Math.min(maxHeld - held.size, heldBytes >= maxHeldBytes ? 0 : maxHeld)
    const wanted: { lane: string; limit: number }[] = []
    for (const lane of lanes.values()) {
      if (!lane.backlog || free <= 0) continue
      const limit = Math.min(room(lane, nowMs), free)
      // Claims of a few runs each would cost a commit each: wait until a good part of the lane is free.
      if (limit === 0 || (lane.claimed.length > 0 && limit < lane.limit)) continue
      wanted.push({ lane: lane.name, limit })
      free -= limit
    }
    if (wanted.length === 0) return
    claiming = true
    claim(wanted, nowMs)
      .catch(options.onError)
      .finally(() => {
        claiming = false
        if (
          [...lanes.values()].some(lane => lane.backlog && lane.claimed.length === 0 && room(lane, now()) > 0)
        )
          setImmediate(refill)
      })
  }

  const claim = async (wanted: { lane: string; limit: number }[], nowMs: number) => {
    for (const { lane } of wanted) laneNamed(lane).backlog = false
    const claimed = await storage
      .execute('claimRuns', { lanes: wanted, nowMs, leaseUntilMs: nowMs + leaseMs })
      .catch((error: unknown) => {
        for (const { lane } of wanted) laneNamed(lane).backlog = true
        throw error
      })
    options.failpoint('after-claim')
    const counts = new Map<string, number>()
    for (const one of claimed) {
      counts.set(one.run.lane, (counts.get(one.run.lane) ?? 0) + 1)
      const work = await toWork(one)
      if (work) take(laneNamed(one.run.lane), work)
    }
    for (const { lane: name, limit } of wanted) {
      const lane = laneNamed(name)
      // As many as asked for: there may be more.
      if ((counts.get(name) ?? 0) >= limit) lane.backlog = true
      startWhatFits(lane)
    }
  }

  const toWork = async ({ run: row, event, body }: ClaimedRun): Promise<Work | null> => {
    const reaction = await options.reactionOf(row.reaction_id, row.reaction_version)
    if (!reaction) {
      options.onError(
        new Error(
          `The run ${row.id} names version ${row.reaction_version} of ${row.reaction_id}, which is not stored`,
        ),
      )
      return null
    }
    return { run: toRun(row), event: toEvent(event), body, reaction }
  }

  /** Looks which lanes have runs that are due; the poll's answer to any wake-up that was lost. */
  const scan = async () => {
    const nowMs = now()
    for (const { lane, dueAtMs } of await storage.read('dueLanes', null)) {
      if (dueAtMs <= nowMs) laneNamed(lane).backlog = true
      else if (dueAtMs < nowMs + pollMs) wakeAt(dueAtMs)
    }
    for (const [name, lane] of lanes)
      if (isIdle(lane) && lane.lastUsedMs < nowMs - 600_000) lanes.delete(name)
    refill()
  }
  const wake = () => {
    if (!stopped) scan().catch(options.onError)
  }
  const wakeAt = (dueAtMs: number) => {
    // The poll finds what is further away.
    if (dueTimer !== null || dueAtMs > now() + pollMs) return
    dueTimer = setTimeout(
      () => {
        dueTimer = null
        wake()
      },
      Math.max(0, dueAtMs - now()),
    )
  }

  const extend = async () => {
    if (held.size === 0) return
    const claims = [...held.values()].map(({ work }) => ({ runId: work.run.id, claimNo: work.run.claimNo }))
    const gone = await storage.execute('extendLeases', { claims, leaseUntilMs: now() + leaseMs })
    for (const runId of gone) held.get(runId)?.abort.abort()
  }

  const poll = setInterval(wake, pollMs)
  const extension = setInterval(() => void extend().catch(options.onError), extendEveryMs)
  wake()

  return {
    reserve(name, bodyBytes) {
      const lane = laneNamed(name)
      const full = held.size + reservedCount >= maxHeld || heldBytes + bodyBytes > maxHeldBytes
      // Whoever waits in the store was there first.
      if (stopped || full || lane.backlog || room(lane, now()) === 0) return null
      lane.reserved++
      reservedCount++
      return now() + leaseMs
    },
    offer(work) {
      const lane = laneNamed(work.run.lane)
      lane.reserved--
      reservedCount--
      take(lane, work)
      if (stopped) giveBack(lane.claimed.splice(0))
      else startWhatFits(lane)
    },
    release(name) {
      laneNamed(name).reserved--
      reservedCount--
    },
    waiting(name) {
      const lane = laneNamed(name)
      lane.backlog = true
      refill()
    },
    wake,
    lanes: () => [...lanes.values()],
    async stop() {
      stopped = true
      clearInterval(poll)
      clearInterval(extension)
      if (dueTimer) clearTimeout(dueTimer)
      for (const lane of lanes.values()) giveBack(lane.claimed.splice(0))
      while (held.size > 0) await new Promise(resolve => setTimeout(resolve, 10))
    },
  }
}
