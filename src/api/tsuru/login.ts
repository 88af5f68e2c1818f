import { newId } from '../../core/ids.ts'
import { root } from '../../core/permission.ts'
import { hashToken, newToken } from '../../core/seal.ts'
import { goJson } from '../../core/template/tsuru/go-json.ts'
import { passwordChecks } from '../check-password.ts'
import { actorOfUser } from '../member.ts'
import type { Services } from '../services.ts'
import type { TsuruRoute } from './route.ts'
import { TextError } from './text-error.ts'

/** As long as a token of tsuru's is good by default. */
const tokenLifeMs = 7 * 86_400_000

/** `tsuru login` and `logout`: the token is an API key of the user's, which they see and may revoke. */
export function loginRoutes(services: Services): TsuruRoute[] {
  const { storage, now } = services
  const { check } = passwordChecks(services)
  return [
    {
      method: 'GET',
      version: '1.18',
      path: '/auth/schemes',
      access: 'public',
      handler: async () => ({
        status: 200,
        json: `${goJson([{ name: 'native', default: true, data: {} }])}\n`,
      }),
    },
    {
      method: 'POST',
      audit: 'key.create',
      version: '1.0',
      path: '/users/:email/tokens',
      access: 'public',
      async handler({ params, body, contentType, sender }) {
        const password = passwordIn(body.toString('utf8'), contentType)
        if (password === '') throw new TextError(400, 'you must provide a password to login')
        const user = await check(params['email']!, password, sender)
        if (user === null) throw new TextError(401, 'Authentication failed, wrong password.')
        const token = newToken('key')
        const nowMs = now()
        await storage.execute('createKey', {
          id: newId('key'),
          token_hash: hashToken(token),
          name: 'tsuru login',
          user_id: user.id,
          scope: JSON.stringify([{ role: null, permission: root, team: null }]),
          actor: actorOfUser(user),
          created_at: nowMs,
          expires_at: nowMs + tokenLifeMs,
        })
        await storage.execute('updateUser', { id: user.id, nowMs, set: { signed_in_at: nowMs } })
        return { status: 200, json: `${goJson({ token })}\n` }
      },
    },
    {
      method: 'DELETE',
      audit: 'key.revoke',
      version: '1.0',
      path: '/users/tokens',
      access: 'token',
      async handler({ caller }) {
        if (caller.keyId !== null)
          await storage.execute('revokeKey', { id: caller.keyId, actor: caller.actor, nowMs: now() })
        return { status: 200 }
      },
    },
  ]
}

function passwordIn(body: string, contentType: string | undefined): string {
  if (contentType?.split(';', 1)[0]!.trim() !== 'application/json')
    return new URLSearchParams(body).get('password') ?? ''
  try {
    const { password } = JSON.parse(body) as { password?: unknown }
    return typeof password === 'string' ? password : ''
  } catch {
    return ''
  }
}
