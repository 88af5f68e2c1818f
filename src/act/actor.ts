import { observe, probe } from '../core/breaker.ts'
import type { Intake, Work } from '../core/intake.ts'
import type { Reaction } from '../core/reaction.ts'
import type { ClaimedRun, RecordAttempt } from '../storage/hot.ts'
import { type Storage, StorageError } from '../storage/port.ts'
import { toEvent, toRun } from '../storage/rows.ts'
import { attempt, type AttemptOptions, type Tried } from './attempt.ts'
import { createHeld } from './held.ts'
import { isIdle, type Lane, newLane, noteCall, room, worthClaiming } from './lanes.ts'

export interface ActorOptions extends AttemptOptions {
  storage: Storage
  /** The version of a reaction that a run pins. */
  reactionOf(id: string, version: number): Promise<Reaction | null>
  hostConcurrency: number
  onAttempt(work: Work, tried: Tried): void
  /** The target answered 410. */
  onGone(work: Work): void
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
const recordAgainMs = 1_000
const forgetLaneMs = 600_000

export function startActor(options: ActorOptions): Actor {
  const { storage, now, onError } = options
  const lanes = new Map<string, Lane>()
  const held = createHeld()
  let reservedCount = 0
  let stopped = false
  let claiming = false
  let refillAsked = false
  let dueTimer: NodeJS.Timeout | null = null

  const laneNamed = (name: string): Lane => {
    let lane = lanes.get(name)
    if (!lane) lanes.set(name, (lane = newLane(name, options.hostConcurrency, now())))
    lane.lastUsedMs = now()
    return lane
  }

  const take = (lane: Lane, work: Work) => {
    const { concurrency } = work.reaction.definition
    if (concurrency !== null) lane.limit = Math.min(concurrency, options.hostConcurrency)
    held.add(work)
    lane.claimed.push(work)
  }

  const giveBack = (works: Work[]) => {
    if (works.length === 0) return
    works.forEach(held.remove)
    const claims = works.map(({ run }) => ({ runId: run.id, claimNo: run.claimNo }))
    storage.execute('releaseClaims', { claims, nowMs: now() }).catch(onError)
  }

  const startWhatFits = (lane: Lane) => {
    while (!stopped && lane.underWay < lane.limit && lane.claimed.length > 0) {
      lane.underWay++
      probe(lane.breaker)
      void tryOne(lane, lane.claimed.shift()!)
    }
  }

  const tryOne = async (lane: Lane, work: Work) => {
    const startedAtMs = now()
    try {
      const tried = await attempt(work, options, held.signalOf(work))
      noteCall(lane, now() - startedAtMs, work.body.byteLength)
      noteHealth(lane, tried)
      if (await record(tried.record)) tell(work, tried)
    } catch (error) {
      // What became of it is not written: its lease runs out, and it is tried again as a lost attempt.
      onError(error)
    } finally {
      lane.underWay--
      held.remove(work)
      startWhatFits(lane)
      if (lane.backlog) refill()
    }
  }

  /** Insists while the store cannot write just now: what was delivered must not be delivered again for want of a row. */
  const record = async (attempted: RecordAttempt): Promise<boolean> => {
    for (;;) {
      try {
        return (await storage.execute('recordAttempt', attempted)).recorded
      } catch (error) {
        if (!(error instanceof StorageError) || !error.retryable || stopped) throw error
        await new Promise(resolve => setTimeout(resolve, recordAgainMs))
      }
    }
  }

  const tell = (work: Work, tried: Tried) => {
    const { state, dueAtMs } = tried.record.next
    if (state === 'due' && dueAtMs !== null) wakeAt(dueAtMs)
    if (tried.gone) options.onGone(work)
    options.onAttempt(work, tried)
  }

  const noteHealth = (lane: Lane, { healthy }: Tried) => {
    if (healthy === null) {
      // The probe never reached the target: let the next one through.
      if (lane.breaker.state === 'probing') lane.breaker.state = 'open'
      return
    }
    if (!observe(lane.breaker, healthy, now())) return
    options.onBreakerOpen(lane)
    giveBack(lane.claimed.splice(0))
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
    const nowMs = now()
    let free = held.room()
    const wanted: { lane: string; limit: number }[] = []
    for (const lane of lanes.values()) {
      if (free <= 0) break
      if (!lane.backlog) continue
      const limit = Math.min(worthClaiming(lane, nowMs), free)
      if (limit === 0) continue
      wanted.push({ lane: lane.name, limit })
      lane.backlog = false
      free -= limit
    }
    if (wanted.length === 0) return
    claiming = true
    claim(wanted, nowMs)
      .catch(error => {
        for (const { lane } of wanted) laneNamed(lane).backlog = true
        onError(error)
      })
      .finally(() => {
        claiming = false
        if (wanted.some(({ lane }) => laneNamed(lane).backlog)) refill()
      })
  }

  const claim = async (wanted: readonly { lane: string; limit: number }[], nowMs: number) => {
    const claimed = await storage.execute('claimRuns', {
      lanes: wanted,
      nowMs,
      leaseUntilMs: nowMs + leaseMs,
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
      // As many came as were asked for: there may be more.
      if ((counts.get(name) ?? 0) >= limit) lane.backlog = true
      if (stopped) giveBack(lane.claimed.splice(0))
      startWhatFits(lane)
    }
  }

  const toWork = async ({ run, event, body }: ClaimedRun): Promise<Work | null> => {
    const reaction = await options.reactionOf(run.reaction_id, run.reaction_version)
    if (reaction) return { run: toRun(run), event: toEvent(event), body, reaction }
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
    if (stopped || dueTimer !== null || dueAtMs > now() + pollMs) return
    const fire = () => {
      dueTimer = null
      wake()
    }
    dueTimer = setTimeout(fire, Math.max(0, dueAtMs - now()))
  }

  const extendLeases = async () => {
    if (held.size === 0) return
    const claims = held.claims()
    const gone = new Set(await storage.execute('extendLeases', { claims, leaseUntilMs: now() + leaseMs }))
    claims.filter(({ runId }) => gone.has(runId)).forEach(held.abort)
  }

  const poll = setInterval(wake, pollMs)
  const extension = setInterval(() => void extendLeases().catch(onError), extendEveryMs)
  wake()

  return {
    reserve(name, bodyBytes) {
      const lane = laneNamed(name)
      // With a backlog, whoever waits in the store was there first.
      if (
        stopped ||
        lane.backlog ||
        held.room() <= reservedCount ||
        !held.fits(bodyBytes) ||
        room(lane, now()) === 0
      )
        return null
      lane.reserved++
      reservedCount++
      return now() + leaseMs
    },
    offer(work) {
      const lane = laneNamed(work.run.lane)
      lane.reserved--
      reservedCount--
      take(lane, work)
      startWhatFits(lane)
    },
    release(name) {
      laneNamed(name).reserved--
      reservedCount--
    },
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
      if (dueTimer) clearTimeout(dueTimer)
      for (const lane of lanes.values()) giveBack(lane.claimed.splice(0))
      while (held.size > 0) await new Promise(resolve => setTimeout(resolve, 10))
    },
  }
}
