import type { Kysely } from 'kysely'
import type { Database, ListenerTable } from '../schema.ts'

export async function findListener(
  db: Kysely<Database>,
  input: { id: string },
): Promise<ListenerTable | null> {
  const row = await db.selectFrom('listener').selectAll().where('id', '=', input.id).executeTakeFirst()
  return row ?? null
}

/** Those of an endpoint, the last seen first. */
export function listenersOf(
  db: Kysely<Database>,
  input: { endpointId: string; limit: number },
): Promise<ListenerTable[]> {
  return db
    .selectFrom('listener')
    .selectAll()
    .where('endpoint_id', '=', input.endpointId)
    .orderBy('seen_at', 'desc')
    .limit(input.limit)
    .execute()
}
