import type { Kysely } from 'kysely'
import type { Teams } from '../../core/permission.ts'
import type { Database, ShareTable } from '../schema.ts'
import { namesOf } from './teams.ts'

/** Newest first: ids grow with time. */
export function listShares(
  db: Kysely<Database>,
  input: { before: string; limit: number; eventId: string | null; teams: Teams },
): Promise<ShareTable[]> {
  let query = db.selectFrom('share').selectAll()
  if (input.before !== '') query = query.where('id', '<', input.before)
  if (input.eventId !== null) query = query.where('event_id', '=', input.eventId)
  if (input.teams !== 'all') query = query.where('team', 'in', namesOf(input.teams))
  return query.orderBy('id', 'desc').limit(input.limit).execute()
}

export async function findShare(db: Kysely<Database>, input: { id: string }): Promise<ShareTable | null> {
  return (await db.selectFrom('share').selectAll().where('id', '=', input.id).executeTakeFirst()) ?? null
}
