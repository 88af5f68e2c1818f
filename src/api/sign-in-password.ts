import Type from 'typebox'
import { hashToken } from '../core/seal.ts'
import { passwordChecks } from './check-password.ts'
import { beginSession, ownHash } from './cookie-session.ts'
import { Problem } from './errors.ts'
import { actorOfUser } from './member.ts'
import { hashPassword, isPassword } from './password.ts'
import { type Route, route } from './route.ts'
import { strict } from './schemas.ts'
import type { Services } from './services.ts'

const NewPassword = Type.String({
  minLength: 12,
  maxLength: 200,
  description: 'At least 12 characters; a sentence is easier to remember',
})

/** Users who have a password here. */
export function passwordRoutes(services: Services): Route[] {
  const { storage, now } = services
  const { check, byAddress, byAccount } = passwordChecks(services)

  return [
    route({
      method: 'POST',
      url: '/api/session/password',
      access: 'public',
      tag: 'Session',
      summary: 'Sign in with email and password',
      description: 'Sets a cookie for 30 days.',
      body: Type.Object(
        {
          email: Type.String({ minLength: 1, maxLength: 254 }),
          password: Type.String({ minLength: 1, maxLength: 200 }),
        },
        strict,
      ),
      audit: 'session.create',
      status: 204,
      answer: null,
      async handler({ body, request, reply }) {
        const user = await check(body.email, body.password, request.ip)
        if (user === null)
          throw new Problem('sign-in.refused', 'The email or the password is wrong, or the user is disabled')
        const nowMs = now()
        await storage.execute('updateUser', { id: user.id, nowMs, set: { signed_in_at: nowMs } })
        await beginSession(services, { request, reply }, { actor: actorOfUser(user), userId: user.id })
      },
    }),
    route({
      method: 'PUT',
      url: '/api/password',
      access: 'member',
      tag: 'Session',
      summary: 'Change your password',
      description: 'Every other browser in which you are signed in is signed out.',
      body: Type.Object(
        { current: Type.String({ minLength: 1, maxLength: 200 }), password: NewPassword },
        strict,
      ),
      audit: 'user.set-password',
      status: 204,
      answer: null,
      async handler({ body, viewer, request }) {
        const found = viewer.userId === null ? null : await storage.read('person', { id: viewer.userId })
        if (found === null || viewer.by !== 'session' || found.user.password === null)
          throw new Problem(
            'state-conflict',
            'Only a user who signed in with a password changes it; an administrator invites you to set one',
          )
        const { email, id, password } = found.user
        await byAccount.check(email)
        if (!(await isPassword(body.current, password))) {
          await byAccount.count(email)
          throw new Problem('sign-in.refused', 'The current password is wrong')
        }
        const hash = await hashPassword(body.password)
        const keepTokenHash = ownHash(request)
        await storage.execute('setPassword', { userId: id, password: hash, keepTokenHash, nowMs: now() })
      },
    }),
    route({
      method: 'POST',
      url: '/api/invitation',
      access: 'public',
      tag: 'Session',
      summary: 'Set your password by an invitation',
      description: 'It works once. Signs you in, and every other browser out.',
      body: Type.Object(
        { token: Type.String({ minLength: 1, maxLength: 200 }), password: NewPassword },
        strict,
      ),
      audit: 'user.accept-invitation',
      status: 204,
      answer: null,
      async handler({ body, request, reply }) {
        await byAddress.check(request.ip)
        const password = await hashPassword(body.password)
        const user = await storage.execute('acceptInvitation', {
          tokenHash: hashToken(body.token),
          password,
          nowMs: now(),
        })
        if (user === null) {
          await byAddress.count(request.ip)
          throw new Problem(
            'invitation.refused',
            'The invitation was used already, has expired, or was replaced',
          )
        }
        await beginSession(services, { request, reply }, { actor: actorOfUser(user), userId: user.id })
      },
    }),
  ]
}
