import { queryOptions } from '@tanstack/react-query'
import { get, post, request } from './request.ts'

/** Another product whose events are fetched. */
export interface Source {
  id: string
  name: string
  product: string
  url: string
  readTo: string
  problem: string | null
  askedAt: string | null
}

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: ({ signal }) => get<{ items: Source[] }>('api/sources', undefined, signal),
  // Nothing in the feed tells how the asking goes.
  refetchInterval: 5_000,
})

export const addSource = (source: { name: string; url: string; token: string }) =>
  post<Source>('api/sources', { ...source, product: 'tsuru' })
export const deleteSource = (id: string) => request<void>('DELETE', `api/sources/${id}`)
