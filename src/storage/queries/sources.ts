import type { Kysely } from 'kysely'
import type { Database, SourceTable } from '../schema.ts'

/** By id or by name. */
export async function findSource(
  db: Kysely<Database>,
  { reference }: { reference: string },
): Promise<SourceTable | null> {
  const row = await db
    .selectFrom('source')
    .selectAll()
    .where(where => where.or([where('id', '=', reference), where('name', '=', reference)]))
    .executeTakeFirst()
  return row ?? null
}
