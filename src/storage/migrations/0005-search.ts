import { type Kysely, sql } from 'kysely'
import type { Engine } from './engine.ts'

/**
 * Searches of a time range go by the order of commits. Events that tell of a time long before they came stand outside
 * of their time's range: this index names them; it is empty where nobody sends such.
 */
export const search = (engine: Engine) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    const cameLate =
      engine.name === 'sqlite'
        ? sql`id > 'evt_' || printf('%08x', received_at / 1000 + 60)`
        : sql`id > 'evt_' || lpad(to_hex(received_at / 1000 + 60), 8, '0')`
    await sql`create index event_late on event (position) where ${cameLate}`.execute(db)
  },
})
