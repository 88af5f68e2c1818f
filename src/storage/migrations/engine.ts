import { type CreateTableBuilder, type RawBuilder, sql } from 'kysely'

/** Where the two engines spell the same table differently. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres'
  /** Text in the order of its bytes: ranges of dotted names and pages of ids rest on it. */
  readonly text: 'text' | RawBuilder<unknown>
  readonly integer: 'integer' | 'bigint'
  readonly bytes: 'blob' | 'bytea'
  /** A table that is its primary key, where the engine has that. */
  withoutRowid<T extends string, C extends string>(table: CreateTableBuilder<T, C>): CreateTableBuilder<T, C>
}

export const sqliteEngine: Engine = {
  name: 'sqlite',
  text: 'text',
  integer: 'integer',
  bytes: 'blob',
  withoutRowid: table => table.modifyEnd(sql`without rowid`),
}

export const postgresEngine: Engine = {
  name: 'postgres',
  text: sql`text collate "C"`,
  integer: 'bigint',
  bytes: 'bytea',
  withoutRowid: table => table,
}
