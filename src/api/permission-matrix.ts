import { allows, allowsSomewhere, type Grant, grantsOfRole } from '../core/permission.ts'
import { adminGrants } from './member.ts'
import type { Route } from './route.ts'

/** Who asks for something that the team `alpha` owns, for the table of who may do what. */
export const people = {
  nobody: null,
  visitor: null,
  viewer: grantsOfRole('viewer', 'alpha'),
  editor: grantsOfRole('editor', 'alpha'),
  'team admin': grantsOfRole('admin', 'alpha'),
  'admin of another team': grantsOfRole('admin', 'beta'),
  'organization admin': adminGrants,
} satisfies Record<string, readonly Grant[] | null>
export type Person = keyof typeof people

/** `own`: what is one's own, or one's teams', and nothing else. Numbers are statuses of a refusal. */
export type Outcome = 'yes' | 'own' | 401 | 403 | 404

type Row = Pick<Route, 'access' | 'url' | 'method'>

/** Keys are their owner's, whatever the team; here that is the viewer. */
const isOfSomebody = ({ url }: Row): boolean => url === '/api/keys/:id'
/** Whom a role is given to may be of any team; that it is given in this one counts. */
const isGiving = ({ url, method }: Row): boolean => url === '/api/users/:reference/roles' && method === 'POST'

export function outcomeOf(row: Row, person: Person): Outcome {
  const { access, url } = row
  const isOfTeam = url.includes('/:')
  if (access === 'public') return 'yes'
  const grants = people[person]
  if (person === 'nobody') return 401
  if (grants === null) {
    if (access === 'member' || access.visitors !== true) return 403
    return isOfTeam ? 404 : 'own'
  }
  if (access === 'member') return 'own'
  const { permission, organization = false } = access
  if (organization) return allows(grants, permission, null) ? 'yes' : 403
  if (!allowsSomewhere(grants, permission)) return 403
  if (isOfSomebody(row)) return person === 'viewer' || allows(grants, 'user.update', null) ? 'yes' : 404
  if (!isOfTeam) return allows(grants, permission, null) ? 'yes' : 'own'
  if (allows(grants, permission, 'alpha')) return 'yes'
  if (isGiving(row)) return 403
  return allows(grants, `${permission.split('.')[0]}.read`, 'alpha') ? 403 : 404
}

export function ruleOf({ access }: Row): string {
  if (access === 'public') return 'everybody'
  if (access === 'member') return 'whoever is signed in'
  const { permission, organization = false, visitors = false } = access
  const place = organization ? ', in the whole organization' : ''
  return `\`${permission}\`${place}${visitors ? '; visitors' : ''}`
}
