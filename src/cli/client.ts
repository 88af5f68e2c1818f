import { randomUUID } from 'node:crypto'
import packageJson from '../../package.json' with { type: 'json' }
import type { Connection } from './connection.ts'
import { exitCodes, Failure, failureOfAnswer, wrongUsage } from './failure.ts'

/** What came back: read for people, kept as it was for `--json`. */
export interface Answer<T> {
  data: T
  text: string
}

export type Query = Record<string, string | number | readonly string[] | undefined>

export interface Client {
  connection: Connection
  get<T>(path: string, query?: Query): Promise<Answer<T>>
  /** Sends JSON; an answer without a body has an empty `text`. */
  send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer<T>>
  /** For what is not JSON: other headers, other bytes. Refusals become a Failure here too. */
  exchange(method: string, path: string, request?: Exchange): Promise<Response>
}

interface Exchange {
  query?: Query
  headers?: Headers
  body?: string | Buffer<ArrayBuffer>
  /** Another credential than the connection's. */
  token?: string
}

const answerTimeoutMs = 30_000

/** Names in a path, safely: path`/api/events/${id}`. */
export function path(parts: TemplateStringsArray, ...names: string[]): string {
  for (const name of names) {
    // A URL parser takes these away together with what stands before them.
    if (['', '.', '..'].includes(name)) throw wrongUsage(`"${name}" is neither an id nor a name`)
  }
  return String.raw({ raw: parts.raw }, ...names.map(encodeURIComponent))
}

export function createClient(connection: Connection): Client {
  async function exchange(method: string, path: string, request: Exchange = {}): Promise<Response> {
    const url = addressOf(connection.url, path, request.query)
    const headers = new Headers(request.headers)
    if (!headers.has('user-agent')) headers.set('user-agent', `signalbox/${packageJson.version}`)
    const token = request.token ?? connection.token
    if (token !== null) headers.set('authorization', `Bearer ${token}`)
    const response = await reach(connection, url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(answerTimeoutMs),
      ...(request.body === undefined ? {} : { body: request.body }),
    })
    if (response.ok) return response
    if (response.status < 400) throw redirected(response, url)
    throw failureOfAnswer(response.status, await textOf(response, connection), url.origin)
  }

  async function send<T>(
    method: string,
    path: string,
    body?: unknown,
    query: Query = {},
  ): Promise<Answer<T>> {
    const headers = new Headers({ accept: 'application/json' })
    if (body !== undefined) headers.set('content-type', 'application/json')
    if (method === 'POST') headers.set('idempotency-key', randomUUID())
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await exchange(method, path, { query, headers, ...json })
    return readAnswer<T>(await textOf(response, connection), connection.url)
  }

  return {
    connection,
    exchange,
    send,
    get: (path, query) => send('GET', path, undefined, query),
  }
}

function addressOf(base: URL, path: string, query: Query = {}): URL {
  const url = new URL(path.replace(/^\//, ''), base)
  for (const [name, value] of Object.entries(query)) {
    const values = typeof value === 'object' ? value : [value]
    for (const one of values) if (one !== undefined) url.searchParams.append(name, String(one))
  }
  return url
}

async function reach(connection: Connection, url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request)
  } catch (error) {
    throw unreachable(connection, error)
  }
}

async function textOf(response: Response, connection: Connection): Promise<string> {
  try {
    return await response.text()
  } catch (error) {
    throw unreachable(connection, error)
  }
}

/** The failure for a connection that could not be made or broke off. */
export function unreachable(connection: Connection, error: unknown): Failure {
  const { url, urlFrom } = connection
  const fromFolder = urlFrom.endsWith('running.json')
  return new Failure(`Cannot reach ${url.origin} (from ${urlFrom}): ${reasonOf(error)}`, {
    exitCode: exitCodes.unreachable,
    cause: error,
    todo: fromFolder
      ? 'The server that wrote this file is gone, or hangs: start it again with `signalbox serve`.'
      : 'Check the address and that the server runs; `signalbox serve` starts one here.',
  })
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${answerTimeoutMs / 1000} s`
  // fetch says "fetch failed" and hides the reason in the cause; of several addresses tried, each has its own.
  const cause = error.cause instanceof AggregateError ? error.cause.errors[0] : error.cause
  return cause instanceof Error ? cause.message : error.message
}

function redirected(response: Response, url: URL): Failure {
  return new Failure(`${url.origin} redirects to ${response.headers.get('location') ?? 'somewhere else'}`, {
    exitCode: exitCodes.refused,
    todo: 'Give the address that it redirects to as --url; the token is not sent on by itself.',
  })
}

function readAnswer<T>(text: string, url: URL): Answer<T> {
  try {
    return { data: (text === '' ? null : JSON.parse(text)) as T, text }
  } catch (cause) {
    throw new Failure(`${url.origin} did not answer with JSON`, {
      exitCode: exitCodes.refused,
      cause,
      todo: 'Check that the URL leads to a Signalbox server and not to something else.',
    })
  }
}
