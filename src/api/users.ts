import Type, { type Static } from 'typebox'
import { newId } from '../core/ids.ts'
import {
  allows,
  type Assignment,
  covers,
  grantsOf,
  includesTeam,
  isPermission,
  roleNames,
  type Teams,
} from '../core/permission.ts'
import { hashToken, newToken } from '../core/seal.ts'
import { timeText, timeTextOrNull } from '../core/summary.ts'
import type { RoleAssignmentTable, UserTable } from '../storage/schema.ts'
import { invalidBody, notFound, Problem } from './errors.ts'
import type { Member } from './member.ts'
import { decodeId, pageOf } from './paging.ts'
import { requireAllowed, teamsOf } from './permit.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

const invitationLifeMs = 72 * 3_600_000

/** A role, or a single permission. */
export const Given = Type.Object(
  {
    role: Type.Optional(Type.Enum([...roleNames])),
    permission: Type.Optional(
      Type.String({ maxLength: 60, description: 'Such as `event.send`; `event` stands for all below it' }),
    ),
    team: Type.Optional(
      schema.nullable(
        Type.String({ maxLength: 60, description: 'Left out or null: in the whole organization' }),
      ),
    ),
  },
  schema.strict,
)

/** Throws a Problem for what is no role, or more than whoever gives it has. */
export async function checkGiven(
  { storage }: Pick<Services, 'storage'>,
  viewer: Member,
  given: Static<typeof Given>,
  path: string,
): Promise<Assignment> {
  const { role = null, permission = null, team = null } = given
  if ((role === null) === (permission === null))
    throw invalidBody([{ path, message: 'must have a role or a permission, and not both' }])
  if (permission !== null && !isPermission(permission))
    throw invalidBody([
      { path: `${path}/permission`, message: 'is no permission; docs/permissions.md lists them' },
    ])
  if (team !== null && (await storage.query('findTeam', { name: team })) === null)
    throw invalidBody([{ path: `${path}/team`, message: `names no team that exists: ${team}` }])
  const assignment = { role, permission, team }
  if (!covers(viewer.grants, grantsOf([assignment])))
    throw new Problem('access.denied', `You cannot give more than you have: ${inWords(assignment)}`)
  return assignment
}

const inWords = ({ role, permission, team }: Assignment): string =>
  `${role ?? permission} in ${team === null ? 'the whole organization' : `the team ${team}`}`

const Role = Type.Object({
  id: Type.String(),
  role: schema.nullable(Type.String()),
  permission: schema.nullable(Type.String()),
  team: schema.nullable(Type.String()),
  actor: Type.String(),
  createdAt: schema.Time,
})
const user = {
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  state: Type.Enum(['active', 'disabled']),
  hasPassword: Type.Boolean(),
  roles: Type.Array(Role, { description: 'Those in teams that you may see' }),
  actor: Type.String(),
  createdAt: schema.Time,
  signedInAt: schema.nullable(schema.Time),
}
const User = Type.Object(user)
const Invitation = Type.Object({
  url: Type.String({ description: 'Sets the password, once, within 72 hours' }),
  expiresAt: schema.Time,
})

const answer = (
  row: UserTable,
  roles: readonly RoleAssignmentTable[],
  teams: Teams,
): Static<typeof User> => ({
  id: row.id,
  email: row.email,
  name: row.name,
  state: row.state as 'active' | 'disabled',
  hasPassword: row.password !== null,
  roles: roles
    .filter(({ user_id, team }) => user_id === row.id && includesTeam(teams, team))
    .map(({ id, role, permission, team, actor, created_at }) => ({
      id,
      role,
      permission,
      team,
      actor,
      createdAt: timeText(created_at),
    })),
  actor: row.actor,
  createdAt: timeText(row.created_at),
  signedInAt: timeTextOrNull(row.signed_in_at),
})

const byReference = Type.Object(
  { reference: Type.String({ minLength: 1, maxLength: 254, description: 'Id or email' }) },
  schema.strict,
)

export function userRoutes(services: Services): Route[] {
  const { storage, now } = services

  const find = async (reference: string): Promise<UserTable> => {
    const row = await storage.query('findUser', { reference: reference.toLowerCase() })
    if (row === null) throw notFound('user', reference)
    return row
  }
  const rolesOf = ({ id }: UserTable) => storage.query('assignmentsOf', { userIds: [id] })
  const answerOf = async (viewer: Member, row: UserTable) =>
    answer(row, await rolesOf(row), teamsOf(viewer, 'user.read'))

  /** Whoever could set another's password, or keep them out, must not gain by it. */
  const findLesser = async (viewer: Member, reference: string): Promise<UserTable> => {
    const row = await find(reference)
    if (!covers(viewer.grants, grantsOf(await rolesOf(row))))
      throw new Problem('access.denied', `${row.email} may do more than you; somebody with as much does this`)
    return row
  }

  const invite = async (viewer: Member, { id }: UserTable): Promise<Static<typeof Invitation>> => {
    const token = newToken('invite')
    const nowMs = now()
    await storage.execute('inviteUser', {
      token_hash: hashToken(token),
      user_id: id,
      actor: viewer.actor,
      created_at: nowMs,
      expires_at: nowMs + invitationLifeMs,
    })
    return { url: `${services.baseUrl()}/invitation#${token}`, expiresAt: timeText(nowMs + invitationLifeMs) }
  }

  const assign = (viewer: Member, row: UserTable, given: Assignment) =>
    storage.execute('assignRole', {
      id: newId('role'),
      user_id: row.id,
      ...given,
      actor: viewer.actor,
      created_at: now(),
    })

  return [
    route({
      method: 'GET',
      url: '/api/users',
      access: { permission: 'user.read' },
      tag: 'People',
      summary: 'Users by email: those of your teams, or all for whoever may see the whole organization',
      query: Type.Object(schema.paging, schema.strict),
      status: 200,
      answer: schema.page(User),
      async handler({ query: { cursor, limit }, viewer }) {
        const teams = teamsOf(viewer, 'user.read')
        const rows = await storage.query('listUsers', { after: decodeId(cursor), limit: limit + 1, teams })
        const page = pageOf(rows, limit, ({ email }) => email)
        const roles = await storage.query('assignmentsOf', { userIds: page.rows.map(({ id }) => id) })
        return { items: page.rows.map(row => answer(row, roles, teams)), next: page.next }
      },
    }),
    route({
      method: 'POST',
      url: '/api/users',
      access: { permission: 'user.create' },
      tag: 'People',
      summary: 'Make a user, and an invitation to set their password',
      description:
        'Whoever may do so in some teams alone gives them a role there. Nobody gives more than they have.',
      body: Type.Object(
        {
          email: Type.String({ maxLength: 254, pattern: '^[^\\s@\\p{C}]+@[^\\s@\\p{C}]+$' }),
          name: Type.Optional(Type.String({ maxLength: 100, pattern: '^\\P{C}*$' })),
          roles: Type.Optional(Type.Array(Given, { maxItems: 50 })),
        },
        schema.strict,
      ),
      audit: 'user.create',
      status: 201,
      answer: Type.Object({ ...user, invitation: Invitation }),
      async handler({ body, viewer }) {
        const roles: Assignment[] = []
        for (const [place, given] of (body.roles ?? []).entries())
          roles.push(await checkGiven(services, viewer, given, `/roles/${place}`))
        if (!allows(viewer.grants, 'user.create', null)) {
          if (roles.length === 0)
            throw invalidBody([{ path: '/roles', message: 'must name a role in one of your teams' }])
          for (const { team } of roles) requireAllowed(viewer, 'user.create', team)
        }
        const email = body.email.toLowerCase()
        const row = await storage.execute('createUser', {
          id: newId('usr'),
          email,
          name: body.name ?? email.slice(0, email.indexOf('@')),
          password: null,
          oidc_issuer: null,
          oidc_subject: null,
          state: 'active',
          actor: viewer.actor,
          created_at: now(),
        })
        for (const given of roles) await assign(viewer, row, given)
        return { ...(await answerOf(viewer, row)), invitation: await invite(viewer, row) }
      },
    }),
    route({
      method: 'GET',
      url: '/api/users/:reference',
      access: { permission: 'user.read' },
      tag: 'People',
      summary: 'One user',
      params: byReference,
      status: 200,
      answer: User,
      async handler({ params: { reference }, viewer }) {
        const seen = await answerOf(viewer, await find(reference))
        const isSeen =
          seen.roles.length > 0 || seen.id === viewer.userId || teamsOf(viewer, 'user.read') === 'all'
        if (!isSeen) throw notFound('user', reference)
        return seen
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/users/:reference',
      access: { permission: 'user.update', organization: true },
      tag: 'People',
      summary: 'Rename, disable or enable a user',
      description: 'Whoever is disabled is signed out at once, and their keys open nothing.',
      params: byReference,
      body: Type.Object(
        {
          name: Type.Optional(Type.String({ minLength: 1, maxLength: 100, pattern: '^\\P{C}*$' })),
          state: Type.Optional(Type.Enum(['active', 'disabled'])),
        },
        schema.strict,
      ),
      audit: 'user.update',
      status: 200,
      answer: User,
      async handler({ params: { reference }, body, viewer }) {
        const row = await findLesser(viewer, reference)
        if (row.id === viewer.userId && body.state === 'disabled')
          throw new Problem('state-conflict', 'Nobody disables themselves; another administrator does')
        return answerOf(viewer, await storage.execute('updateUser', { id: row.id, nowMs: now(), set: body }))
      },
    }),
    route({
      method: 'POST',
      url: '/api/users/:reference/invitation',
      access: { permission: 'user.update', organization: true },
      tag: 'People',
      summary: 'Make a link by which a user sets their password',
      description: 'It works once, for 72 hours, and takes the place of the one before.',
      params: byReference,
      audit: 'user.invite',
      status: 201,
      answer: Invitation,
      handler: async ({ params: { reference }, viewer }) =>
        invite(viewer, await findLesser(viewer, reference)),
    }),
    route({
      method: 'POST',
      url: '/api/users/:reference/roles',
      access: { permission: 'role.create' },
      tag: 'People',
      summary: 'Give a user a role, or a single permission',
      params: byReference,
      body: Given,
      audit: 'user.assign-role',
      status: 201,
      answer: User,
      async handler({ params: { reference }, body, viewer }) {
        const given = await checkGiven(services, viewer, body, '')
        requireAllowed(viewer, 'role.create', given.team)
        const row = await find(reference)
        await assign(viewer, row, given)
        return answerOf(viewer, row)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/users/:reference/roles/:id',
      access: { permission: 'role.delete' },
      tag: 'People',
      summary: 'Take a role from a user',
      params: Type.Object({ ...byReference.properties, ...schema.ById.properties }, schema.strict),
      audit: 'user.unassign-role',
      status: 204,
      answer: null,
      async handler({ params: { reference, id }, viewer }) {
        const row = await find(reference)
        const role = (await rolesOf(row)).find(one => one.id === id)
        const teams = teamsOf(viewer, 'role.delete')
        if (role === undefined || !includesTeam(teams, role.team)) throw notFound('role', id)
        if (!covers(viewer.grants, grantsOf([role])))
          throw new Problem('access.denied', `You cannot take what you do not have: ${inWords(role)}`)
        await storage.execute('unassignRole', { id })
      },
    }),
  ]
}
