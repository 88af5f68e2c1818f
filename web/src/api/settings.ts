import { queryOptions } from '@tanstack/react-query'
import { get, post, request } from './request.ts'

export interface Setting {
  name: string
  flag: string
  variable: string
  meaning: string
  value: string | number | boolean | string[] | null
  source: 'default' | 'environment' | 'flag' | 'administrator'
  secret: boolean
  given: boolean
}

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => get<{ items: Setting[] }>('api/settings', undefined, signal),
})

/** Null: for ever, or as large as it is needed. */
export interface Policy {
  keepDays: number | null
  maxGb: number | null
}

export const retentionQuery = queryOptions({
  queryKey: ['settings', 'retention'],
  queryFn: ({ signal }) => get<Policy & { changed: boolean }>('api/retention', undefined, signal),
})

export interface RetentionPreview {
  events: number
  isExact: boolean
  before: string | null
}

export const retentionPreviewQuery = (policy: Policy) =>
  queryOptions({
    queryKey: ['settings', 'retention', 'preview', policy],
    queryFn: ({ signal }) =>
      request<RetentionPreview>('POST', 'api/retention/preview', { body: policy, signal }),
    staleTime: 0,
  })

export const saveRetention = ({ keepDays, maxGb }: Policy) =>
  request<Policy>('PUT', 'api/retention', { body: { keepDays, maxGb } })
export const resetRetention = () => request<Policy>('DELETE', 'api/retention')
export const sessionsQuery = queryOptions({
  queryKey: ['settings', 'sessions'],
  queryFn: ({ signal }) =>
    get<{ items: { signedInAt: string; yours: boolean }[] }>('api/sessions', undefined, signal),
})
export const endOtherSessions = () => request<{ ended: number }>('DELETE', 'api/sessions')
export const makeSignInLink = () => post<{ url: string; expiresAt: string }>('api/session/link')
