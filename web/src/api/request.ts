import { urlOf } from './base.ts'
import { problemOf, unreachable } from './problem.ts'

export type Query = Record<string, string | number | readonly string[] | undefined>

interface Options {
  query?: Query
  body?: unknown
  signal?: AbortSignal
  /** Sent again with the same key, a request does its work once. */
  idempotencyKey?: string
}

/** One call of the native API: JSON in, JSON out, a `Problem` thrown for everything else. */
export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey
  const response = await fetch(urlOf(path) + search(options.query), {
    method,
    headers,
    credentials: 'same-origin',
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    ...(options.signal ? { signal: options.signal } : {}),
  }).catch((error: unknown) => {
    if (options.signal?.aborted) throw error
    throw unreachable(error)
  })
  if (!response.ok) throw await problemOf(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  request<T>('GET', path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) })

/** For what creates or does something: a browser that repeats it after a lost connection does no harm. */
export const post = <T>(path: string, body: unknown = {}): Promise<T> =>
  request<T>('POST', path, { body, idempotencyKey: randomKey() })

function search(query: Query = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== '') parameters.append(name, String(one))
    }
  }
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}

/** crypto.randomUUID exists only on https and localhost; this works everywhere. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
