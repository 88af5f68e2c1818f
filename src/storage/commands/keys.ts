import type { Transaction } from '../hot.ts'
import { Refusal } from '../refusal.ts'
import type { ApiKeyTable } from '../schema.ts'

export async function createKey(
  trx: Transaction,
  input: Omit<ApiKeyTable, 'last_used_at' | 'revoked_at' | 'revoked_by'>,
): Promise<ApiKeyTable> {
  const row = { ...input, last_used_at: null, revoked_at: null, revoked_by: null }
  await trx.db.insertInto('api_key').values(row).execute()
  return row
}

/** At once; a second time changes nothing. The row stays: who made it, and who ended it. */
export async function revokeKey(
  trx: Transaction,
  input: { id: string; actor: string; nowMs: number },
): Promise<ApiKeyTable> {
  const key = await trx.db.selectFrom('api_key').selectAll().where('id', '=', input.id).executeTakeFirst()
  if (!key) throw new Refusal('not-found', `There is no key ${input.id}`)
  if (key.revoked_at !== null) return key
  const set = { revoked_at: input.nowMs, revoked_by: input.actor }
  await trx.db.updateTable('api_key').set(set).where('id', '=', input.id).execute()
  return { ...key, ...set }
}

/** When keys and sessions were seen last: gathered, and written from time to time. */
export async function noteSeen(
  trx: Transaction,
  input: { keys: { id: string; atMs: number }[]; sessions: { tokenHash: string; atMs: number }[] },
): Promise<void> {
  for (const { id, atMs } of input.keys)
    await trx.db.updateTable('api_key').set({ last_used_at: atMs }).where('id', '=', id).execute()
  for (const { tokenHash, atMs } of input.sessions)
    await trx.db
      .updateTable('session')
      .set({ last_seen_at: atMs })
      .where('token_hash', '=', tokenHash)
      .execute()
}
