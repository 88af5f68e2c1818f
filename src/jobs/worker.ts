import { isListenerLane } from '../core/listener.ts'
import { makeRun } from '../react/make-run.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import type { JobStep } from '../storage/commands/jobs.ts'
import type { NewRun } from '../storage/hot.ts'
import type { Storage } from '../storage/port.ts'
import { toEvent } from '../storage/rows.ts'
import type { JobTable, RunTable } from '../storage/schema.ts'
import { find, matchOf } from './find.ts'
import { firingNow } from './judge-again.ts'

export interface JobWorkerOptions {
  storage: Storage
  configuration: Configuration
  maxHops: number
  now(): number
  failpoint(name: 'after-job-step'): void
  onError(error: unknown): void
}

export interface JobWorker {
  /** A job may have begun, or goes on. */
  wake(): void
  stop(): Promise<void>
}

/** A job that another process left behind is found so often. */
const pollMs = 5_000
const stepsPerSecond = 10
const mostAtOnce = 500
/** Bounds a transaction when many reactions fire on each event. */
const mostRunsAtOnce = 2_000
const searchMs = 2_000
/** A target that is behind by more than this has enough to do: fresh runs come first. */
const mostBehindMs = 3_000
const lookAgainMs = 1_000
/** For a run whose reaction is gone entirely. */
const fallbackDeadlineMs = 3 * 86_400_000

/**
 * Takes the jobs' steps, one job after the other, each at its own rate. A job whose targets do not keep up waits for
 * them, so that what happens now is not kept waiting behind what is done again.
 */
export function startJobWorker(options: JobWorkerOptions): JobWorker {
  const { storage, now } = options
  let stopped = false
  let running: Promise<void> | null = null
  let isAsked = false
  const underWay = new Set<string>()
  const pauses = new Set<() => void>()

  const pause = (durationMs: number): Promise<void> =>
    new Promise(resolve => {
      const end = () => {
        clearTimeout(timer)
        pauses.delete(end)
        resolve()
      }
      const timer = setTimeout(end, durationMs)
      pauses.add(end)
    })

  const workOff = async (jobId: string): Promise<void> => {
    try {
      for (let job = await storage.query('findJob', { id: jobId }); job?.state === 'working' && !stopped; ) {
        const startedAtMs = performance.now()
        const step = await prepare(job)
        const late = await laneBehind(step)
        if (late !== null) {
          await sayWaiting(job, late)
          await pause(lookAgainMs)
        } else {
          await storage.execute('stepJob', step)
          options.failpoint('after-job-step')
          const dueMs = ((step.replay.length + step.retry.length) / job.per_second) * 1_000
          await pause(Math.max(0, dueMs - (performance.now() - startedAtMs)))
        }
        job = await storage.query('findJob', { id: jobId })
      }
    } finally {
      underWay.delete(jobId)
    }
  }

  const prepare = async (job: JobTable): Promise<JobStep> => {
    const limit = Math.min(mostAtOnce, Math.max(1, Math.ceil(job.per_second / stepsPerSecond)))
    const range = { before: job.position, limit, deadlineAtMs: Date.now() + searchMs }
    const { events, runs, before } = await find(storage, matchOf(job), range)
    const replay: JobStep['replay'] = []
    let made = 0
    for (const { id } of events) {
      const one = await again(job, id)
      replay.push(one)
      if ((made += one.runs.length) >= mostRunsAtOnce) break
    }
    const isCut = replay.length < events.length
    return {
      id: job.id,
      from: job.position,
      to: isCut ? events[replay.length - 1]!.position : (before ?? 0),
      isLast: !isCut && before === null,
      examined: replay.length + runs.length,
      replay,
      retry: await Promise.all(runs.map(reopened)),
      nowMs: now(),
    }
  }

  const again = async (job: JobTable, eventId: string): Promise<{ eventId: string; runs: NewRun[] }> => {
    const stored = await storage.read('event', { id: eventId })
    if (stored === null) return { eventId, runs: [] }
    const event = toEvent(stored.event)
    const terms = { occasion: job.id, actor: job.actor, leaseUntilMs: null, nowMs: now() }
    const firing = firingNow(options, event, stored.body, {
      reactionId: job.reaction_id,
      team: job.team,
    })
    return { eventId, runs: firing.map(({ reaction, held }) => makeRun(reaction, event, { ...terms, held })) }
  }

  const reopened = async (run: RunTable) => {
    const pinned = await storage.read('reactionVersion', {
      id: run.reaction_id,
      version: run.reaction_version,
    })
    const lifeMs = pinned
      ? (JSON.parse(pinned.definition) as { deadlineMs: number }).deadlineMs
      : fallbackDeadlineMs
    return { id: run.id, lane: run.lane, deadlineAtMs: now() + lifeMs }
  }

  /** A lane of this step that has more to do than it can, and since when. */
  const laneBehind = async (step: JobStep): Promise<{ lane: string; dueAtMs: number } | null> => {
    const lanes = new Set([
      ...step.replay.flatMap(({ runs }) => runs.filter(run => run.state === 'due').map(run => run.lane)),
      ...step.retry.map(run => run.lane).filter(lane => !isListenerLane(lane)),
    ])
    const due = await storage.read('dueLanes', null)
    return due.find(({ lane, dueAtMs }) => lanes.has(lane) && dueAtMs < now() - mostBehindMs) ?? null
  }

  const sayWaiting = async (job: JobTable, { lane }: { lane: string }): Promise<void> => {
    const label = `Waits for ${lane}, which has runs left to do`
    if (job.label === label) return
    const change = { id: job.id, from: 'working', state: 'working', label, nowMs: now() }
    // It may have been stopped meanwhile.
    await storage.execute('changeJob', change).catch(() => {})
  }

  const look = async (): Promise<void> => {
    do {
      isAsked = false
      for (const id of await storage.read('workingJobs', null)) {
        if (underWay.has(id) || stopped) continue
        underWay.add(id)
        void track(workOff(id).catch(options.onError))
      }
    } while (isAsked && !stopped)
  }
  const works = new Set<Promise<void>>()
  const track = (work: Promise<void>) => {
    works.add(work)
    return work.finally(() => works.delete(work))
  }
  const wake = () => {
    isAsked = true
    if (stopped || running) return
    running = look()
      .catch(options.onError)
      .finally(() => (running = null))
  }

  const timer = setInterval(wake, pollMs)
  wake()
  return {
    wake,
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
      for (const end of pauses) end()
      await Promise.all(works)
    },
  }
}
