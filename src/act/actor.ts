import { observe, openBreaker, probe } from '../core/breaker.ts'
import type { Intake, Work } from '../core/intake.ts'
import { isListenerLane } from '../core/listener.ts'
import type { Reaction } from '../core/reaction.ts'
import type { ClaimedRun, RecordAttempt } from '../storage/hot.ts'
import { type Storage, StorageError } from '../storage/port.ts'
import { toEvent, toRun } from '../storage/rows.ts'
import { attempt, type AttemptOptions, type Tried } from './attempt.ts'
import { createHeld } from './held.ts'
import {
  fairRoom,
  isIdle,
  isWorthWaiting,
  type Lane,
  mayStart,
  mustGiveBack,
  newLane,
  noteBody,
  noteCall,
  planClaims,
  room,
} from './lanes.ts'

export interface ActorOptions extends AttemptOptions {
  storage: Storage
  /** The version of a reaction that a run pins. */
  reactionOf(id: string, version: number): Promise<Reaction | null>
  hostConcurrency: number
  onAttempt(work: Work, tried: Tried): void
  /** The target answered 410. */
  onGone(work: Work): void
  onBreaker(change: 'opened' | 'stays-open' | 'closed', lane: Lane, work: Work, tried: Tried): void
  /** Lanes whose target seemed down when the last process ended. */
  restingLanes?: readonly string[]
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
const recordAgainMs = 1_000
const forgetLaneMs = 600_000
const quickRoomMs = 100

export function startActor(options: ActorOptions): Actor {
  const { storage, now, onError } = options
  const lanes = new Map<string, Lane>()
  const held = createHeld()
  let reservedCount = 0
  let reservedBytes = 0
  let stopped = false
  let claiming: Promise<void> | null = null
  let refillAsked = false
  let extendedAtMs = now()
  let dueTimer: { timeout: NodeJS.Timeout; atMs: number } | null = null
  const releasing = new Set<Promise<void>>()
  let roomAwaited: (() => void) | null = null

  const laneNamed = (name: string): Lane => {
    let lane = lanes.get(name)
    if (!lane) lanes.set(name, (lane = newLane(name, options.hostConcurrency, now())))
    lane.lastUsedMs = now()
    return lane
  }

  const take = (lane: Lane, work: Work) => {
    const { concurrency } = work.reaction.definition
    if (concurrency !== null) lane.limit = Math.min(concurrency, options.hostConcurrency)
    noteBody(lane, work.body.byteLength)
    held.add(work)
    lane.claimed.push(work)
  }

  /** Insists while the store cannot write just now. */
  const insist = async <T>(write: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await write()
      } catch (error) {
        if (!(error instanceof StorageError) || !error.retryable || stopped) throw error
        await new Promise(resolve => setTimeout(resolve, recordAgainMs))
      }
    }
  }

  /** Not given back, they would count as lost attempts once their leases run out. */
  const release = (claims: { runId: string; claimNo: number }[]) => {
    if (claims.length === 0) return
    const released = insist(() => storage.execute('releaseClaims', { claims, nowMs: now() }))
      .catch(onError)
      .finally(() => releasing.delete(released))
    releasing.add(released)
  }

  const giveBack = (lane: Lane) => {
    const works = lane.claimed.splice(0)
    if (works.length > 0) lane.backlog = true
    works.forEach(held.remove)
    release(works.map(({ run }) => ({ runId: run.id, claimNo: run.claimNo })))
  }

  const startWhatFits = (lane: Lane) => {
    while (!stopped && mayStart(lane, now())) {
      lane.underWay++
      probe(lane.breaker)
      void tryOne(lane, lane.claimed.shift()!)
    }
    if (stopped || mustGiveBack(lane)) giveBack(lane)
  }

  const tryOne = async (lane: Lane, work: Work) => {
    try {
      const tried = await call(lane, work)
      if (await record(tried.record)) tell(work, tried)
    } catch (error) {
      // What became of it is not written: its lease runs out, and it is tried again as a lost attempt.
      onError(error)
    } finally {
      held.remove(work)
      if (lane.backlog) refill()
    }
  }

  /** Its place is free again once the target has answered: writing that down takes as long as many a call. */
  const call = async (lane: Lane, work: Work): Promise<Tried> => {
    const startedAtMs = now()
    try {
      const tried = await attempt(work, options, held.signalOf(work))
      noteCall(lane, now() - startedAtMs)
      noteHealth(lane, work, tried)
      return tried
    } catch (error) {
      if (lane.breaker.state === 'probing') lane.breaker.state = 'open'
      throw error
    } finally {
      lane.underWay--
      startWhatFits(lane)
      roomAwaited?.()
    }
  }

  /** What was delivered must not be delivered again for want of a row. */
  const record = async (attempted: RecordAttempt): Promise<boolean> =>
    (await insist(() => storage.execute('recordAttempt', attempted))).recorded

  const tell = (work: Work, tried: Tried) => {
    const { state, dueAtMs } = tried.record.next
    if (state === 'due' && dueAtMs !== null) wakeAt(dueAtMs)
    if (tried.gone) options.onGone(work)
    options.onAttempt(work, tried)
  }

  const noteHealth = (lane: Lane, work: Work, tried: Tried) => {
    if (tried.healthy === null) {
      // The probe never reached the target: let the next one through.
      if (lane.breaker.state === 'probing') lane.breaker.state = 'open'
      return
    }
    const change = observe(lane.breaker, tried.healthy, now())
    if (change === null) return
    options.onBreaker(change, lane, work, tried)
    if (change === 'closed') return
    giveBack(lane)
    lane.backlog = true
    wakeAt(lane.breaker.probeAtMs)
  }

  /** Claims what waits in the store, for every lane that has room, in one command; once a turn of the event loop. */
  const refill = () => {
    if (stopped || claiming || refillAsked) return
    refillAsked = true
    setImmediate(() => {
      refillAsked = false
      claimForLanes()
    })
  }

  const claimForLanes = () => {
    if (stopped || claiming) return
    const wanted = planClaims(lanes.values(), held.room(), now())
    if (wanted.length === 0) return
    for (const { lane } of wanted) laneNamed(lane).backlog = false
    claiming = claimOnce(wanted)
  }

  const claimOnce = async (wanted: readonly { lane: string; limit: number }[]) => {
    try {
      await claim(wanted)
      claiming = null
      if (wanted.some(({ lane }) => laneNamed(lane).backlog)) refill()
    } catch (error) {
      claiming = null
      // It waits for the next poll: the store may be down for a while.
      for (const { lane } of wanted) laneNamed(lane).backlog = true
      onError(error)
    }
  }

  const claim = async (wanted: readonly { lane: string; limit: number }[]) => {
    // The machine slept, or the store could not be written: our own leases may have run out under our calls.
    if (now() - extendedAtMs > 2 * extendEveryMs) await extendLeases()
    const nowMs = now()
    const claimed = await storage.execute('claimRuns', {
      lanes: wanted,
      nowMs,
      leaseUntilMs: nowMs + leaseMs,
    })
    options.failpoint('after-claim')
    const counts = new Map<string, number>()
    for (const one of claimed) {
      const work = await toWork(one)
      if (!work) continue
      counts.set(one.run.lane, (counts.get(one.run.lane) ?? 0) + 1)
      take(laneNamed(one.run.lane), work)
    }
    for (const { lane: name, limit } of wanted) {
      const lane = laneNamed(name)
      // As many came as were asked for: there may be more.
      if ((counts.get(name) ?? 0) >= limit) lane.backlog = true
      startWhatFits(lane)
    }
  }

  const toWork = async ({ run, event, body }: ClaimedRun): Promise<Work | null> => {
    try {
      const reaction = await options.reactionOf(run.reaction_id, run.reaction_version)
      if (reaction) return { run: toRun(run), event: toEvent(event), body, reaction }
    } catch (error) {
      onError(error)
      release([{ runId: run.id, claimNo: run.claim_no }])
      return null
    }
    onError(
      new Error(
        `The run ${run.id} names version ${run.reaction_version} of ${run.reaction_id}, which is not stored`,
      ),
    )
    return null
  }

  /** Looks which lanes have runs that are due; the poll's answer to any wake-up that was lost. */
  const scan = async () => {
    const nowMs = now()
    for (const { lane, dueAtMs } of await storage.read('dueLanes', null)) {
      if (isListenerLane(lane)) continue
      if (dueAtMs <= nowMs) laneNamed(lane).backlog = true
      else wakeAt(dueAtMs)
    }
    for (const [name, lane] of lanes)
      if (isIdle(lane) && lane.lastUsedMs < nowMs - forgetLaneMs) lanes.delete(name)
    refill()
  }
  const wake = () => {
    if (!stopped) scan().catch(onError)
  }
  const wakeAt = (dueAtMs: number) => {
    // The poll finds what is further away.
    if (stopped || dueAtMs > now() + pollMs || (dueTimer !== null && dueTimer.atMs <= dueAtMs)) return
    if (dueTimer) clearTimeout(dueTimer.timeout)
    const fire = () => {
      dueTimer = null
      wake()
    }
    dueTimer = { timeout: setTimeout(fire, Math.max(0, dueAtMs - now())), atMs: dueAtMs }
  }

  const extendLeases = async () => {
    const nowMs = now()
    const claims = held.claims()
    if (claims.length > 0) {
      const gone = new Set(await storage.execute('extendLeases', { claims, leaseUntilMs: nowMs + leaseMs }))
      claims.filter(({ runId }) => gone.has(runId)).forEach(held.abort)
    }
    extendedAtMs = nowMs
  }

  const unreserve = (lane: Lane, bodyBytes: number) => {
    lane.reserved--
    reservedCount--
    reservedBytes -= bodyBytes
  }

  const quickRoom = (runsByLane: ReadonlyMap<string, number>): Promise<void> | null => {
    const isFull = () =>
      [...runsByLane].some(([name, runs]) => {
        const lane = lanes.get(name)
        return lane !== undefined && isWorthWaiting(lane, runs, now())
      })
    if (stopped || !isFull()) return null
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(timer)
        roomAwaited = null
        resolve()
      }
      const timer = setTimeout(done, quickRoomMs)
      roomAwaited = () => void (isFull() || done())
    })
  }

  for (const name of options.restingLanes ?? []) laneNamed(name).breaker = openBreaker(now())
  const poll = setInterval(wake, pollMs)
  const extension = setInterval(() => void extendLeases().catch(onError), extendEveryMs)
  wake()

  return {
    quickRoom,
    reserve(name, bodyBytes) {
      const lane = laneNamed(name)
      // With a backlog, whoever waits in the store was there first.
      if (
        stopped ||
        lane.backlog ||
        fairRoom(lane, held.room() - reservedCount) === 0 ||
        !held.fits(reservedBytes + bodyBytes) ||
        room(lane, now()) === 0
      )
        return null
      lane.reserved++
      reservedCount++
      reservedBytes += bodyBytes
      return now() + leaseMs
    },
    offer(work) {
      const lane = laneNamed(work.run.lane)
      unreserve(lane, work.body.byteLength)
      take(lane, work)
      startWhatFits(lane)
    },
    release: (name, bodyBytes) => unreserve(laneNamed(name), bodyBytes),
    waiting(name) {
      laneNamed(name).backlog = true
      refill()
    },
    wake,
    lanes: () => [...lanes.values()],
    async stop() {
      stopped = true
      clearInterval(poll)
      clearInterval(extension)
      if (dueTimer) clearTimeout(dueTimer.timeout)
      await claiming
      for (const lane of lanes.values()) giveBack(lane)
      while (held.size > 0) await new Promise(resolve => setTimeout(resolve, 10))
      await Promise.all(releasing)
    },
  }
}
