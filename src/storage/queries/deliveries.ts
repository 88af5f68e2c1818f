import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Database } from '../schema.ts'

/** Ids of this length are looked up: an index for all would cost each request that has one. */
const indexedLength = 24

/** The events that came with a delivery id of 24 characters, from wherever; the oldest first. */
export async function eventsDelivered(
  db: Kysely<Database>,
  { deliveryId }: { deliveryId: string },
): Promise<string[]> {
  const rows = await db
    .selectFrom('delivery')
    .select('event_id')
    .where('delivery_id', '=', deliveryId)
    .where(sql<boolean>`length(delivery_id) = ${sql.lit(indexedLength)}`)
    .orderBy('received_at')
    .limit(20)
    .execute()
  return rows.map(row => row.event_id)
}
