import { queryOptions } from '@tanstack/react-query'
import { get, request } from './request.ts'

/** Somebody's `signalbox listen`. */
export interface Listener {
  id: string
  target: string
  createdBy: string
  seenAt: string
}

export const listenersQuery = (endpoint: string) =>
  queryOptions({
    queryKey: ['endpoints', endpoint, 'listeners'],
    queryFn: ({ signal }) => get<{ items: Listener[] }>('api/listeners', { endpoint }, signal),
    refetchInterval: 10_000,
  })

export const deleteListener = (id: string): Promise<void> => request('DELETE', `api/listeners/${id}`)
