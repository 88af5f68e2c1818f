import { queryOptions } from '@tanstack/react-query'
import { get, request } from './request.ts'
import type { Session } from './types.ts'

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => get<Session>('api/session', undefined, signal),
  staleTime: Infinity,
})

export const signIn = (token: string) => request<void>('POST', 'api/session', { body: { token } })
export const signOut = () => request<void>('DELETE', 'api/session')
export const openShareLink = (key: string) => request<void>('POST', 'api/view', { body: { key } })
