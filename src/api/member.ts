import { type Assignment, commonGrants, type Grant, grantsOf, root } from '../core/permission.ts'
import { hashToken } from '../core/seal.ts'
import type { UserTable } from '../storage/schema.ts'
import type { Services } from './services.ts'

/**
 * Somebody who is signed in. `by` says how they proved it: what comes by cookie may have been sent by another site's
 * page, what comes by token may not. The bootstrap administrator has no user and holds the root.
 */
export interface Member {
  kind: 'member'
  actor: string
  by: 'token' | 'session'
  grants: readonly Grant[]
  userId: string | null
  keyId: string | null
}

export const adminActor = 'admin'
export const adminGrants: readonly Grant[] = [{ permission: root, team: null }]
export const actorOfUser = ({ email }: Pick<UserTable, 'email'>): string => `user:${email}`

export const administrator = (by: Member['by']): Member => ({
  kind: 'member',
  actor: adminActor,
  by,
  grants: adminGrants,
  userId: null,
  keyId: null,
})

type Needs = Pick<Services, 'storage' | 'now' | 'onError'>

/** So exactly it is known when a key or a session was seen last: a write a request would be too many. */
const seenEveryMs = 60_000

interface Person {
  actor: string
  name: string
  grants: readonly Grant[]
}

/** Null for whoever was disabled, or is gone. */
async function personOf({ storage }: Needs, userId: string | null): Promise<Person | null> {
  if (userId === null) return { actor: adminActor, name: adminActor, grants: adminGrants }
  const found = await storage.read('person', { id: userId })
  if (found === null || found.user.state !== 'active') return null
  return { actor: actorOfUser(found.user), name: found.user.email, grants: grantsOf(found.assignments) }
}

export async function memberOfSession(services: Needs, token: string): Promise<Member | null> {
  const { storage, now, onError } = services
  const tokenHash = hashToken(token)
  const session = await storage.read('session', { tokenHash })
  const nowMs = now()
  if (session === null || session.expires_at <= nowMs) return null
  const person = await personOf(services, session.user_id)
  if (person === null) return null
  if (nowMs - (session.last_seen_at ?? 0) > seenEveryMs)
    storage.execute('noteSeen', { keys: [], sessions: [{ tokenHash, atMs: nowMs }] }).catch(onError)
  const { actor, grants } = person
  return { kind: 'member', actor, by: 'session', grants, userId: session.user_id, keyId: null }
}

/** Of what its scope names, a key may do what its owner may now. */
export async function memberOfKey(services: Needs, token: string): Promise<Member | null> {
  const { storage, now, onError } = services
  const key = await storage.read('apiKey', { tokenHash: hashToken(token) })
  const nowMs = now()
  if (key === null || key.revoked_at !== null) return null
  if (key.expires_at !== null && key.expires_at <= nowMs) return null
  const person = await personOf(services, key.user_id)
  if (person === null) return null
  if (nowMs - (key.last_used_at ?? 0) > seenEveryMs)
    storage.execute('noteSeen', { keys: [{ id: key.id, atMs: nowMs }], sessions: [] }).catch(onError)
  return {
    kind: 'member',
    actor: `key:${key.name} (${person.name})`,
    by: 'token',
    grants: commonGrants(person.grants, grantsOf(JSON.parse(key.scope) as Assignment[])),
    userId: key.user_id,
    keyId: key.id,
  }
}
