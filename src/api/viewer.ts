import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { hashToken } from '../core/seal.ts'
import { readCookie, readViewKeys, sessionCookie } from './cookies.ts'
import { administrator, type Member, memberOfKey, memberOfSession } from './member.ts'
import type { Services } from './services.ts'

/** Who a request is from. */
export type Viewer =
  | Member
  | { kind: 'visitor'; actor: string; endpointIds: ReadonlySet<string> }
  | { kind: 'nobody' }

const nobody: Viewer = { kind: 'nobody' }

/** Of a WebSocket's upgrade request it needs no more than of any other: the headers. */
export type Identify = (request: { headers: IncomingHttpHeaders }) => Promise<Viewer>

type Needs = Pick<Services, 'storage' | 'configuration' | 'config' | 'trial' | 'now' | 'onError'>

/** A credential that is present and wrong makes a nobody: it is never passed over for a weaker one. */
export function createIdentify(services: Needs): Identify {
  const endpointOfKey = followViewKeys(services)
  return async ({ headers }) => {
    if (headers.authorization !== undefined) {
      const token = /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1]
      return token === undefined ? nobody : ((await memberOfToken(services, token)) ?? nobody)
    }
    const token = readCookie(headers.cookie, sessionCookie)
    const member = token === null ? null : await memberOfSession(services, token)
    if (member !== null) return member
    return visitor(services, headers.cookie, endpointOfKey)
  }
}

const memberOfToken = async (services: Needs, token: string): Promise<Member | null> =>
  (await isAdminToken(services, token)) ? administrator('token') : memberOfKey(services, token)

/** Compares hashes of equal length, in the same time wherever they differ. */
export async function isAdminToken({ storage }: Pick<Services, 'storage'>, token: string): Promise<boolean> {
  const expected = await storage.read('installation', { key: 'adminTokenHash' })
  if (expected === null) return false
  const given = Buffer.from(hashToken(token))
  const wanted = Buffer.from(expected)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

export const visitorsAllowed = ({ config, trial }: Pick<Services, 'config' | 'trial'>): boolean =>
  config.allowVisitors ?? trial.active

function visitor(services: Needs, cookie: string | undefined, endpointOfKey: EndpointOfKey): Viewer {
  const keys = readViewKeys(cookie)
  if (keys.length === 0 || !visitorsAllowed(services)) return nobody
  const endpointIds = new Set(
    keys.map(({ key }) => endpointOfKey(hashToken(key))).filter(endpointId => endpointId !== null),
  )
  if (endpointIds.size === 0) return nobody
  return { kind: 'visitor', actor: visitorActor(keys.find(({ shared }) => !shared)?.key), endpointIds }
}

/** A visitor is known by the first key that was made for them; its hash tells nothing of the key. */
export const visitorActor = (ownKey: string | undefined): string =>
  ownKey === undefined ? 'visitor' : `visitor:${hashToken(ownKey).slice(0, 12)}`

export type EndpointOfKey = (viewKeyHash: string) => string | null

const followed = new WeakMap<object, EndpointOfKey>()

/** Keeps the view keys of visitors' endpoints at hand; one map for each configuration. */
export function followViewKeys({
  configuration,
  now,
}: Pick<Services, 'configuration' | 'now'>): EndpointOfKey {
  const known = followed.get(configuration)
  if (known) return known
  const ids = new Map<string, string>()
  const take = (endpoints: Iterable<{ id: string; viewKeyHash: string | null; state: string }>) => {
    for (const { id, viewKeyHash, state } of endpoints) {
      if (viewKeyHash === null) continue
      if (state === 'deleted') ids.delete(viewKeyHash)
      else ids.set(viewKeyHash, id)
    }
  }
  take(configuration.endpoints.values())
  configuration.onChange(change => take(change.endpoints))
  const find: EndpointOfKey = viewKeyHash => {
    const endpoint = configuration.endpoints.get(ids.get(viewKeyHash) ?? '')
    if (endpoint === undefined) return null
    return endpoint.expiresAtMs !== null && endpoint.expiresAtMs <= now() ? null : endpoint.id
  }
  followed.set(configuration, find)
  return find
}
