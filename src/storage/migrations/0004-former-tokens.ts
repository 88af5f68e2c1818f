import type { Kysely } from 'kysely'
import type { Engine } from './engine.ts'

/** An endpoint keeps the send token that a rotation replaced, and who still uses it. */
export const formerTokens = ({ text, integer }: Engine) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    // One column a statement: SQLite adds no more at once.
    const add = (name: string, type: Engine['text'] | Engine['integer']) =>
      db.schema.alterTable('endpoint').addColumn(name, type).execute()
    await add('former_token_hash', text)
    await add('former_token_sealed', text)
    await add('former_token_ends_at', integer)
    await db.schema
      .alterTable('endpoint')
      .addColumn('former_token_uses', integer, c => c.notNull().defaultTo(0))
      .execute()
    await add('former_token_used_at', integer)
    await add('former_token_used_by', text)
  },
})
