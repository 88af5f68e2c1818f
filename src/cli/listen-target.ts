import { type IncomingMessage, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { mask } from '../core/mask.ts'
import { previewText } from '../core/summary.ts'
import { wrongUsage } from './failure.ts'
import type { Event } from './shapes.ts'

/** `3000`, `localhost:3000/hooks` or a URL; `path` takes the place of its path. */
export function parseListenTarget(given: string, path: string | undefined): URL {
  const text = /^\d+$/.test(given)
    ? `http://localhost:${given}/`
    : /^https?:\/\//i.test(given)
      ? given
      : `http://${given}`
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || url.hostname === '' || url.username !== '')
    throw wrongUsage(
      `"${given}" is no port and no URL to forward to`,
      'It takes 3000, localhost:3000/hooks, or http://127.0.0.1:3000/hooks.',
    )
  if (path !== undefined) {
    if (!path.startsWith('/')) throw wrongUsage(`--path ${path} does not begin with /`)
    url.pathname = path
  }
  url.hash = ''
  return url
}

export type Pairs = [name: string, value: string][]

export interface Outgoing {
  method: string
  url: string
  headers: Pairs
  /** Credentials, which Signalbox does not keep. */
  withheld: string[]
}

/** Of the connection, not of the message; and what is counted afresh. */
const ofConnection = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** The request as it was received, for another address. */
export function outgoingOf(event: Event, target: URL, runId: string): Outgoing {
  const url = new URL(target)
  const { request } = event
  if (request !== null && request.query !== '')
    url.search = url.search === '' ? request.query : `${url.search}&${request.query}`
  const received: Pairs = Object.entries(request?.headers ?? {}).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
  const passed = received.filter(
    ([name]) => !ofConnection.has(name) && !(name === 'content-encoding' && request?.inflated !== undefined),
  )
  const isWithheld = ([, value]: [string, string]) => value.includes(mask)
  if (request === null && event.contentType !== null) passed.push(['content-type', event.contentType])
  return {
    method: request?.method ?? 'POST',
    url: url.href,
    headers: [...passed.filter(pair => !isWithheld(pair)), ['signalbox-run', runId]],
    withheld: passed.filter(isWithheld).map(([name]) => name),
  }
}

export type Incoming =
  | {
      status: number
      statusText: string
      headers: Pairs
      body: string
      bodyBytes: number
      remoteAddress?: string
    }
  | { code: string; message: string }

const maxKeptBytes = 64 * 1024

export interface ForwardOptions {
  timeoutMs: number
  insecure: boolean
}

/** Makes the request; whatever comes of it is an answer, or says why there is none. */
export function forward(
  { method, url, headers }: Outgoing,
  body: Buffer,
  { timeoutMs, insecure }: ForwardOptions,
): Promise<Incoming> {
  const { protocol, host } = new URL(url)
  const send = protocol === 'https:' ? httpsRequest : httpRequest
  const length: Pairs =
    body.length > 0 || /^(?:POST|PUT|PATCH)$/.test(method) ? [['content-length', String(body.length)]] : []
  return new Promise(resolve => {
    const signal = AbortSignal.timeout(timeoutMs)
    const failed = (error: unknown) =>
      resolve(
        signal.aborted
          ? { code: 'target.timeout', message: `${host} gave no whole answer within ${timeoutMs / 1000} s` }
          : failureOf(error, host),
      )
    try {
      const request = send(url, {
        method,
        headers: [['host', host], ...headers, ...length].flat(),
        rejectUnauthorized: !insecure,
        signal,
        agent: false,
      })
      request.on('error', failed)
      request.on('response', response => {
        response.on('error', failed)
        if ((response.statusCode ?? 0) >= 100) read(response, resolve)
        else request.destroy(new Error('no status that HTTP has'))
      })
      request.end(body)
    } catch (error) {
      // A header or a method that Node does not send.
      resolve({
        code: 'target.bad-header',
        message: `The request cannot be sent: ${String(error)}`.slice(0, 1000),
      })
    }
  })
}

function read(response: IncomingMessage, resolve: (incoming: Incoming) => void): void {
  const kept: Buffer[] = []
  let bodyBytes = 0
  response.on('data', (chunk: Buffer) => {
    if (bodyBytes < maxKeptBytes) kept.push(chunk.subarray(0, maxKeptBytes - bodyBytes))
    bodyBytes += chunk.length
  })
  response.on('end', () => {
    const { statusCode = 0, statusMessage = '', rawHeaders, socket } = response
    const headers = rawHeaders.flatMap(
      (name, at): Pairs => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? '']] : []),
    )
    resolve({
      status: statusCode,
      statusText: statusMessage.slice(0, 500),
      headers: headers.slice(0, 200),
      body: previewText(Buffer.concat(kept)),
      bodyBytes,
      ...(socket.remoteAddress === undefined ? {} : { remoteAddress: socket.remoteAddress }),
    })
  })
}

const sentences: Record<string, [code: string, sentence: (host: string) => string]> = {
  ECONNREFUSED: ['target.refused', host => `Nothing listens on ${host}`],
  ENOTFOUND: ['target.dns', host => `The host name of ${host} does not exist`],
  ECONNRESET: ['target.reset', host => `${host} closed the connection without an answer`],
  EPIPE: ['target.reset', host => `${host} closed the connection without an answer`],
}

function failureOf(error: unknown, host: string): { code: string; message: string } {
  // Of several addresses that were tried, each has its own.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  const [code, sentence] =
    sentences[first instanceof Error && 'code' in first ? String(first.code) : ''] ?? []
  if (code !== undefined && sentence !== undefined) return { code, message: sentence(host) }
  const reason = first instanceof Error && first.message !== '' ? first.message : String(first)
  return { code: 'target.failed', message: `${host}: ${reason}`.slice(0, 1000) }
}
