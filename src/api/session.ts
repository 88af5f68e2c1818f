import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { hashToken } from '../core/seal.ts'
import { timeText, timeTextOrNull } from '../core/summary.ts'
import {
  readCookie,
  readViewKeys,
  sessionCookie,
  viewCookie,
  withViewKey,
  writeCookie,
  type ViewKey,
} from './cookies.ts'
import { beginSession, cookieTerms, ownHash } from './cookie-session.ts'
import { notFound, Problem } from './errors.ts'
import { type Route, route } from './route.ts'
import { ById, nullable, strict, Time } from './schemas.ts'
import type { Services } from './services.ts'
import { createThrottle, signInTokenLifeMs } from './sign-in.ts'
import { adminActor } from './member.ts'
import { followViewKeys, isAdminToken, visitorsAllowed } from './viewer.ts'

const viewLifeSeconds = 30 * 86_400
const failuresPerMinute = 10

/** Told to its owner: nobody makes the token of a part of its hash. */
const sessionId = (tokenHash: string): string => `ses_${tokenHash.slice(0, 16)}`

export const Visitors = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.String({ description: 'Why, as a sentence' }),
})

export function visitorsStatus({ config, trial }: Pick<Services, 'config' | 'trial'>) {
  if (config.allowVisitors === null) return { allowed: trial.active, reason: trial.reason }
  return {
    allowed: config.allowVisitors,
    reason: `--allow-visitors is ${config.allowVisitors ? 'on' : 'off'}`,
  }
}

export function addViewKey(
  services: Services,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  added: ViewKey,
): void {
  const value = withViewKey(readViewKeys(request.headers.cookie), added)
  reply.header('set-cookie', writeCookie(viewCookie, value, viewLifeSeconds, cookieTerms(services, request)))
}

export function sessionRoutes(services: Services): Route[] {
  const { storage, now } = services
  const failures = createThrottle('session.throttled', failuresPerMinute, 60)
  const endpointOfKey = followViewKeys(services)

  return [
    route({
      method: 'GET',
      url: '/api/session',
      access: 'public',
      tag: 'Session',
      summary: 'Who you are here',
      status: 200,
      answer: Type.Object({
        signedIn: Type.Boolean(),
        actor: nullable(Type.String()),
        userId: nullable(Type.String({ description: 'Null for the administrator of the start' })),
        permissions: Type.Array(Type.Object({ permission: Type.String(), team: nullable(Type.String()) }), {
          description:
            'What you may do: a permission stands for what lies below it, `*` for everything; no team is the whole organization',
        }),
        visitors: Visitors,
        endpoints: Type.Array(Type.String(), { description: 'Those that this visitor may see' }),
      }),
      handler: async ({ viewer }) => ({
        signedIn: viewer.kind === 'member',
        actor: viewer.kind === 'nobody' ? null : viewer.actor,
        userId: viewer.kind === 'member' ? viewer.userId : null,
        permissions: viewer.kind === 'member' ? [...viewer.grants] : [],
        visitors: visitorsStatus(services),
        endpoints: viewer.kind === 'visitor' ? [...viewer.endpointIds] : [],
      }),
    }),
    route({
      method: 'POST',
      url: '/api/session',
      access: 'public',
      tag: 'Session',
      summary: 'Sign in',
      description:
        'With the one-time token of a sign-in link, or with the admin token. Sets a cookie for 30 days.',
      body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }) }, strict),
      audit: 'session.create',
      status: 204,
      answer: null,
      async handler({ body: { token }, request, reply }) {
        await failures.check(request.ip)
        if (!services.signIn.redeem(token) && !(await isAdminToken(services, token))) {
          await failures.count(request.ip)
          throw new Problem(
            'session.refused',
            'The token is wrong, was used already, or is older than 15 minutes',
          )
        }
        await beginSession(services, { request, reply }, { actor: adminActor, userId: null })
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/session',
      access: 'public',
      tag: 'Session',
      summary: 'Sign out',
      audit: 'session.delete',
      status: 204,
      answer: null,
      async handler({ request, reply }) {
        const token = readCookie(request.headers.cookie, sessionCookie)
        if (token !== null) await storage.execute('deleteSession', { tokenHash: hashToken(token) })
        reply.header('set-cookie', writeCookie(sessionCookie, '', 0, cookieTerms(services, request)))
      },
    }),
    route({
      method: 'GET',
      url: '/api/sessions',
      access: 'member',
      tag: 'Session',
      summary: 'Browsers in which you are signed in',
      status: 200,
      answer: Type.Object({
        items: Type.Array(
          Type.Object({
            id: Type.String(),
            actor: Type.String(),
            signedInAt: Time,
            lastSeenAt: nullable(Type.String({ format: 'date-time', description: 'To the minute' })),
            endsAt: Time,
            yours: Type.Boolean({ description: 'Whether it is the one that asks' }),
          }),
        ),
      }),
      async handler({ request, viewer }) {
        const own = ownHash(request)
        const sessions = await storage.query('listSessions', { actor: viewer.actor, nowMs: now() })
        return {
          items: sessions.map(row => ({
            id: sessionId(row.token_hash),
            actor: row.actor,
            signedInAt: timeText(row.created_at),
            lastSeenAt: timeTextOrNull(row.last_seen_at),
            endsAt: timeText(row.expires_at),
            yours: row.token_hash === own,
          })),
        }
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/sessions',
      access: 'member',
      tag: 'Session',
      summary: 'Sign all your other browsers out',
      description: 'All of them, when the request is proven by a token.',
      audit: 'session.delete-others',
      status: 200,
      answer: Type.Object({ ended: Type.Integer() }),
      handler: async ({ request, viewer }) => ({
        ended: await storage.execute('deleteOtherSessions', {
          actor: viewer.actor,
          keepTokenHash: ownHash(request),
          nowMs: now(),
        }),
      }),
    }),
    route({
      method: 'DELETE',
      url: '/api/sessions/:id',
      access: 'member',
      tag: 'Session',
      summary: 'Sign one of your browsers out',
      params: ById,
      audit: 'session.delete',
      status: 204,
      answer: null,
      async handler({ params: { id }, viewer }) {
        const sessions = await storage.query('listSessions', { actor: viewer.actor, nowMs: now() })
        const found = sessions.find(row => sessionId(row.token_hash) === id)
        if (found === undefined) throw notFound('session', id)
        await storage.execute('deleteSession', { tokenHash: found.token_hash })
      },
    }),
    route({
      method: 'POST',
      url: '/api/session/link',
      access: { permission: '*', organization: true },
      tag: 'Session',
      summary: 'Make a sign-in link',
      description: 'It works once, for 15 minutes.',
      audit: { inMemory: 'session.link' },
      status: 201,
      answer: Type.Object({ url: Type.String(), expiresAt: Time }),
      handler: async () => ({
        url: `${services.baseUrl()}/sign-in#${services.signIn.issue()}`,
        expiresAt: timeText(now() + signInTokenLifeMs),
      }),
    }),
    route({
      method: 'POST',
      url: '/api/view',
      access: 'public',
      tag: 'Session',
      summary: "Open a visitor's endpoint by the key of its share link",
      body: Type.Object({ key: Type.String({ minLength: 1, maxLength: 200 }) }, strict),
      audit: { nothing: 'it only sets a cookie' },
      status: 204,
      answer: null,
      async handler({ body: { key }, request, reply }) {
        await failures.check(request.ip)
        if (!visitorsAllowed(services) || endpointOfKey(hashToken(key)) === null) {
          await failures.count(request.ip)
          throw new Problem('view.refused', 'The key opens no endpoint; it may have expired')
        }
        addViewKey(services, { request, reply }, { key, shared: true })
      },
    }),
  ]
}
