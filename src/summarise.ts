import type { SubscribeSignals } from './core/signal.ts'
import type { Storage } from './storage/port.ts'

export interface SummariserOptions {
  storage: Storage
  bus: { subscribe: SubscribeSignals }
  /** How many runs this process tries, or is about to. */
  trying(): number
  now(): number
  onError(error: unknown): void
}

const everyMs = 1_000
/** Not in the middle of the start. */
const firstAfterMs = 5_000
const pageRows = 2_000
/** Counting the past of a large store takes at most a fifth of a thread. */
const restShare = 4
const waitingEveryMs = 5_000

export interface Summariser {
  /** Counts all that is committed. */
  catchUp(): Promise<void>
  stop(): Promise<void>
}

/**
 * Counts what was committed, a second after it was: from the rows themselves, so that nothing is added to the path of
 * an event, and what a crash interrupts is counted afterwards. Where nothing happens, nothing is read.
 */
export function startSummariser(options: SummariserOptions): Summariser {
  const { storage, now } = options
  let stopped = false
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null
  let isStale = false
  let waitingAtMs = Number.NEGATIVE_INFINITY
  let mayWait = true

  const page = async (): Promise<boolean> => {
    const { from, to, more, counts } = await storage.query('uncounted', { limit: pageRows })
    const waiting = more || !mayWait || now() - waitingAtMs < waitingEveryMs ? null : await lookAtWaiting()
    if (to > from || waiting) await storage.execute('addStatistics', { from, to, counts, waiting })
    return more
  }
  const lookAtWaiting = async () => {
    waitingAtMs = now()
    mayWait = false
    const { open, held } = await storage.query('waitingRuns', null)
    const trying = Math.min(open, options.trying())
    return { atMs: waitingAtMs, runs: { due: open - trying, trying, held } }
  }
  const catchUp = async () => {
    for (;;) {
      const startedAtMs = performance.now()
      if (stopped || !(await page())) return
      const restMs = Math.min(everyMs, (performance.now() - startedAtMs) * restShare)
      await new Promise(resolve => setTimeout(resolve, restMs))
    }
  }
  const work = async () => {
    timer = null
    isStale = false
    running = catchUp().catch(options.onError)
    await running
    running = null
    if (isStale) later(everyMs)
    else if (mayWait) later(waitingEveryMs)
  }
  const later = (delayMs: number) => {
    if (!stopped) timer ??= setTimeout(() => void work(), delayMs)
  }
  const wake = () => {
    isStale = true
    mayWait = true
    if (running === null) later(everyMs)
  }
  const unsubscribe = options.bus.subscribe(wake)
  later(firstAfterMs)
  return {
    catchUp,
    async stop() {
      stopped = true
      unsubscribe()
      if (timer) clearTimeout(timer)
      await running
    },
  }
}
