import type { FastifyReply, FastifyRequest } from 'fastify'
import { hashToken, newToken } from '../core/seal.ts'
import { type CookieTerms, readCookie, sessionCookie, writeCookie } from './cookies.ts'
import type { Services } from './services.ts'

const sessionLifeMs = 30 * 86_400_000

/** Of a cookie: for browsers on this host below our base path, by https alone where they come by https. */
export function cookieTerms({ config, proxies }: Services, { headers }: FastifyRequest): CookieTerms {
  const isSecure =
    config.tlsCert !== null || config.publicUrl?.startsWith('https:') === true || proxies.isSecure(headers)
  return { path: config.basePath, isSecure }
}

/** Of the session that a request came with. */
export function ownHash({ headers }: FastifyRequest): string | null {
  const token = headers.authorization === undefined ? readCookie(headers.cookie, sessionCookie) : null
  return token === null ? null : hashToken(token)
}

/** Always with a token of its own, and in the place of the session that the browser had. */
export async function beginSession(
  services: Services,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { actor, userId }: { actor: string; userId: string | null },
): Promise<void> {
  const { storage, now } = services
  const former = readCookie(request.headers.cookie, sessionCookie)
  if (former !== null) await storage.execute('deleteSession', { tokenHash: hashToken(former) })
  const token = newToken('session')
  const nowMs = now()
  const tokenHash = hashToken(token)
  await storage.execute('createSession', {
    tokenHash,
    actor,
    userId,
    nowMs,
    expiresAtMs: nowMs + sessionLifeMs,
  })
  const terms = cookieTerms(services, request)
  reply.header('set-cookie', writeCookie(sessionCookie, token, sessionLifeMs / 1000, terms))
}
