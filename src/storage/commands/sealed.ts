import { sql } from 'kysely'
import type { Transaction } from '../hot.ts'
import { type Resealed, sealedColumns, type SealedTable } from '../sealed.ts'

/** One step of a rotation. What was changed since it was read is left alone: it is sealed with the new key already. */
export async function resealRows(
  { db }: Transaction,
  { table, rows }: { table: SealedTable; rows: readonly Resealed[] },
): Promise<void> {
  const { keys } = sealedColumns[table]
  for (const { key, column, former, text } of rows) {
    const isIt = sql.join(
      keys.map((name, at) => sql`${sql.ref(name)} = ${key[at]}`),
      sql` and `,
    )
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${text}
      where ${isIt} and ${sql.ref(column)} = ${former}`.execute(db)
  }
}
