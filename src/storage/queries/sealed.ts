import { type Kysely, sql } from 'kysely'
import type { Database } from '../schema.ts'
import { sealedColumns, type SealedKey, type SealedRow, type SealedTable } from '../sealed.ts'

/** Rows of a table that hold sealed text, in the order of their keys, after one of them. */
export async function sealedRows(
  db: Kysely<Database>,
  { table, after, limit }: { table: SealedTable; after: SealedKey | null; limit: number },
): Promise<SealedRow[]> {
  const { keys, columns } = sealedColumns[table]
  const keyList = sql.join(keys.map(key => sql.ref(key)))
  const isSealed = sql.join(
    columns.map(column => sql`${sql.ref(column)} like '%sealed:%'`),
    sql` or `,
  )
  const isAfter = after === null ? sql`1 = 1` : sql`(${keyList}) > (${sql.join([...after])})`
  const { rows } = await sql<Record<string, string | number | null>>`
    select ${sql.join([...keys, ...columns].map(name => sql.ref(name)))} from ${sql.table(table)}
    where ${isAfter} and (${isSealed}) order by ${keyList} limit ${sql.lit(limit)}`.execute(db)
  return rows.map(row => ({
    key: keys.map(key => row[key] as string | number),
    texts: columns.map(column => row[column] as string | null),
  }))
}

/** Who would be affected by a key that opens nothing: how many, and the first of their names. */
export async function countSealed(
  db: Kysely<Database>,
  _input: null,
): Promise<{ what: 'endpoint' | 'reaction' | 'secret' | 'source'; count: number; names: string[] }[]> {
  const endpoints = await db
    .selectFrom('endpoint')
    .select('name')
    .where('state', '!=', 'deleted')
    .orderBy('name')
    .execute()
  const reactions = await db
    .selectFrom('reaction')
    .innerJoin('reaction_version as v', join =>
      join.onRef('v.reaction_id', '=', 'reaction.id').onRef('v.version', '=', 'reaction.version'),
    )
    .select('reaction.name')
    .where('v.state', '!=', 'deleted')
    .where('v.definition', 'like', '%sealed:%')
    .orderBy('reaction.name')
    .execute()
  const secrets = await db.selectFrom('secret').select('name').orderBy('name').execute()
  const sources = await db.selectFrom('source').select('name').orderBy('name').execute()
  const counted = (what: 'endpoint' | 'reaction' | 'secret' | 'source', rows: { name: string | null }[]) => ({
    what,
    count: rows.length,
    names: rows.slice(0, 5).flatMap(({ name }) => name ?? []),
  })
  return [
    counted('endpoint', endpoints),
    counted('reaction', reactions),
    counted('secret', secrets),
    counted('source', sources),
  ].filter(({ count }) => count > 0)
}
