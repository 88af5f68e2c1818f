import type { Kysely } from 'kysely'
import type { Database, SecretTable } from '../schema.ts'

/** By name; those of the whole organization before those of teams. There are no more than `mostSecrets`. */
export function listSecrets(db: Kysely<Database>, _input: null): Promise<SecretTable[]> {
  return db
    .selectFrom('secret')
    .selectAll()
    .orderBy('name')
    .orderBy(({ fn, val }) => fn.coalesce('team', val('')))
    .execute()
}

/** By id, or all of that name, one a team. */
export function findSecrets(
  db: Kysely<Database>,
  { reference }: { reference: string },
): Promise<SecretTable[]> {
  return db
    .selectFrom('secret')
    .selectAll()
    .where(where => where.or([where('id', '=', reference), where('name', '=', reference)]))
    .orderBy(({ fn, val }) => fn.coalesce('team', val('')))
    .execute()
}
