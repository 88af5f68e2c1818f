import { queryOptions } from '@tanstack/react-query'
import { get, post, type Query } from './request.ts'
import type { List, Run, RunSummary } from './types.ts'

export const listRuns = (query: Query, signal?: AbortSignal) =>
  get<List<RunSummary>>('api/runs', query, signal)

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['runs', id],
    queryFn: ({ signal }) => get<Run>(`api/runs/${id}`, undefined, signal),
  })

/** What an event has set off: how many runs, and how they stand. */
export interface SetOff {
  eventId: string
  runs: number
  succeeded: number
  failing: number
  waiting: number
}

export const setOffBy = (eventIds: readonly string[]) =>
  get<{ items: SetOff[] }>('api/runs/by-event', { event: eventIds })

export const retryRun = (id: string) => post<RunSummary>(`api/runs/${id}/retry`)
export const cancelRun = (id: string) => post<RunSummary>(`api/runs/${id}/cancel`)
