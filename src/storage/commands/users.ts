import type { Transaction } from '../hot.ts'
import { Refusal } from '../refusal.ts'
import type { InvitationTable, RoleAssignmentTable, UserTable } from '../schema.ts'
import { lockNames } from './configuration.ts'

export async function createUser(
  trx: Transaction,
  input: Omit<UserTable, 'updated_at' | 'signed_in_at'>,
): Promise<UserTable> {
  await lockNames(trx)
  const other = await trx.db
    .selectFrom('user_account')
    .select('id')
    .where('email', '=', input.email)
    .executeTakeFirst()
  if (other) throw new Refusal('name-taken', `There is a user ${input.email} already`)
  const row = { ...input, updated_at: input.created_at, signed_in_at: null }
  await trx.db.insertInto('user_account').values(row).execute()
  return row
}

export interface UserChange {
  id: string
  nowMs: number
  set: Partial<Pick<UserTable, 'name' | 'state' | 'oidc_issuer' | 'oidc_subject' | 'signed_in_at'>>
}

/** Whoever is disabled is signed out everywhere, and nobody sets their password by an invitation any more. */
export async function updateUser(trx: Transaction, { id, nowMs, set }: UserChange): Promise<UserTable> {
  const former = await existing(trx, id)
  const changed = { ...former, ...set, updated_at: nowMs }
  await trx.db.updateTable('user_account').set(changed).where('id', '=', id).execute()
  if (changed.state === 'disabled') {
    await trx.db.deleteFrom('session').where('user_id', '=', id).execute()
    await trx.db.deleteFrom('invitation').where('user_id', '=', id).execute()
  }
  return changed
}

/** Ends all sessions but the one that is kept, and every invitation: each rested on what went before. */
export async function setPassword(
  trx: Transaction,
  input: { userId: string; password: string; keepTokenHash: string | null; nowMs: number },
): Promise<void> {
  await existing(trx, input.userId)
  await trx.db
    .updateTable('user_account')
    .set({ password: input.password, updated_at: input.nowMs })
    .where('id', '=', input.userId)
    .execute()
  await trx.db
    .deleteFrom('session')
    .where('user_id', '=', input.userId)
    .where('token_hash', '!=', input.keepTokenHash ?? '')
    .execute()
  await trx.db.deleteFrom('invitation').where('user_id', '=', input.userId).execute()
}

/** Takes the place of those before. */
export async function inviteUser(trx: Transaction, row: InvitationTable): Promise<void> {
  const user = await existing(trx, row.user_id)
  if (user.state !== 'active')
    throw new Refusal('state-conflict', `The user ${user.email} is ${user.state}; enable them first`)
  await trx.db.deleteFrom('invitation').where('user_id', '=', row.user_id).execute()
  await trx.db.insertInto('invitation').values(row).execute()
}

/** Once, within its time. Answers whose it is; null where it opens nothing. */
export async function acceptInvitation(
  trx: Transaction,
  input: { tokenHash: string; password: string; nowMs: number },
): Promise<UserTable | null> {
  const invitation = await trx.db
    .deleteFrom('invitation')
    .where('token_hash', '=', input.tokenHash)
    .returning(['user_id', 'expires_at'])
    .executeTakeFirst()
  if (!invitation || invitation.expires_at <= input.nowMs) return null
  const user = await existing(trx, invitation.user_id)
  if (user.state !== 'active') return null
  const { password, nowMs } = input
  await setPassword(trx, { userId: user.id, password, keepTokenHash: null, nowMs })
  return updateUser(trx, { id: user.id, nowMs, set: { signed_in_at: nowMs } })
}

/** A second time changes nothing. */
export async function assignRole(trx: Transaction, row: RoleAssignmentTable): Promise<RoleAssignmentTable> {
  await lockNames(trx)
  await existing(trx, row.user_id)
  const known = await trx.db
    .selectFrom('role_assignment')
    .selectAll()
    .where('user_id', '=', row.user_id)
    .execute()
  const same = known.find(
    one => one.role === row.role && one.permission === row.permission && one.team === row.team,
  )
  if (same) return same
  await trx.db.insertInto('role_assignment').values(row).execute()
  return row
}

export async function unassignRole(trx: Transaction, input: { id: string }): Promise<void> {
  await trx.db.deleteFrom('role_assignment').where('id', '=', input.id).execute()
}

async function existing(trx: Transaction, id: string): Promise<UserTable> {
  const user = await trx.db.selectFrom('user_account').selectAll().where('id', '=', id).executeTakeFirst()
  if (!user) throw new Refusal('not-found', `There is no user ${id}`)
  return user
}
