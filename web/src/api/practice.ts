import { queryOptions } from '@tanstack/react-query'
import { get, request } from './request.ts'

export type Behaviour = 'ok' | 'fail' | 'slow' | 'down' | 'gone' | 'redirect'

export interface PracticeRequest {
  number: number
  receivedAt: string
  method: string
  path: string
  headers: [string, string][]
  body: string
  bodyBytes: number
  bodyTruncated: boolean
  answeredStatus: number | null
  signature: { state: 'valid' | 'invalid' | 'unsigned' | 'unknown'; detail: string }
  run: { id: string; eventId: string; reactionId: string; reactionName: string } | null
}

export interface Practice {
  enabled: boolean
  url: string
  behaviour: Behaviour
  delayMs: number
  received: number
  requests: PracticeRequest[]
}

const everyMs = 1000

/** It lives in memory, so the feed tells nothing of it: it is asked each second while somebody looks. */
export const practiceQuery = queryOptions({
  queryKey: ['practice'],
  queryFn: ({ signal }) => get<Practice>('api/practice', undefined, signal),
  refetchInterval: everyMs,
})

export const turnPractice = (behaviour: Behaviour) =>
  request<Practice>('PUT', 'api/practice', { body: { behaviour } })
export const clearPractice = () => request<void>('DELETE', 'api/practice/requests')

/** Whether a URL, template or not, leads to the practice target. */
export const isPractice = (url: string): boolean =>
  /^http:\/\/practice\.localhost(?::80)?(?:[/?#]|$)/i.test(url.trim())
