/** Parts of a URI, named and made as .NET's System.Uri has them. */
import type { Filter } from './filter.ts'

export const uriPart: Filter = (input, options) => {
  if (input === null) return null
  const [part] = options
  if (part === undefined) return '[UriPart error: no argument given]'
  if (input.length > 65_519) return input
  const uri = parseUri(input)
  if (uri === null) return input
  const read = parts.get(part.toLowerCase())
  if (!read) return `[UriPart ${part} error: argument '${part}' not supported]`
  if (uri.isRelative && part.toLowerCase() !== 'isabsoluteuri')
    return `[UriPart ${part} error: This operation is not supported for a relative URI.]`
  return read(uri)
}

interface Uri {
  isRelative: boolean
  scheme: string
  userInfo: string
  host: string
  /** -1 where neither the text nor the scheme has one. */
  port: number
  isDefaultPort: boolean
  path: string
  query: string
  fragment: string
  isUnc: boolean
}

const relative: Uri = {
  isRelative: true,
  scheme: '',
  userInfo: '',
  host: '',
  port: -1,
  isDefaultPort: true,
  path: '',
  query: '',
  fragment: '',
  isUnc: false,
}

const defaultPorts: Partial<Record<string, number>> = {
  http: 80,
  https: 443,
  ftp: 21,
  ws: 80,
  wss: 443,
  mailto: 25,
  ldap: 389,
  gopher: 70,
  nntp: 119,
  telnet: 23,
  'net.tcp': 808,
}

/** Null for what has a scheme and is wrong after it. */
function parseUri(text: string): Uri | null {
  const trimmed = text.trim()
  const file = localFile(trimmed)
  if (file) return file
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(trimmed)?.[1]?.toLowerCase()
  if (scheme === undefined) return relative
  const url = URL.parse(trimmed)
  if (!url) return null
  const defaultPort = defaultPorts[scheme] ?? -1
  const port = url.port === '' ? defaultPort : Number(url.port)
  const [userName, password] = [url.username, url.password]
  return {
    isRelative: false,
    scheme,
    userInfo: /\/\/[^/?#]*:[^/?#]*@/.test(trimmed) ? `${userName}:${password}` : userName,
    host: url.hostname,
    port,
    isDefaultPort: port === defaultPort,
    path: url.pathname,
    query: url.search,
    fragment: url.hash,
    isUnc: scheme === 'file' && url.hostname !== '',
  }
}

/** `C:\folder` and `\\server\share`. */
function localFile(text: string): Uri | null {
  const isDrive = /^[a-z]:[\\/]/i.test(text)
  if (!isDrive && !text.startsWith('\\\\')) return null
  const [, host = '', path = ''] = isDrive
    ? [text, '', `/${text}`]
    : (/^\\\\([^\\/]*)(.*)$/s.exec(text) ?? [])
  return {
    ...relative,
    isRelative: false,
    scheme: 'file',
    host: host.toLowerCase(),
    path: encodeURI(path.replaceAll('\\', '/').toWellFormed()),
    isUnc: !isDrive,
  }
}

const hostNameType = (host: string): string => {
  if (host === '') return 'Basic'
  if (host.startsWith('[')) return 'IPv6'
  return /^\d+(?:\.\d+){3}$/.test(host) ? 'IPv4' : 'Dns'
}

const isLoopback = ({ host, scheme, isUnc }: Uri): boolean =>
  /^(?:localhost|loopback|127(?:\.\d+){3}|\[::1\])$/.test(host) || (scheme === 'file' && !isUnc)

const authority = ({ host, port, isDefaultPort }: Uri): string =>
  isDefaultPort || port < 0 ? host : `${host}:${port}`

/** Where an address of the scheme names a host after two slashes. */
const slashes = ({ scheme, host }: Uri): string => (host !== '' || scheme === 'file' ? '//' : '')

const absolute = (uri: Uri): string =>
  `${uri.scheme}:${slashes(uri)}${uri.userInfo === '' ? '' : `${uri.userInfo}@`}${authority(uri)}${uri.path}${uri.query}${uri.fragment}`

const parts: ReadonlyMap<string, (uri: Uri) => string> = new Map<string, (uri: Uri) => string>([
  ['absolutepath', ({ path }) => path],
  ['absoluteuri', absolute],
  ['authority', authority],
  ['dnssafehost', ({ host }) => host.replace(/^\[|\]$/g, '')],
  ['fragment', ({ fragment }) => fragment],
  ['host', ({ host }) => host],
  ['hostandport', ({ host, port }) => (port < 0 ? host : `${host}:${port}`)],
  ['hostnametype', ({ host }) => hostNameType(host)],
  ['isabsoluteuri', ({ isRelative }) => String(!isRelative)],
  ['isdefaultport', ({ isDefaultPort }) => String(isDefaultPort)],
  ['isfile', ({ scheme }) => String(scheme === 'file')],
  ['isloopback', uri => String(isLoopback(uri))],
  ['isunc', ({ isUnc }) => String(isUnc)],
  ['path', ({ path }) => path],
  ['pathandquery', ({ path, query }) => path + query],
  ['port', ({ port }) => String(port)],
  ['query', ({ query }) => query],
  ['scheme', ({ scheme }) => scheme],
  ['schemeandserver', uri => `${uri.scheme}:${slashes(uri)}${authority(uri)}`],
  ['userinfo', ({ userInfo }) => userInfo],
])
