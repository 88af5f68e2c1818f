import { type Kysely, sql } from 'kysely'
import type { Engine } from './engine.ts'

/** Other products that are asked for their events, and a way from their ids to our events. */
export const sources = ({ text, integer }: Engine) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('source')
      .addColumn('id', text, c => c.primaryKey())
      .addColumn('name', text, c => c.notNull().unique())
      .addColumn('product', text, c => c.notNull())
      .addColumn('url', text, c => c.notNull())
      .addColumn('token_sealed', text, c => c.notNull())
      .addColumn('progress', text, c => c.notNull())
      .addColumn('problem', text)
      .addColumn('asked_at', integer)
      .addColumn('team', text)
      .addColumn('actor', text, c => c.notNull())
      .addColumn('created_at', integer, c => c.notNull())
      .execute()
    await sql`create index delivery_of_24 on delivery (delivery_id) where length(delivery_id) = 24`.execute(
      db,
    )
  },
})
