import { queryOptions } from '@tanstack/react-query'
import { get, post, request } from './request.ts'
import type {
  AuthenticationScheme,
  CustomAnswer,
  Endpoint,
  FieldError,
  EventSummary,
  List,
  Verdict,
  VisitorEndpoint,
} from './types.ts'

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
  eventShape?: 'tsuru' | null
  silentAfterMs?: number | null
  rateLimit?: Endpoint['rateLimit']
  expiresAt?: string | null
  answer?: CustomAnswer | null
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
export const rotateToken = (id: string, overlapSeconds: number) =>
  post<{ token: string }>(`api/endpoints/${id}/token`, { overlapSeconds })
export const endFormerToken = (id: string) => request<void>('DELETE', `api/endpoints/${id}/former-token`)

export const previewAnswer = (id: string, answer: CustomAnswer, signal: AbortSignal) =>
  request<{
    answer: { status: number; headers: string[][]; body: string } | null
    errors: FieldError[]
  }>('POST', `api/endpoints/${id}/answer/preview`, { body: { answer }, signal })

type Provider = AuthenticationScheme['type']

export const samplesQuery = (id: string) =>
  queryOptions({
    queryKey: ['endpoints', id, 'samples'],
    queryFn: ({ signal }) =>
      get<{ provider: Provider; providers: { provider: Provider; kinds: string[] }[] }>(
        `api/endpoints/${id}/samples`,
        undefined,
        signal,
      ),
  })

/** What became of a sample. */
export interface TestedSample {
  status: number
  answer: string
  verified: string | null
  told: { reason: string; detail: string }[]
  event: { id: string; kind: EventSummary['kind'] } | null
  verdicts: Verdict[]
}

export const testEndpoint = (id: string, sample: { provider?: string; kind?: string }) =>
  post<TestedSample>(`api/endpoints/${id}/samples`, sample)
