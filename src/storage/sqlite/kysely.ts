import { Kysely, SqliteDialect } from 'kysely'
import type { Database } from '../schema.ts'
import type { Connection } from './connection.ts'

/** Kysely on a connection whose transactions are opened by hand: it only compiles and runs statements. */
export const kyselyOn = (connection: Connection): Kysely<Database> =>
  new Kysely<Database>({ dialect: new SqliteDialect({ database: connection }) })
