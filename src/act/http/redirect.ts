import { isSecretHeader } from '../../core/mask.ts'
import { destinationOf } from './destination.ts'
import { CallError, failure } from './failure.ts'
import type { Redirect } from './outgoing.ts'
import { parseTarget, type Step, withCredentials } from './prepare.ts'

const redirects = new Set([301, 302, 303, 307, 308])

/** Where the answer sends the request; null for any other answer, also a redirect that does not say where to. */
export function redirectLocation(status: number, headers: readonly [string, string][]): string | null {
  if (!redirects.has(status)) return null
  return headers.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? null
}

/**
 * The next request, by the rules that browsers follow (Fetch, "HTTP-redirect fetch"): 303 becomes GET (HEAD stays),
 * 301 and 302 turn a POST into a GET, 307 and 308 change nothing. On another origin (scheme, host and port) the headers
 * with credentials stay behind, and so do signatures: whoever can redirect us must not come by either.
 * Throws a CallError if there is no following it.
 */
export function redirected(
  step: Step,
  status: number,
  location: string,
  how: { insecure: boolean; proxyUrl: string | null },
): { step: Step; redirect: Redirect } {
  const url = parseTarget(Buffer.from(location, 'latin1').toString('utf8'), step.url)
  const toGet =
    (status === 303 && step.method !== 'HEAD') ||
    ((status === 301 || status === 302) && step.method === 'POST')
  const dropped = new Set<string>()
  const headers = step.headers.filter(([name]) => {
    const lowerCase = name.toLowerCase()
    if (toGet && lowerCase.startsWith('content-')) return false
    if (url.origin === step.url.origin || !isPrivate(lowerCase)) return true
    dropped.add(name)
    return false
  })
  return {
    step: {
      url,
      destination: destinationOf(url, how),
      method: toGet ? 'GET' : step.method,
      headers: withCredentials(url, headers),
      body: toGet ? null : step.body,
    },
    redirect: { status, location, droppedHeaders: [...dropped] },
  }
}

const isPrivate = (name: string): boolean => isSecretHeader(name) || /signature(-256)?$/.test(name)

export const tooManyRedirects = (limit: number, location: string): CallError =>
  new CallError(
    failure(
      'target.too-many-redirects',
      `The target redirected more than ${limit} times, last to "${location}". Use the final address, or allow more redirects.`,
    ),
  )
