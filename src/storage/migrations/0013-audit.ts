import { type Kysely, sql } from 'kysely'
import type { Engine } from './engine.ts'

/**
 * The audit trail. The engine itself refuses to change its rows, and to delete one that no recorded purge covers: a row
 * of the trail whose `purged_before` lies after it.
 */
export const audit = ({ name, text, integer }: Engine) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('audit')
      .addColumn('position', integer, c => c.primaryKey())
      .addColumn('id', text, c => c.notNull().unique())
      .addColumn('at', integer, c => c.notNull())
      .addColumn('actor', text, c => c.notNull())
      .addColumn('known_by', text, c => c.notNull())
      .addColumn('sender', text, c => c.notNull())
      .addColumn('user_agent', text, c => c.notNull())
      .addColumn('action', text, c => c.notNull())
      .addColumn('subject_kind', text, c => c.notNull())
      .addColumn('subject_id', text, c => c.notNull())
      .addColumn('subject_name', text, c => c.notNull())
      .addColumn('team', text)
      .addColumn('outcome', text, c => c.notNull())
      .addColumn('detail', text, c => c.notNull())
      .addColumn('before', text)
      .addColumn('after', text)
      .addColumn('purged_before', integer)
      .execute()
    const index = (on: string, columns: string[]) =>
      db.schema
        .createIndex(`audit_${on}`)
        .on('audit')
        .columns([...columns, 'position'])
        .execute()
    await index('subject', ['subject_id'])
    await index('actor', ['actor'])
    await index('at', ['at'])
    await sql`create index audit_purge on audit (purged_before) where purged_before is not null`.execute(db)
    for (const statement of name === 'sqlite' ? onSqlite : onPostgres) await sql.raw(statement).execute(db)
  },
})

const refusal = 'the audit trail is append-only'

const onSqlite = [
  `create trigger audit_never_changes before update on audit begin select raise(abort, '${refusal}'); end`,
  `create trigger audit_never_replaced before insert on audit
    when exists (select 1 from audit where position = new.position or id = new.id)
    begin select raise(abort, '${refusal}'); end`,
  `create trigger audit_leaves_by_purge before delete on audit
    when not exists (select 1 from audit where purged_before > old.at)
    begin select raise(abort, '${refusal}'); end`,
]

const onPostgres = [
  `create function audit_refuse() returns trigger language plpgsql as
    $$ begin raise exception '${refusal}'; end $$`,
  `create function audit_refuse_unpurged() returns trigger language plpgsql as $$ begin
    if not exists (select 1 from audit where purged_before > old.at) then raise exception '${refusal}'; end if;
    return old; end $$`,
  'create trigger audit_never_changes before update on audit for each row execute function audit_refuse()',
  'create trigger audit_never_emptied before truncate on audit for each statement execute function audit_refuse()',
  'create trigger audit_leaves_by_purge before delete on audit for each row execute function audit_refuse_unpurged()',
]
