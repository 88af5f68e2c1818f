import type { Kysely } from 'kysely'
import type { Engine } from './engine.ts'

/** What is wrong now, one row a thing; and how many requests in a row an endpoint turned away for a reason. */
export const alarms = ({ text, integer, withoutRowid }: Engine) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await withoutRowid(db.schema.createTable('alarm'))
      .addColumn('kind', text, c => c.notNull())
      .addColumn('subject_id', text, c => c.notNull())
      .addColumn('subject_name', text, c => c.notNull())
      .addColumn('event_id', text, c => c.notNull())
      .addColumn('team', text)
      .addColumn('actor', text, c => c.notNull())
      .addColumn('started_at', integer, c => c.notNull())
      .addColumn('text', text, c => c.notNull())
      .addPrimaryKeyConstraint('alarm_pk', ['kind', 'subject_id'])
      .execute()
    for (const column of ['in_a_row', 'row_since'])
      await db.schema
        .alterTable('rejection')
        .addColumn(column, integer, c => c.notNull().defaultTo(0))
        .execute()
  },
})
