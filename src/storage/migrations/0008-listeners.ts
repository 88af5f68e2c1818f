import type { Kysely } from 'kysely'
import type { Engine } from './engine.ts'

/** Programs that take an endpoint's events to where they run, and report each attempt. */
export const listeners = ({ text, integer }: Engine) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('listener')
      .addColumn('id', text, c => c.primaryKey())
      .addColumn('endpoint_id', text, c => c.notNull())
      .addColumn('target', text, c => c.notNull())
      .addColumn('settings', text, c => c.notNull())
      .addColumn('session', text, c => c.notNull())
      .addColumn('team', text)
      .addColumn('actor', text, c => c.notNull())
      .addColumn('created_at', integer, c => c.notNull())
      .addColumn('seen_at', integer, c => c.notNull())
      .execute()
    await db.schema.createIndex('listener_endpoint').on('listener').column('endpoint_id').execute()
  },
})
