import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from './errors.ts'
import type { Services } from './services.ts'
import { hostName, isLoopbackName } from './trial.ts'
import type { Viewer } from './viewer.ts'

type Needs = Pick<Services, 'config' | 'proxies'>

/**
 * A page of another site can have its own name resolve to this machine and then speak to it as "same origin" (DNS
 * rebinding). Only names that are known to be ours are answered. Answers the problem, or null.
 */
export function refuseHost({ config, proxies }: Needs, headers: IncomingHttpHeaders): Problem | null {
  // What a proxy says counts besides, not instead: it may have passed on what a page wrote there.
  const hosts = [headers.host, proxies.hostOf(headers)].map(host =>
    host === undefined ? null : hostName(host),
  )
  const host = hosts.find(one => one === null || !isKnown(config, one))
  if (host === undefined) return null
  const shown = host === null ? 'no host' : `the host "${host.slice(0, 100)}"`
  return new Problem(
    'host.unknown',
    `The request names ${shown}, under which this Signalbox does not answer. If it should, start it with ` +
      `--allow-hosts ${host === null ? '<name>' : host.slice(0, 100)} or set --public-url`,
  )
}

function isKnown(config: Needs['config'], host: string): boolean {
  if (isLoopbackName(host) || host === config.host.toLowerCase()) return true
  if (config.allowHosts.some(allowed => hostName(allowed) === host)) return true
  return config.publicUrl !== null && hostName(new URL(config.publicUrl).host) === host
}

/**
 * Whether a page of another site could have sent this. What is sent with a cookie has to prove that it comes from our
 * own pages; what is sent without one (a sign-in, a visitor's first endpoint) only must not say the contrary.
 * A bearer token is proof enough: no other site has it.
 */
export function refuseForeignOrigin(
  needs: Needs,
  headers: IncomingHttpHeaders,
  viewer: Viewer,
): Problem | null {
  if (viewer.kind === 'member' && viewer.by === 'token') return null
  const origin = originOf(needs, headers)
  if (origin === 'own' || (origin === 'unknown' && headers.cookie === undefined)) return null
  return new Problem(
    'csrf.refused',
    origin === 'foreign'
      ? `The request was made by a page of another site (${shownOrigin(headers)})`
      : 'The request has a cookie, but neither Sec-Fetch-Site nor Origin shows that it comes from our own pages',
  )
}

/** Sec-Fetch-Site counts first: a proxy may change Host, but it leaves that as the browser wrote it. */
function originOf({ config, proxies }: Needs, headers: IncomingHttpHeaders): 'own' | 'foreign' | 'unknown' {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'foreign'
  const { origin } = headers
  if (origin === undefined) return 'unknown'
  const host = URL.parse(origin)?.host
  const own = [
    headers.host?.toLowerCase(),
    proxies.hostOf(headers)?.toLowerCase(),
    config.publicUrl === null ? undefined : new URL(config.publicUrl).host,
  ]
  return host !== undefined && host !== '' && own.includes(host) ? 'own' : 'foreign'
}

const shownOrigin = (headers: IncomingHttpHeaders): string =>
  (headers.origin ?? `Sec-Fetch-Site: ${String(headers['sec-fetch-site'])}`).slice(0, 100)

const commonHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
}

/** For answers that are data: nothing of them may ever be shown as a page. */
export const apiHeaders = {
  ...commonHeaders,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

const pagePolicy = (style: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    `style-src ${style}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    // The page's <base> says where it is mounted.
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

export const pageHeaders = {
  ...commonHeaders,
  'content-security-policy': pagePolicy("'self'"),
}

/** The rendered description of the API sets styles in its elements. */
export const docsPolicy = pagePolicy("'self' 'unsafe-inline'")
