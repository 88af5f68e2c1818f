import type { Kysely } from 'kysely'
import type { Engine } from './engine.ts'

/** Lists with their filters, under a name that is theirs within the list. */
export const savedViews = ({ text, integer }: Engine) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('saved_view')
      .addColumn('id', text, c => c.primaryKey())
      .addColumn('list', text, c => c.notNull())
      .addColumn('name', text, c => c.notNull())
      .addColumn('filters', text, c => c.notNull())
      .addColumn('pinned', integer, c => c.notNull())
      .addColumn('team', text)
      .addColumn('actor', text, c => c.notNull())
      .addColumn('created_at', integer, c => c.notNull())
      .addColumn('updated_at', integer, c => c.notNull())
      .execute()
    await db.schema
      .createIndex('saved_view_name')
      .unique()
      .on('saved_view')
      .columns(['list', 'name'])
      .execute()
  },
})
