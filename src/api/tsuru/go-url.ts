import { quoteText } from '../../core/template/go/quote.ts'

/** What Go's url.Parse says against a text, or null where it takes it: it takes far more than can be called. */
export function goUrlError(text: string): string | null {
  const why = reason(text)
  return why === null ? null : `parse ${quoteText(text)}: ${why}`
}

function reason(text: string): string | null {
  const hash = text.indexOf('#')
  const [whole, fragment] = hash === -1 ? [text, ''] : [text.slice(0, hash), text.slice(hash + 1)]
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f]/.test(whole)) return 'net/url: invalid control character in URL'
  return wholeReason(whole) ?? badEscape(fragment)
}

function wholeReason(text: string): string | null {
  if (text === '*') return null
  if (text.startsWith(':')) return 'missing protocol scheme'
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(text)?.[0] ?? ''
  const rest = text.slice(scheme.length).split('?', 1)[0]!
  if (!rest.startsWith('/')) {
    if (scheme !== '') return null
    if (rest.split('/', 1)[0]!.includes(':')) return 'first path segment in URL cannot contain colon'
    return badEscape(rest)
  }
  if (!rest.startsWith('//') || (scheme === '' && rest.startsWith('///'))) return badEscape(rest)
  const slash = rest.indexOf('/', 2)
  const authority = slash === -1 ? rest.slice(2) : rest.slice(2, slash)
  return badAuthority(authority) ?? badEscape(slash === -1 ? '' : rest.slice(slash))
}

function badAuthority(authority: string): string | null {
  const at = authority.lastIndexOf('@')
  if (at === -1) return badHost(authority)
  const user = authority.slice(0, at)
  // The host is read first.
  const host = badHost(authority.slice(at + 1))
  if (host !== null) return host
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) return 'net/url: invalid userinfo'
  return badEscape(user)
}

function badHost(host: string): string | null {
  const open = host.lastIndexOf('[')
  if (open > 0) return 'invalid IP-literal'
  if (open === 0) return badLiteral(host)
  const colon = host.indexOf(':')
  const port = colon === -1 ? '' : host.slice(colon)
  if (!isPort(port)) return `invalid port ${quoteText(port)} after host`
  return badHostText(host)
}

function badLiteral(host: string): string | null {
  const close = host.lastIndexOf(']')
  if (close === -1) return "missing ']' in host"
  const port = host.slice(close + 1)
  if (!isPort(port)) return `invalid port ${quoteText(port)} after host`
  const zone = host.slice(0, close).indexOf('%25')
  const address = host.slice(1, zone === -1 ? close : zone)
  return badHostText(address) ?? badAddress(address)
}

/** As far as people mistype them; what is left is found when it is called. */
const badAddress = (address: string): string | null =>
  /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/.test(address)
    ? null
    : address.includes('.')
      ? `invalid host: ParseAddr(${quoteText(address)}): unexpected character (at ${quoteText(address)})`
      : `invalid host: ParseAddr(${quoteText(address)}): unable to parse IP`

const isPort = (port: string): boolean => /^(?::\d*)?$/.test(port)

function badHostText(host: string): string | null {
  // Escapes are for bytes beyond ASCII, and for the sign that begins one.
  for (const [escape] of host.matchAll(/%.{0,2}/gs))
    if (!/^%(?:25|[89A-Fa-f][0-9A-Fa-f])$/.test(escape)) return `invalid URL escape ${quoteText(escape)}`
  const bad = /[ \\^`{|}]/.exec(host)?.[0]
  return bad === undefined ? null : `invalid character ${quoteText(bad)} in host name`
}

function badEscape(text: string): string | null {
  const bad = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(text)?.[0]
  return bad === undefined ? null : `invalid URL escape ${quoteText(bad)}`
}
