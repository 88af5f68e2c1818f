import { queryOptions } from '@tanstack/react-query'
import { urlOf } from './base.ts'
import { get, post, type Query } from './request.ts'
import type { EventDetail, EventList, Replay, Verdicts } from './types.ts'

export const listEvents = (query: Query, signal?: AbortSignal) => get<EventList>('api/events', query, signal)

/** An event never changes; what it set off does, and the feed says when. */
export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ['events', id],
    queryFn: ({ signal }) => get<EventDetail>(`api/events/${id}`, undefined, signal),
  })

export const verdictsQuery = (id: string) =>
  queryOptions({
    queryKey: ['events', id, 'verdicts'],
    queryFn: ({ signal }) => get<Verdicts>(`api/events/${id}/verdicts`, undefined, signal),
    // React is usually done within milliseconds; until then the answer is "waiting".
    refetchInterval: query => (query.state.data?.state === 'waiting' ? 1000 : false),
  })

export const bodyUrl = (id: string): string => urlOf(`api/events/${id}/body`)
export const partUrl = (id: string, index: number): string => urlOf(`api/events/${id}/parts/${index}`)

export async function bodyBytes(id: string, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(bodyUrl(id), { credentials: 'same-origin', signal })
  if (!response.ok || !response.body) throw new Error(`The body could not be read (${response.status}).`)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of readable(response.body)) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size >= maxBytes) break
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer()).subarray(0, maxBytes)
}

async function* readable(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
  } finally {
    await reader.cancel()
  }
}

export const replay = (id: string, reaction?: string) =>
  post<Replay>(`api/events/${id}/replay`, reaction === undefined ? {} : { reaction })
/** What is left out stays as it was; null takes a header away. */
export interface ResendChange {
  method?: string
  query?: string
  headers?: Record<string, string | string[] | null>
  body?: string
  contentType?: string
}

export const resend = (id: string, change: ResendChange = {}) =>
  post<{ id: string }>(`api/events/${id}/resend`, change)
