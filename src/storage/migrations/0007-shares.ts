import type { Kysely } from 'kysely'
import type { Engine } from './engine.ts'

/** Links that show one event to whoever has them, for a while. */
export const shares = ({ text, integer }: Engine) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('share')
      .addColumn('id', text, c => c.primaryKey())
      .addColumn('token_hash', text, c => c.notNull())
      .addColumn('event_id', text, c => c.notNull())
      .addColumn('redact', text, c => c.notNull())
      .addColumn('team', text)
      .addColumn('actor', text, c => c.notNull())
      .addColumn('created_at', integer, c => c.notNull())
      .addColumn('expires_at', integer, c => c.notNull())
      .addColumn('revoked_at', integer)
      .addColumn('revoked_by', text)
      .execute()
    await db.schema.createIndex('share_token').on('share').column('token_hash').unique().execute()
    await db.schema.createIndex('share_event').on('share').column('event_id').execute()
    await db.schema.createIndex('share_expires').on('share').column('expires_at').execute()
  },
})
