import type { Kysely } from 'kysely'
import type { Database, ShareTable } from '../schema.ts'

/** Newest first: ids grow with time. */
export function listShares(
  db: Kysely<Database>,
  input: { before: string; limit: number; eventId: string | null },
): Promise<ShareTable[]> {
  let query = db.selectFrom('share').selectAll()
  if (input.before !== '') query = query.where('id', '<', input.before)
  if (input.eventId !== null) query = query.where('event_id', '=', input.eventId)
  return query.orderBy('id', 'desc').limit(input.limit).execute()
}
