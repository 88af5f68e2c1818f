import { queryOptions } from '@tanstack/react-query'
import { get, post, request } from './request.ts'
import type { EventSummary, Job, List, RunSummary } from './types.ts'

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: ({ signal }) => get<List<Job>>('api/jobs', { limit: 20 }, signal),
})

export type JobKind = Job['kind']
export interface ReplayMany {
  events: object
  reaction?: string
}
export interface RetryMany {
  runs: object
}
export type Many = ReplayMany | RetryMany

export interface Preview {
  count: number
  isExact: boolean
  examples: (RunSummary | { event: EventSummary; reactions: string[] })[]
}

export const previewJob = (kind: JobKind, many: Many, signal: AbortSignal) =>
  request<Preview>('POST', `api/jobs/${kind}/preview`, { body: many, signal })
export const beginJob = (kind: JobKind, many: Many, perSecond: number) =>
  post<Job>(`api/jobs/${kind}`, { ...many, perSecond })
export const stopJob = (id: string) => post<Job>(`api/jobs/${id}/stop`)
export const resumeJob = (id: string) => post<Job>(`api/jobs/${id}/resume`)
