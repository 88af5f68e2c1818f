import type { Kysely } from 'kysely'
import type { Teams } from '../../core/permission.ts'
import type { Database, SavedViewTable } from '../schema.ts'
import { namesOf } from './teams.ts'

/** By name; of one list, or of all. */
export function listViews(
  db: Kysely<Database>,
  input: { list: string | null; teams: Teams },
): Promise<SavedViewTable[]> {
  let query = db.selectFrom('saved_view').selectAll().orderBy('name').orderBy('list')
  if (input.list !== null) query = query.where('list', '=', input.list)
  if (input.teams !== 'all') query = query.where('team', 'in', namesOf(input.teams))
  return query.execute()
}

export async function findView(db: Kysely<Database>, input: { id: string }): Promise<SavedViewTable | null> {
  return (await db.selectFrom('saved_view').selectAll().where('id', '=', input.id).executeTakeFirst()) ?? null
}
