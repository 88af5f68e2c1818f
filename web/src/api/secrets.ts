import { queryOptions } from '@tanstack/react-query'
import { get, post, request } from './request.ts'

/** All that is known of a secret: its value is never answered. */
export interface Secret {
  id: string
  name: string
  team: string | null
  hosts: string[]
  description: string
  usedBy: { id: string; name: string }[]
  updatedAt: string
  lastUsedAt: string | null
}

export interface SecretChange {
  value?: string
  hosts: string[]
  description: string
}

export const secretsQuery = queryOptions({
  queryKey: ['secrets'],
  queryFn: ({ signal }) => get<{ items: Secret[] }>('api/secrets', undefined, signal),
})

export const makeSecret = (secret: SecretChange & { name: string }) => post<Secret>('api/secrets', secret)
export const changeSecret = (id: string, change: SecretChange) =>
  request<Secret>('PATCH', `api/secrets/${id}`, { body: change })
export const deleteSecret = (id: string) => request<void>('DELETE', `api/secrets/${id}?force=true`)
