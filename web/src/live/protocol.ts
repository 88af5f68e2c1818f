import type { EventSummary, RunSummary } from '../api/types.ts'

/** What travels over /api/live. */

export type Change =
  | { type: 'event'; event: EventSummary }
  | { type: 'run'; run: RunSummary }
  | { type: 'configuration'; topic: 'endpoint' | 'reaction' | 'job' | 'alarm'; id: string }

export type FromServer =
  | { type: 'subscribed'; cursor: string }
  | { type: 'frame'; cursor: string; changes: Change[] }
  | { type: 'caught-up'; cursor: string }
  | { type: 'behind'; cursor: string; skipped: { events: number; runs: number } }
  | { type: 'error'; code: string; detail: string }
  | { type: 'pong' }

export type FromClient = { type: 'subscribe'; filter: object; cursor: string | null } | { type: 'ping' }
