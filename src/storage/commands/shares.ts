import type { Transaction } from '../hot.ts'
import { Refusal } from '../refusal.ts'
import type { ShareTable } from '../schema.ts'

export type NewShare = Omit<ShareTable, 'revoked_at' | 'revoked_by'> & {
  /** Refused with `too-many` when as many others are open. */
  limitOfOpen: number
}

/** A link to one event; refused when the event is gone meanwhile. */
export async function createShare(
  trx: Transaction,
  { limitOfOpen, ...share }: NewShare,
): Promise<ShareTable> {
  const event = await trx.db
    .selectFrom('event')
    .select('id')
    .where('id', '=', share.event_id)
    .executeTakeFirst()
  if (!event) throw new Refusal('not-found', `There is no event ${share.event_id}`)
  const { open } = await trx.db
    .selectFrom('share')
    .select(count => count.fn.countAll<number | string>().as('open'))
    .where('expires_at', '>', share.created_at)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow()
  if (Number(open) >= limitOfOpen)
    throw new Refusal(
      'too-many',
      `${limitOfOpen} links are open already; revoke one that is no longer needed`,
    )
  const row = { ...share, revoked_at: null, revoked_by: null }
  await trx.db.insertInto('share').values(row).execute()
  return row
}

/** Ends it at once; a second time changes nothing. The row stays until it would have expired: who shared what, and who ended it. */
export async function revokeShare(
  trx: Transaction,
  input: { id: string; actor: string; atMs: number },
): Promise<ShareTable> {
  const share = await trx.db.selectFrom('share').selectAll().where('id', '=', input.id).executeTakeFirst()
  if (!share) throw new Refusal('not-found', `There is no share ${input.id}`)
  if (share.revoked_at !== null) return share
  const set = { revoked_at: input.atMs, revoked_by: input.actor }
  await trx.db.updateTable('share').set(set).where('id', '=', input.id).execute()
  return { ...share, ...set }
}
