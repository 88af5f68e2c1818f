import type { Signal, SubscribeSignals } from '../core/signal.ts'

/**
 * Carries "this was committed" to other nodes, watchers and subscribers. Nothing travels on it that is not in
 * storage too: a lost signal costs a poll interval (1 s), never correctness.
 */
export interface Bus {
  publish(signal: Signal): void
  /** Answers how to stop. A handler must not throw; it is called after the publisher's own turn. */
  subscribe: SubscribeSignals
  close(): Promise<void>
}
