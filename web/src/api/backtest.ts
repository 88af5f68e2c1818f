import { request } from './request.ts'
import type { EventSummary, FieldError, ReactionDefinition } from './types.ts'

/** One stretch of the past; `next` leads to the one before it. */
export interface Backtest {
  since: string
  looked: number
  fires: number
  events: EventSummary[]
  searchedTo: string | null
  next: string | null
  errors: FieldError[]
}

export interface BacktestOf {
  definition: ReactionDefinition
  since: string
  cursor?: string
  limit: number
}

export const backtest = (of: BacktestOf, signal: AbortSignal) =>
  request<Backtest>('POST', 'api/reactions/backtest', { body: of, signal })
