import {
  allows,
  allowsSomewhere,
  type Permission,
  type Teams,
  teamsOf as teamsOfGrants,
} from '../core/permission.ts'
import { notFound, Problem } from './errors.ts'
import type { Access } from './route.ts'
import type { Member } from './member.ts'
import type { Viewer } from './viewer.ts'

/** Whether the rule of a route lets somebody in; what they may do there, the resource's team decides. */
export function admit(access: Access, viewer: Viewer): void {
  if (access === 'public') return
  if (viewer.kind === 'nobody')
    throw new Problem('access.unauthenticated', 'This needs a token, an API key or a session')
  if (viewer.kind === 'visitor') {
    if (access !== 'member' && access.visitors === true) return
    throw new Problem('access.denied', 'This is not for visitors')
  }
  if (access === 'member') return
  const { permission, organization = false } = access
  if (organization ? allows(viewer.grants, permission, null) : allowsSomewhere(viewer.grants, permission))
    return
  throw denied(permission, organization ? null : undefined)
}

function denied(permission: string, team: string | null | undefined): Problem {
  const place =
    team === undefined ? 'in some team' : team === null ? 'for the whole organization' : `in the team ${team}`
  return new Problem('access.denied', `This needs the permission ${permission} ${place}`)
}

/** Something that a team owns, or (null) the organization as a whole. */
export interface Owned {
  what: string
  reference: string
  team: string | null
}

/** What somebody may not see is as if it did not exist; what they may see but not do is refused. */
export function checkAllowed(viewer: Member, { what, reference, team }: Owned, permission: Permission): void {
  if (allows(viewer.grants, permission, team)) return
  if (!maySee(viewer, permission, team)) throw notFound(what, reference)
  throw denied(permission, team)
}

export const maySee = (viewer: Member, permission: Permission, team: string | null): boolean =>
  allows(viewer.grants, `${permission.slice(0, permission.indexOf('.'))}.read`, team)

/** Of an endpoint, or of what came to one: visitors have those that were made for them. */
export function checkOwner(
  viewer: Viewer,
  owned: Owned & { endpointId: string | null },
  permission: Permission,
): void {
  if (viewer.kind === 'member') return checkAllowed(viewer, owned, permission)
  const isTheirs =
    viewer.kind === 'visitor' && owned.endpointId !== null && viewer.endpointIds.has(owned.endpointId)
  if (!isTheirs) throw notFound(owned.what, owned.reference)
}

/** What is no resource that one could fail to see. */
export function requireAllowed(viewer: Member, permission: Permission, team: string | null): void {
  if (!allows(viewer.grants, permission, team)) throw denied(permission, team)
}

export const teamsOf = (viewer: Member, permission: Permission): Teams =>
  teamsOfGrants(viewer.grants, permission)

/** The same for each of many that are in memory. */
export function seesOf(viewer: Member, permission: Permission): (owned: Pick<Owned, 'team'>) => boolean {
  const teams = teamsOf(viewer, permission)
  return ({ team }) => teams === 'all' || (team !== null && teams.includes(team))
}

/** As filters have it: nothing where all are meant. */
export const narrowedTo = (teams: Teams): { teams?: readonly string[] } => (teams === 'all' ? {} : { teams })
