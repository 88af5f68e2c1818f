import { basicCredentials, type Destination, destinationOf } from './destination.ts'
import { CallError, failure } from './failure.ts'
import type { OutgoingRequest } from './outgoing.ts'

/** One request to one destination; a redirect makes the next. */
export interface Step {
  url: URL
  destination: Destination
  method: string
  headers: [name: string, value: string][]
  body: Buffer | null
}

/** Throws a CallError for what can never be sent: a bad URL, method or header. */
export function prepare(request: OutgoingRequest, userAgent: string): Step {
  const url = parseTarget(request.url)
  return {
    url,
    destination: destinationOf(url, request),
    method: checkMethod(request.method),
    headers: withCredentials(url, prepareHeaders(request, userAgent)),
    body: typeof request.body === 'string' ? Buffer.from(request.body) : request.body,
  }
}

export function parseTarget(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href)
  const where = base ? `${base.host} redirects to "${text}", which` : `"${text}"`
  if (url === null)
    throw new CallError(
      failure('target.bad-url', `${where} is not a URL. Check it, and the template that made it.`),
    )
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new CallError(failure('target.bad-url', `${where} does not start with http:// or https://.`))
  }
  return url
}

/** RFC 9110, 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const notInHeader = /[^\t\x20-\x7e\x80-\xff]/
const notAscii = /[^\t\x20-\x7e]/

function checkMethod(method: string): string {
  if (token.test(method) && method !== 'CONNECT') return method
  throw new CallError(
    failure(
      'target.bad-method',
      `"${method}" is not a method that can be sent. Use GET, POST, PUT, PATCH or DELETE.`,
    ),
  )
}

const connectionHeaders = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'upgrade',
  'te',
  'trailer',
  'expect',
])

/**
 * Headers that say how this connection works are Signalbox's own; given by a reaction they are left out. `Host` too:
 * with another one, an allowed host's web server would hand out what lives beside it under names that are not allowed.
 */
export const isConnectionHeader = (name: string): boolean => connectionHeaders.has(name.toLowerCase())

function prepareHeaders(request: OutgoingRequest, ownUserAgent: string): [string, string][] {
  const headers: [string, string][] = []
  let hasUserAgent = false
  for (const [name, value] of request.headers) {
    if (!token.test(name)) {
      throw new CallError(
        failure(
          'target.bad-header',
          `"${name}" is not a header name: letters, digits and - only, no spaces or colons.`,
        ),
      )
    }
    const lowerCase = name.toLowerCase()
    if (connectionHeaders.has(lowerCase)) continue
    if (name === 'User-Agent' || (lowerCase === 'user-agent' && request.userAgent === undefined))
      hasUserAgent = true
    headers.push([name, headerBytes(name, value)])
  }
  if (!hasUserAgent) headers.push(['User-Agent', request.userAgent ?? ownUserAgent])
  return headers
}

/** Header values leave as UTF-8 (undici writes one byte a character). */
function headerBytes(name: string, value: string): string {
  if (!notAscii.test(value)) return value
  const bytes = Buffer.from(value, 'utf8').toString('latin1')
  if (!notInHeader.test(bytes)) return bytes
  throw new CallError(
    failure(
      'target.bad-header',
      `The value of the header ${name} has a line break or another control character in it. Check its template.`,
    ),
  )
}

/** `http://user:password@host/` means Basic credentials, unless the request brings others. */
export function withCredentials(url: URL, headers: [string, string][]): [string, string][] {
  const credentials = basicCredentials(url)
  if (credentials === null || headers.some(([name]) => name.toLowerCase() === 'authorization')) return headers
  return [...headers, ['Authorization', credentials]]
}
