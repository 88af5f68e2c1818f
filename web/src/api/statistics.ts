import { queryOptions } from '@tanstack/react-query'
import { get } from './request.ts'
import type { OperationStatus, Statistics } from './types.ts'
import { sinceOf } from '../ui/range.ts'

/** The feed tells when something happened; it is counted a second or two later, so it is read again by the clock too. */
const everyMs = 3_000

export const statisticsQuery = (range: string, by?: 'reaction') =>
  queryOptions({
    queryKey: ['statistics', range, by ?? ''],
    queryFn: ({ signal }) => get<Statistics>('api/statistics', { ...sinceOf(range, Date.now()), by }, signal),
    refetchInterval: everyMs,
    placeholderData: former => former,
  })

export const statusQuery = queryOptions({
  queryKey: ['statistics', 'status'],
  queryFn: ({ signal }) => get<OperationStatus>('api/status', undefined, signal),
  refetchInterval: everyMs,
})
