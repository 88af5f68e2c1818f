import type { Signal } from '../core/signal.ts'
import type { Command } from './batch.ts'

/** Which signals a transaction gives once it is committed. */
export const signalsOf = (commands: readonly Command[]): Set<Signal> =>
  new Set(commands.flatMap(({ name }) => signals[name] ?? ['configuration']))

/** What is not listed changes the configuration. */
const signals: Partial<Record<Command['name'], Signal[]>> = {
  appendEvent: ['events'],
  // It may carry events of our own.
  recordAttempt: ['events'],
  commitReacted: ['events'],
  claimRuns: ['events'],
  expireRuns: ['events'],
  updateReaction: ['configuration', 'events'],
  retryRun: ['runs'],
  cancelRun: ['runs'],
  replayEvent: ['runs'],
  releaseHeld: ['runs'],
  releaseClaims: ['runs'],
  releaseLeases: ['runs'],
  extendLeases: [],
  keepIdempotent: [],
  createSession: [],
  deleteSession: [],
  setInstallation: [],
  sweep: [],
}
