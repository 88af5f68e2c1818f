import { type CreateTableBuilder, sql } from 'kysely'

/** Where the two engines spell the same table differently. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres'
  readonly integer: 'integer' | 'bigint'
  readonly bytes: 'blob' | 'bytea'
  /** A table that is its primary key, where the engine has that. */
  withoutRowid<T extends string, C extends string>(table: CreateTableBuilder<T, C>): CreateTableBuilder<T, C>
}

export const sqliteEngine: Engine = {
  name: 'sqlite',
  integer: 'integer',
  bytes: 'blob',
  withoutRowid: table => table.modifyEnd(sql`without rowid`),
}

export const postgresEngine: Engine = {
  name: 'postgres',
  integer: 'bigint',
  bytes: 'bytea',
  withoutRowid: table => table,
}
