// `node scripts/schema.ts` writes docs/schema/*.sql from what the migrations make, so that a change of the schema is
// read in the diff. `--check` says whether they are up to date and changes nothing; `sqlite` or `postgres` does one.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { postgresEngine, sqliteEngine } from '../src/storage/migrations/engine.ts'
import { migrateToLatest } from '../src/storage/migrations/migrate.ts'
import { kyselyOn as kyselyOnPostgres } from '../src/storage/postgres/connection.ts'
import { openConnection } from '../src/storage/sqlite/connection.ts'
import { kyselyOn as kyselyOnSqlite } from '../src/storage/sqlite/kysely.ts'
import { startPostgres } from '../test/support/postgres.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
export const schemaFile = (engine: 'sqlite' | 'postgres'): string => `${root}docs/schema/${engine}.sql`
const notice = '-- Printed from the migrations by `node scripts/schema.ts`; change it there.'

/** The statements that SQLite itself keeps, each table followed by its indexes. */
export async function sqliteSchema(): Promise<string> {
  const connection = openConnection(':memory:', { readonly: false })
  try {
    await migrateToLatest(kyselyOnSqlite(connection) as never, sqliteEngine)
    const statements = connection
      .prepare(
        "select sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by tbl_name, type desc, name",
      )
      .pluck()
      .all() as string[]
    return print(statements.map(oneColumnALine))
  } finally {
    connection.close()
  }
}

/** SQLite keeps a table's statement as it was sent, on one line; the commas between columns are those at depth one. */
function oneColumnALine(statement: string): string {
  if (!statement.toLowerCase().startsWith('create table')) return statement
  let depth = 0
  let printed = ''
  for (const character of statement) {
    if (character === ')') depth--
    if (character === ')' && depth === 0) printed += '\n'
    printed += character
    if (character === '(') depth++
    if ((character === '(' && depth === 1) || (character === ',' && depth === 1)) printed += '\n '
  }
  return printed.replaceAll(/\n {2,}/g, '\n  ').replaceAll(/\n (?=\S)/g, '\n  ')
}

interface Column {
  table: string
  name: string
  type: string
  collation: string | null
  required: boolean
  fallback: string | null
}

/** From the catalog rather than from pg_dump, whose text changes with its version. */
export async function postgresSchema(url: string): Promise<string> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await migrateToLatest(kyselyOnPostgres(client) as never, postgresEngine)
    const columns = (await client.query<Column>(columnsQuery)).rows
    const constraints = (await client.query<{ table: string; definition: string }>(constraintsQuery)).rows
    const indexes = (await client.query<{ table: string; definition: string }>(indexesQuery)).rows
    const tables = [...new Set(columns.map(column => column.table))]
    const of = <T extends { table: string }>(rows: T[], table: string) =>
      rows.filter(row => row.table === table)
    return print(
      tables.flatMap(table => {
        const lines = [
          ...of(columns, table).map(columnLine),
          ...of(constraints, table).map(constraint => constraint.definition),
        ]
        const create = `create table "${table}" (\n  ${lines.join(',\n  ')}\n)`
        return [create, ...of(indexes, table).map(index => index.definition)]
      }),
    )
  } finally {
    await client.end()
  }
}

const columnLine = ({ name, type, collation, required, fallback }: Column): string =>
  [
    `"${name}" ${type}`,
    collation === null ? '' : ` collate "${collation}"`,
    fallback === null ? '' : ` default ${fallback}`,
    required ? ' not null' : '',
  ].join('')

const columnsQuery = `
  select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    case when a.attcollation <> t.typcollation then l.collname end as collation, a.attnotnull as required,
    pg_get_expr(d.adbin, d.adrelid) as fallback
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_collation l on l.oid = a.attcollation
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname collate "C", a.attnum`

// Postgres 18 lists "not null" among the constraints; the columns say it already.
const constraintsQuery = `
  select c.relname as table, format('constraint "%s" %s', k.conname, lower(pg_get_constraintdef(k.oid))) as definition
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  where c.relnamespace = 'public'::regnamespace and k.contype <> 'n' order by k.conname collate "C"`

const indexesQuery = `
  select c.relname as table, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
  where c.relnamespace = 'public'::regnamespace and not i.indisprimary order by x.relname collate "C"`

const print = (statements: string[]): string =>
  `${[notice, ...statements.map(one => `${one};`)].join('\n\n')}\n`

async function throwawayPostgresSchema(): Promise<string> {
  const server = await startPostgres(15)
  try {
    return await postgresSchema(await server.createDatabase())
  } finally {
    await server.stop()
  }
}

async function main(words: string[]): Promise<void> {
  const check = words.includes('--check')
  const makers = { sqlite: sqliteSchema, postgres: throwawayPostgresSchema }
  const named = (['sqlite', 'postgres'] as const).filter(engine => words.includes(engine))
  for (const engine of named.length > 0 ? named : (['sqlite', 'postgres'] as const)) {
    const file = schemaFile(engine)
    const printed = await makers[engine]()
    const stands = await readFile(file, 'utf8').catch(() => '')
    if (printed === stands) continue
    if (check) {
      console.error(`${relative(root, file)} is out of date; run: node scripts/schema.ts`)
      process.exitCode = 1
      continue
    }
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, printed)
    console.log(`wrote ${relative(root, file)}`)
  }
}

if (import.meta.main) await main(process.argv.slice(2))
