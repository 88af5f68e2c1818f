import { get, post, request } from './request.ts'
import type { List } from './types.ts'

export interface SharedEvent {
  time: string
  kind: string
  method: string | null
  query: string
  headers: Record<string, string | string[]>
  body: {
    contentType: string | null
    bytes: number
    text: string | null
    withheld: 'asked' | 'no-paths' | 'maybe-secret' | 'too-deep' | 'too-large' | null
  }
}

export interface Share {
  id: string
  eventId: string
  redact: string[]
  actor: string
  createdAt: string
  expiresAt: string
  revokedAt: string | null
}

const pathOf = (eventId: string): string => `api/events/${encodeURIComponent(eventId)}/shares`

export const previewShare = (eventId: string, redact: readonly string[], signal: AbortSignal) =>
  request<SharedEvent>('POST', `${pathOf(eventId)}/preview`, { body: { redact }, signal })
export const createShare = (eventId: string, of: { redact: readonly string[]; lastsMs: number }) =>
  post<Share & { url: string }>(pathOf(eventId), of)
export const sharesOf = (eventId: string, signal: AbortSignal) =>
  get<List<Share>>('api/shares', { event: eventId }, signal)
export const endShare = (id: string) => request<Share>('DELETE', `api/shares/${encodeURIComponent(id)}`)

/** By the token of a link alone. */
export const openShare = (token: string) =>
  post<{ expiresAt: string; event: SharedEvent }>('api/shared', { token })
