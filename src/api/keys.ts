import Type, { type Static } from 'typebox'
import { newId } from '../core/ids.ts'
import { allows, type Assignment, root } from '../core/permission.ts'
import { hashToken, newToken } from '../core/seal.ts'
import { timeText, timeTextOrNull } from '../core/summary.ts'
import type { ApiKeyTable } from '../storage/schema.ts'
import { invalidBody, notFound } from './errors.ts'
import type { Member } from './member.ts'
import { decodeId, pageOf } from './paging.ts'
import { requireAllowed } from './permit.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import { checkGiven, Given } from './users.ts'

const key = {
  id: Type.String(),
  name: Type.String(),
  scope: Type.Array(
    Type.Object({
      role: schema.nullable(Type.String()),
      permission: schema.nullable(Type.String()),
      team: schema.nullable(Type.String()),
    }),
    { description: 'Of this it may do what its owner may; `*` is all of that' },
  ),
  actor: Type.String({ description: 'Whose it is' }),
  createdAt: schema.Time,
  expiresAt: schema.nullable(schema.Time),
  lastUsedAt: schema.nullable(Type.String({ format: 'date-time', description: 'To the minute' })),
  revokedAt: schema.nullable(schema.Time),
  revokedBy: schema.nullable(Type.String()),
}
const Key = Type.Object(key)

const answer = (row: ApiKeyTable): Static<typeof Key> => ({
  id: row.id,
  name: row.name,
  scope: JSON.parse(row.scope) as Assignment[],
  actor: row.actor,
  createdAt: timeText(row.created_at),
  expiresAt: timeTextOrNull(row.expires_at),
  lastUsedAt: timeTextOrNull(row.last_used_at),
  revokedAt: timeTextOrNull(row.revoked_at),
  revokedBy: row.revoked_by,
})

/** A key that is asked for without a scope may do what its maker may: as long as they may, or as the key that made it. */
const wholeScope = ({ keyId, grants }: Member): Assignment[] =>
  keyId === null
    ? [{ role: null, permission: root, team: null }]
    : grants.map(({ permission, team }) => ({ role: null, permission, team }))

export function keyRoutes(services: Services): Route[] {
  const { storage, now } = services
  return [
    route({
      method: 'GET',
      url: '/api/keys',
      access: { permission: 'key.read' },
      tag: 'People',
      summary: 'Your API keys, the newest first',
      query: Type.Object(
        {
          all: Type.Boolean({
            default: false,
            description: 'Those of everybody, for the whole organization',
          }),
          ...schema.paging,
        },
        schema.strict,
      ),
      status: 200,
      answer: schema.page(Key),
      async handler({ query: { all, cursor, limit }, viewer }) {
        if (all) requireAllowed(viewer, 'user.read', null)
        const owner = all ? 'all' : { userId: viewer.userId }
        const rows = await storage.query('listKeys', { before: decodeId(cursor), limit: limit + 1, owner })
        const page = pageOf(rows, limit, ({ id }) => id)
        return { items: page.rows.map(answer), next: page.next }
      },
    }),
    route({
      method: 'POST',
      url: '/api/keys',
      access: { permission: 'key.create' },
      tag: 'People',
      summary: 'Make an API key',
      description:
        'Its token is told this once; send it as `Authorization: Bearer <token>`. It never may do more than you, ' +
        'and ends when you are disabled.',
      body: Type.Object(
        {
          name: Type.String({
            minLength: 1,
            maxLength: 60,
            pattern: '^[^\\s\\p{C}](?:[^\\p{C}]*[^\\s\\p{C}])?$',
          }),
          scope: Type.Optional(
            Type.Array(Given, { minItems: 1, maxItems: 50, description: 'All that you may, unless given' }),
          ),
          expiresAt: Type.Optional(Type.String({ format: 'date-time', description: 'Never, unless given' })),
        },
        schema.strict,
      ),
      audit: 'key.create',
      status: 201,
      answer: Type.Object({ ...key, token: Type.String() }),
      async handler({ body, viewer }) {
        const nowMs = now()
        const expiresAtMs = body.expiresAt === undefined ? null : Date.parse(body.expiresAt)
        if (expiresAtMs !== null && expiresAtMs <= nowMs)
          throw invalidBody([{ path: '/expiresAt', message: 'lies in the past' }])
        const scope: Assignment[] = []
        for (const [place, given] of (body.scope ?? []).entries())
          scope.push(await checkGiven(services, viewer, given, `/scope/${place}`))
        const token = newToken('key')
        const row = await storage.execute('createKey', {
          id: newId('key'),
          token_hash: hashToken(token),
          name: body.name,
          user_id: viewer.userId,
          scope: JSON.stringify(body.scope === undefined ? wholeScope(viewer) : scope),
          actor: viewer.actor,
          created_at: nowMs,
          expires_at: expiresAtMs,
        })
        return { ...answer(row), token }
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/keys/:id',
      access: { permission: 'key.delete' },
      tag: 'People',
      summary: 'End an API key at once',
      description: 'Your own; somebody else’s by whoever may change users.',
      params: schema.ById,
      audit: 'key.revoke',
      status: 200,
      answer: Key,
      async handler({ params: { id }, viewer }) {
        const row = await storage.query('findKey', { id })
        const isTheirs = row !== null && row.user_id === viewer.userId
        if (row === null || (!isTheirs && !allows(viewer.grants, 'user.update', null)))
          throw notFound('key', id)
        return answer(await storage.execute('revokeKey', { id, actor: viewer.actor, nowMs: now() }))
      },
    }),
  ]
}
