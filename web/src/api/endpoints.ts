import { queryOptions } from '@tanstack/react-query'
import { get, post, request } from './request.ts'
import type { AuthenticationScheme, Endpoint, List, VisitorEndpoint } from './types.ts'

export interface EndpointChange {
  name?: string
  description?: string
  path?: string | null
  methods?: string[]
  authentication?: AuthenticationScheme[]
  kindName?: string | null
  deliveryId?: { header: string } | { path: string } | null
  contentTypes?: string[]
  allowedAddresses?: string[]
  allowedOrigins?: string[]
  maxBytes?: number
  silentAfterMs?: number | null
  state?: 'active' | 'disabled'
}

export const endpointsQuery = queryOptions({
  queryKey: ['endpoints'],
  queryFn: ({ signal }) => get<List<Endpoint>>('api/endpoints', { limit: 500 }, signal),
})

export const endpointQuery = (endpoint: string) =>
  queryOptions({
    queryKey: ['endpoints', endpoint],
    queryFn: ({ signal }) =>
      get<Endpoint>(`api/endpoints/${encodeURIComponent(endpoint)}`, undefined, signal),
  })

export const createEndpoint = (definition: EndpointChange) => post<Endpoint>('api/endpoints', definition)
export const createVisitorEndpoint = () => post<VisitorEndpoint>('api/visitor-endpoints', {})
export const changeEndpoint = (id: string, change: EndpointChange) =>
  request<Endpoint>('PATCH', `api/endpoints/${id}`, { body: change })
export const deleteEndpoint = (id: string) => request<void>('DELETE', `api/endpoints/${id}`)
export const rotateToken = (id: string) => post<{ token: string; curl: string }>(`api/endpoints/${id}/token`)
