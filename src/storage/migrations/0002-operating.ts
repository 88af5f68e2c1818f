import { type Kysely, sql } from 'kysely'
import type { Engine } from './engine.ts'

/** Statistics, clustered by time: what is counted lands at the right edge of each step. Jobs, of which there are few. */
export const operating = (engine: Engine) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const { text, integer, withoutRowid } = engine
    const table = (name: string) => db.schema.createTable(name)
    await withoutRowid(
      table('statistic')
        .addColumn('step', integer, c => c.notNull())
        .addColumn('at', integer, c => c.notNull())
        .addColumn('measure', text, c => c.notNull())
        .addColumn('team', text, c => c.notNull())
        .addColumn('endpoint_id', text, c => c.notNull())
        .addColumn('reaction_id', text, c => c.notNull())
        .addColumn('outcome', text, c => c.notNull())
        .addColumn('bucket', integer, c => c.notNull())
        .addColumn('count', integer, c => c.notNull())
        .addPrimaryKeyConstraint('statistic_pk', [
          'step',
          'at',
          'measure',
          'team',
          'endpoint_id',
          'reaction_id',
          'outcome',
          'bucket',
        ]),
    ).execute()
    await table('statistic_position')
      .addColumn('id', integer, c => c.primaryKey())
      .addColumn('position', integer, c => c.notNull())
      .execute()
    await sql`insert into statistic_position (id, position) values (1, 0)`.execute(db)

    await table('job')
      .addColumn('id', text, c => c.primaryKey())
      .addColumn('kind', text, c => c.notNull())
      .addColumn('state', text, c => c.notNull())
      .addColumn('filter', text, c => c.notNull())
      .addColumn('reaction_id', text)
      .addColumn('per_second', integer, c => c.notNull())
      .addColumn('position', integer, c => c.notNull())
      .addColumn('last_position', integer, c => c.notNull())
      .addColumn('total', integer)
      .addColumn('examined', integer, c => c.notNull())
      .addColumn('made', integer, c => c.notNull())
      .addColumn('label', text, c => c.notNull())
      .addColumn('team', text)
      .addColumn('actor', text, c => c.notNull())
      .addColumn('created_at', integer, c => c.notNull())
      .addColumn('told_at', integer, c => c.notNull())
      .addColumn('ended_at', integer)
      .execute()
    await sql`create index job_working on job (id) where state = 'working'`.execute(db)
  },
})
