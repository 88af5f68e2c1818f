import type { Permission } from '../core/permission.ts'
import { invalidBody } from './errors.ts'
import { requireAllowed, teamsOf } from './permit.ts'
import type { Services } from './services.ts'
import type { Member } from './member.ts'

/**
 * The team that owns what is made: the one that is named; else the organization, for whoever may do it there; else the
 * only team where they may.
 */
export async function chooseTeam(
  { storage }: Pick<Services, 'storage'>,
  viewer: Member,
  permission: Permission,
  given: string | null | undefined,
  path = '/team',
): Promise<string | null> {
  if (given !== undefined) {
    if (given !== null && (await storage.query('findTeam', { name: given })) === null)
      throw invalidBody([{ path, message: `names no team that exists: ${given}` }])
    requireAllowed(viewer, permission, given)
    return given
  }
  const teams = teamsOf(viewer, permission)
  if (teams === 'all') return null
  const [only] = teams
  if (only !== undefined && teams.length === 1) return only
  throw invalidBody([{ path, message: `must name one of your teams: ${teams.join(', ')}` }])
}

/** The team of what is changed: as it was, or where it is moved to by whoever may make such a thing there. */
export async function movedTo(
  services: Pick<Services, 'storage'>,
  viewer: Member,
  permission: Permission,
  former: string | null,
  given: string | null | undefined,
): Promise<string | null> {
  return given === undefined || given === former ? former : chooseTeam(services, viewer, permission, given)
}
