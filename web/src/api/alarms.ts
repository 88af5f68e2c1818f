import { queryOptions } from '@tanstack/react-query'
import { get, post } from './request.ts'
import type { Alarms, Reaction, RunSummary, TellMePresets } from './types.ts'

export const alarmsQuery = queryOptions({
  queryKey: ['alarms'],
  queryFn: ({ signal }) => get<Alarms>('api/alarms', undefined, signal),
})

export const tellMeQuery = queryOptions({
  queryKey: ['tell-me'],
  queryFn: ({ signal }) => get<TellMePresets>('api/tell-me', undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
})

export const makeTellMe = (body: { url: string; preset?: string }): Promise<Reaction> =>
  post('api/tell-me', body)

/** Answers what became of it. */
export const testTellMe = (reaction?: string): Promise<{ eventId: string; runs: RunSummary[] }> =>
  post('api/tell-me/test', reaction === undefined ? {} : { reaction })
