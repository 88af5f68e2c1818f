import type { Kysely } from 'kysely'
import type { Database, SavedViewTable } from '../schema.ts'

/** By name; of one list, or of all. */
export function listViews(db: Kysely<Database>, input: { list: string | null }): Promise<SavedViewTable[]> {
  let query = db.selectFrom('saved_view').selectAll().orderBy('name').orderBy('list')
  if (input.list !== null) query = query.where('list', '=', input.list)
  return query.execute()
}

export async function findView(db: Kysely<Database>, input: { id: string }): Promise<SavedViewTable | null> {
  return (await db.selectFrom('saved_view').selectAll().where('id', '=', input.id).executeTakeFirst()) ?? null
}
