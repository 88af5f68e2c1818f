import type { Signal, SubscribeSignals } from '../core/signal.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import { type Storage, StorageError } from '../storage/port.ts'
import type { AlarmTable } from '../storage/schema.ts'
import { type BreakerWatch, watchBreakers } from './breakers.ts'
import { type FailingWatch, watchFailing } from './failing.ts'
import { watchOrphans } from './orphans.ts'
import { type RejectingWatch, watchRejecting } from './rejecting.ts'
import { watchSilence } from './silence.ts'
import { sooner, type Watch } from './watch.ts'

export interface AlarmsOptions {
  storage: Storage
  configuration: Configuration
  bus: { subscribe: SubscribeSignals; publish(signal: Signal): void }
  /** Those that last since before the start. */
  lasting: readonly AlarmTable[]
  /** An alarm ends once its cause is gone for so long. */
  calmMs: number
  dashboardUrl(): string
  now(): number
  onError(error: unknown): void
}

/** What others see, and what is an alarm only when it goes on. */
export interface Alarms
  extends Pick<FailingWatch, 'noteTried' | 'noteExpired'>,
    Pick<BreakerWatch, 'noteOpen' | 'noteClosed'>,
    Pick<RejectingWatch, 'noteRejected'> {
  /** Looks at all that is due; the timer does it by itself. */
  look(): Promise<void>
  stop(): Promise<void>
}

const firstAfterMs = 1_000
const againAfterMs = 5_000
/** Of a timer; what is further away is looked for on the way. */
const longestWaitMs = 3_600_000

/** One timer for all alarms, set to when the first of them may begin or end; none, while nothing can. */
export function startAlarms(options: AlarmsOptions): Alarms {
  const { storage, configuration, bus, now, calmMs } = options
  let stopped = false
  let timer: NodeJS.Timeout | null = null
  let looking: Promise<unknown> | null = null

  const wake = () => {
    if (stopped || looking) return
    if (timer) clearTimeout(timer)
    const next = watches.reduce<number | null>((at, watch) => sooner(at, watch.nextAtMs()), null)
    timer = next === null ? null : later(next - now())
  }
  const later = (delayMs: number) =>
    setTimeout(() => void look(), Math.max(0, Math.min(delayMs, longestWaitMs))).unref()

  const terms = { storage, configuration, calmMs, now, wake }
  const lastingOf = (kind: string) => options.lasting.filter(row => row.kind === kind)
  const silence = watchSilence(terms)
  const failing = watchFailing(terms)
  const breakers = watchBreakers({ ...terms, lasting: lastingOf('breaker.opened') })
  const isLasting = lastingOf('endpoint.rejecting').length > 0
  const rejecting = watchRejecting({ ...terms, isLasting })
  const watches: Watch[] = [watchOrphans(terms), silence, failing, breakers, rejecting]

  const lookAtDue = async () => {
    let told = 0
    try {
      for (const watch of watches) {
        const nowMs = now()
        const atMs = watch.nextAtMs()
        if (stopped || atMs === null || atMs > nowMs) continue
        told += await watch.look({ nowMs, dashboardUrl: options.dashboardUrl() })
      }
    } finally {
      if (told > 0) bus.publish('events')
    }
  }
  const look = async (): Promise<void> => {
    if (looking) await looking
    const done = lookAtDue().then(() => null, report)
    looking = done
    const delayMs = await done
    looking = null
    if (delayMs === null) wake()
    else if (!stopped) timer = later(delayMs)
  }
  /** What was due stays due: the store may be down for a while. */
  const report = (error: unknown): number => {
    if (!(error instanceof StorageError) || !error.retryable) options.onError(error)
    return againAfterMs
  }
  const unsubscribe = bus.subscribe(silence.noteCommitted)
  // Not in the middle of the start: nobody knows yet where the dashboard is.
  timer = later(firstAfterMs)

  return {
    noteTried: failing.noteTried,
    noteExpired: failing.noteExpired,
    noteOpen: breakers.noteOpen,
    noteClosed: breakers.noteClosed,
    noteRejected: rejecting.noteRejected,
    look,
    async stop() {
      stopped = true
      unsubscribe()
      if (timer) clearTimeout(timer)
      await looking
      await silence.stop().catch(() => {})
    },
  }
}
