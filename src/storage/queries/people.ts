import type { Kysely } from 'kysely'
import type { Teams } from '../../core/permission.ts'
import type { ApiKeyTable, Database, RoleAssignmentTable, TeamTable, UserTable } from '../schema.ts'
import { namesOf } from './teams.ts'

export function listTeams(db: Kysely<Database>, input: { teams: Teams }): Promise<TeamTable[]> {
  let query = db.selectFrom('team').selectAll().where('deleted_at', 'is', null).orderBy('name')
  if (input.teams !== 'all') query = query.where('name', 'in', namesOf(input.teams))
  return query.execute()
}

export async function findTeam(db: Kysely<Database>, input: { name: string }): Promise<TeamTable | null> {
  const query = db.selectFrom('team').selectAll().where('name', '=', input.name)
  return (await query.where('deleted_at', 'is', null).executeTakeFirst()) ?? null
}

/** By email; of some teams, those who have a part in one. */
export function listUsers(
  db: Kysely<Database>,
  input: { after: string; limit: number; teams: Teams },
): Promise<UserTable[]> {
  let query = db.selectFrom('user_account').selectAll().where('email', '>', input.after)
  const { teams } = input
  if (teams !== 'all')
    query = query.where('id', 'in', members =>
      members.selectFrom('role_assignment').select('user_id').where('team', 'in', namesOf(teams)),
    )
  return query.orderBy('email').limit(input.limit).execute()
}

/** By id or email. */
export async function findUser(
  db: Kysely<Database>,
  input: { reference: string },
): Promise<UserTable | null> {
  const row = await db
    .selectFrom('user_account')
    .selectAll()
    .where(where => where.or([where('id', '=', input.reference), where('email', '=', input.reference)]))
    .executeTakeFirst()
  return row ?? null
}

export function assignmentsOf(
  db: Kysely<Database>,
  input: { userIds: readonly string[] },
): Promise<RoleAssignmentTable[]> {
  return db
    .selectFrom('role_assignment')
    .selectAll()
    .where('user_id', 'in', namesOf(input.userIds))
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** Newest first; of one user, of those without one (null), or of all. */
export function listKeys(
  db: Kysely<Database>,
  input: { before: string; limit: number; owner: { userId: string | null } | 'all' },
): Promise<ApiKeyTable[]> {
  let query = db.selectFrom('api_key').selectAll()
  if (input.before !== '') query = query.where('id', '<', input.before)
  if (input.owner !== 'all') query = query.where('user_id', 'is not distinct from', input.owner.userId)
  return query.orderBy('id', 'desc').limit(input.limit).execute()
}

export async function findKey(db: Kysely<Database>, input: { id: string }): Promise<ApiKeyTable | null> {
  return (await db.selectFrom('api_key').selectAll().where('id', '=', input.id).executeTakeFirst()) ?? null
}
