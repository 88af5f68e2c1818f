import { allows, type Grant, type Teams, teamsOf } from '../../core/permission.ts'
import type { Services } from '../services.ts'
import { createIdentify } from '../viewer.ts'

/** Who asks, and what they may do: permissions by tsuru's names, `null` for what belongs to no team. */
export interface Caller {
  actor: string
  /** As tsuru shows who did something. */
  name: string
  grants: readonly Grant[]
  /** Of the key that they came with. */
  keyId: string | null
  allows(permission: string, team: string | null): boolean
  teams(permission: string): 'all' | readonly string[]
}

export type FindCaller = (authorization: string | undefined) => Promise<Caller | null>

export function createFindCaller(services: Services): FindCaller {
  const identify = createIdentify(services)
  return async authorization => {
    const token = readToken(authorization)
    if (token === null) return null
    // No cookie is looked at here, so nothing that another site's page could send along.
    const viewer = await identify({ headers: { authorization: `Bearer ${token}` } })
    if (viewer.kind !== 'member') return null
    const { actor, grants, keyId } = viewer
    return {
      actor,
      name: /^key:.* \((.*)\)$/.exec(actor)?.[1] ?? actor.replace(/^user:/, ''),
      grants,
      keyId,
      allows: (permission, team) => namesOf(permission).some(name => allows(grants, name, team)),
      teams: permission =>
        namesOf(permission)
          .map(name => teamsOf(grants, name))
          .reduce(unite),
    }
  }
}

/** What tsuru calls a webhook is a reaction here: whoever may change the one may change the other. */
const namesOf = (permission: string): string[] =>
  permission.startsWith('webhook.') ? [permission, permission.replace('webhook.', 'reaction.')] : [permission]

const unite = (some: Teams, others: Teams): Teams =>
  some === 'all' || others === 'all' ? 'all' : [...new Set([...some, ...others])].sort()

/** `bearer X`, `Bearer X`, or X alone. */
function readToken(authorization: string | undefined): string | null {
  const parts = (authorization ?? '').split(' ')
  return parts.length > 2 ? null : parts.at(-1) || null
}
