import { type Kysely, sql } from 'kysely'
import type { Engine } from './engine.ts'

/** Values that templates name; a name is unique within its team, and among those of the whole organization. */
export const secrets = ({ text, integer }: Engine) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('secret')
      .addColumn('id', text, c => c.primaryKey())
      .addColumn('name', text, c => c.notNull())
      .addColumn('team', text)
      .addColumn('value_sealed', text, c => c.notNull())
      .addColumn('hosts', text, c => c.notNull())
      .addColumn('description', text, c => c.notNull())
      .addColumn('actor', text, c => c.notNull())
      .addColumn('created_at', integer, c => c.notNull())
      .addColumn('updated_at', integer, c => c.notNull())
      .addColumn('last_used_at', integer)
      .execute()
    await db.schema
      .createIndex('secret_name')
      .unique()
      .on('secret')
      .expression(sql`name, coalesce(team, '')`)
      .execute()
  },
})
