import { type Kysely, sql } from 'kysely'
import type { Engine } from './engine.ts'

/**
 * One row: what retention has taken away so far. `position` is a place in the order of commits above all that was
 * taken away, so that no later row gets the place of one that is gone, even where nothing else is left.
 */
export const retention = ({ integer }: Engine) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('retention')
      .addColumn('id', integer, c => c.primaryKey())
      .addColumn('position', integer, c => c.notNull())
      .addColumn('events', integer, c => c.notNull())
      .addColumn('last_at', integer)
      .execute()
    await sql`insert into retention (id, position, events, last_at) values (1, 0, 0, null)`.execute(db)
  },
})
