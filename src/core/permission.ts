/** Who may do what: dotted permissions, held for one team or for the whole organization. */

const verbs = {
  endpoint: ['create', 'read', 'update', 'delete'],
  event: ['read', 'send', 'replay'],
  reaction: ['create', 'read', 'update', 'delete'],
  run: ['read', 'retry', 'cancel'],
  job: ['create', 'read', 'update'],
  view: ['create', 'read', 'update', 'delete'],
  share: ['create', 'read', 'delete'],
  listener: ['create', 'read', 'update', 'delete'],
  source: ['create', 'read', 'delete'],
  alarm: ['read'],
  statistics: ['read'],
  practice: ['read', 'update'],
  secret: ['create', 'read', 'update', 'delete', 'use'],
  /** Hooks as another product calls them. */
  webhook: ['create', 'read', 'update', 'delete'],
  key: ['create', 'read', 'delete'],
  team: ['create', 'read', 'update', 'delete'],
  user: ['create', 'read', 'update', 'delete'],
  role: ['create', 'delete'],
  audit: ['read'],
  setting: ['read', 'update'],
} as const

type Verbs = typeof verbs
export type Permission = { [S in keyof Verbs]: `${S}.${Verbs[S][number]}` }[keyof Verbs]

export const permissions: readonly Permission[] = Object.entries(verbs).flatMap(([subject, names]) =>
  names.map(name => `${subject}.${name}` as Permission),
)

/** Implies every permission. */
export const root = '*'

/** What somebody holds: a permission or a prefix of some, for a team, or (null) for the organization and every team. */
export interface Grant {
  permission: string
  team: string | null
}

/** `reaction` implies `reaction.update`; the root implies everything. */
export const implies = (held: string, wanted: string): boolean =>
  held === root || held === wanted || wanted.startsWith(`${held}.`)

/** Whether they may do it to what a team owns; null is what the organization as a whole owns. */
export const allows = (grants: readonly Grant[], permission: string, team: string | null): boolean =>
  grants.some(grant => (grant.team === null || grant.team === team) && implies(grant.permission, permission))

/** Whether they may do it to anything at all. */
export const allowsSomewhere = (grants: readonly Grant[], permission: string): boolean =>
  grants.some(grant => implies(grant.permission, permission))

/** The teams on whose things they may do it; `all` includes what the organization as a whole owns. */
export type Teams = 'all' | readonly string[]

export function teamsOf(grants: readonly Grant[], permission: string): Teams {
  const teams = new Set<string>()
  for (const grant of grants) {
    if (!implies(grant.permission, permission)) continue
    if (grant.team === null) return 'all'
    teams.add(grant.team)
  }
  return [...teams].sort()
}

export const includesTeam = (teams: Teams, team: string | null): boolean =>
  teams === 'all' || (team !== null && teams.includes(team))

/** What both allow: of an API key, what its owner may and its scope names. */
export function commonGrants(some: readonly Grant[], others: readonly Grant[]): Grant[] {
  const common = some.flatMap(one =>
    others.flatMap(other => {
      const permission = narrower(one.permission, other.permission)
      if (permission === null) return []
      if (one.team !== null && other.team !== null && one.team !== other.team) return []
      return [{ permission, team: one.team ?? other.team }]
    }),
  )
  return withoutRepeats(common)
}

function narrower(one: string, other: string): string | null {
  if (implies(one, other)) return other
  return implies(other, one) ? one : null
}

export const withoutRepeats = (grants: readonly Grant[]): Grant[] => [
  ...new Map(grants.map(grant => [`${grant.permission} ${grant.team ?? ''}`, grant])).values(),
]

/** Whether somebody with the first may give away the second: nobody gives what they do not have. */
export const covers = (held: readonly Grant[], given: readonly Grant[]): boolean =>
  given.every(({ permission, team }) => allows(held, permission, team))

export const roleNames = ['admin', 'editor', 'viewer'] as const
export type RoleName = (typeof roleNames)[number]

/** Of one's own: a key never holds more than its owner does. */
const ownKeys = ['key.create', 'key.delete'] as const

export const roles: Record<RoleName, { meaning: string; permissions: readonly string[] }> = {
  admin: { meaning: 'Everything, its people included', permissions: [root] },
  editor: {
    meaning: 'Makes and changes what the team owns, and uses its secrets',
    permissions: [
      'endpoint',
      'event',
      'reaction',
      'run',
      'job',
      'view',
      'share',
      'listener',
      'source',
      'webhook',
      'alarm.read',
      'statistics.read',
      'practice.read',
      'secret.read',
      'secret.use',
      'team.read',
      'user.read',
      'key.read',
      ...ownKeys,
    ],
  },
  viewer: {
    meaning: 'Sees what the team owns',
    permissions: [
      ...permissions.filter(
        name => name.endsWith('.read') && !name.startsWith('audit.') && !name.startsWith('setting.'),
      ),
      ...ownKeys,
    ],
  },
}

export const grantsOfRole = (role: RoleName, team: string | null): Grant[] =>
  roles[role].permissions.map(permission => ({ permission, team }))

/** Whether it is a permission, or stands above some. */
export const isPermission = (text: string): boolean => permissions.some(one => implies(text, one))

/** One line of who may do what: a role, or a single permission. */
export interface Assignment {
  role: string | null
  permission: string | null
  team: string | null
}

/** What assignments come to; one with a role that no longer exists gives nothing. */
export const grantsOf = (assignments: readonly Assignment[]): Grant[] =>
  withoutRepeats(
    assignments.flatMap(({ role, permission, team }) => [
      ...(role !== null && isRole(role) ? grantsOfRole(role, team) : []),
      ...(permission !== null ? [{ permission, team }] : []),
    ]),
  )

export const isRole = (text: string): text is RoleName => (roleNames as readonly string[]).includes(text)
