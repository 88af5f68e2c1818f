import { isIP } from 'node:net'
import { CallError, failure } from './failure.ts'

/** Where a connection goes. Two requests with the same `key` may use the same one. */
export interface Destination {
  key: string
  origin: string
  /** An IPv6 address without its brackets. */
  hostname: string
  port: number
  secure: boolean
  insecure: boolean
  proxy: Proxy | null
}

export interface Proxy {
  kind: 'http' | 'https' | 'socks5'
  hostname: string
  port: number
  /** Host and port for messages, without the password. */
  name: string
  username: string
  password: string
  /** Of an http or https proxy. */
  authorization: string | null
}

export function destinationOf(url: URL, how: { insecure: boolean; proxyUrl: string | null }): Destination {
  const secure = url.protocol === 'https:'
  return {
    key: `${url.origin} ${how.insecure} ${how.proxyUrl ?? ''}`,
    origin: url.origin,
    hostname: bareHost(url.hostname),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
    insecure: how.insecure,
    proxy: how.proxyUrl === null ? null : parseProxy(how.proxyUrl),
  }
}

export const bareHost = (hostname: string): string => (hostname[0] === '[' ? hostname.slice(1, -1) : hostname)

/** For SNI, and for the name in the certificate; an address has none. */
export function serverName(hostname: string): string | undefined {
  if (isIP(hostname) !== 0) return undefined
  return hostname.endsWith('.') ? hostname.slice(0, -1) : hostname
}

const kinds = new Map<string, { kind: Proxy['kind']; port: number }>([
  ['http', { kind: 'http', port: 80 }],
  ['https', { kind: 'https', port: 443 }],
  ['socks5', { kind: 'socks5', port: 1080 }],
  ['socks5h', { kind: 'socks5', port: 1080 }],
])

/** Throws a CallError. `host:port` without a scheme is an http proxy. */
export function parseProxy(text: string): Proxy {
  const [, scheme = 'http', rest = ''] = /^(?:([a-z0-9+.-]+):\/\/)?(.*)$/is.exec(text) ?? []
  const known = kinds.get(scheme.toLowerCase())
  // Read as http whatever it is: only of http and its kin does a URL parser normalise the host (0x7f.1 is 127.0.0.1).
  const url = URL.parse(`http://${rest}`)
  if (known === undefined || url === null) {
    throw new CallError(
      failure(
        'target.bad-url',
        'The proxy is not a URL of the form http://host:port, https://host:port or socks5://host:port.',
      ),
    )
  }
  const portGiven = url.port !== '' || /:80(\/|$)/.test(rest)
  const port = portGiven ? Number(url.port || 80) : known.port
  const hostname = bareHost(url.hostname)
  return {
    kind: known.kind,
    hostname,
    port,
    name: `${hostname}:${port}`,
    username: decoded(url.username),
    password: decoded(url.password),
    authorization: basicCredentials(url),
  }
}

/** Plain http goes through an http proxy as a request with the whole URL; everything else through a tunnel. */
export const isForwarded = ({ proxy, secure }: Destination): boolean =>
  proxy !== null && proxy.kind !== 'socks5' && !secure

/** `Basic` credentials from `user:password@` of a URL; null where there is none. */
export function basicCredentials(url: URL): string | null {
  if (url.username === '' && url.password === '') return null
  return `Basic ${Buffer.from(`${decoded(url.username)}:${decoded(url.password)}`).toString('base64')}`
}

/** A lone % is kept by URL parsers and no error here either. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
