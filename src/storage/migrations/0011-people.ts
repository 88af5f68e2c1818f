import { type Kysely, sql } from 'kysely'
import type { Engine } from './engine.ts'

/**
 * Teams, the people in them, what they may do, and their keys. What no team owns has no place in the indexes by team:
 * they cost nothing where teams are not used.
 */
export const people = ({ text, integer }: Engine) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('team')
      .addColumn('name', text, c => c.primaryKey())
      .addColumn('description', text, c => c.notNull())
      .addColumn('actor', text, c => c.notNull())
      .addColumn('created_at', integer, c => c.notNull())
      .addColumn('deleted_at', integer)
      .execute()
    await db.schema
      .createTable('user_account')
      .addColumn('id', text, c => c.primaryKey())
      .addColumn('email', text, c => c.notNull())
      .addColumn('name', text, c => c.notNull())
      .addColumn('password', text)
      .addColumn('oidc_issuer', text)
      .addColumn('oidc_subject', text)
      .addColumn('state', text, c => c.notNull())
      .addColumn('actor', text, c => c.notNull())
      .addColumn('created_at', integer, c => c.notNull())
      .addColumn('updated_at', integer, c => c.notNull())
      .addColumn('signed_in_at', integer)
      .execute()
    await db.schema.createIndex('user_email').on('user_account').column('email').unique().execute()
    await db.schema
      .createIndex('user_oidc')
      .on('user_account')
      .columns(['oidc_issuer', 'oidc_subject'])
      .unique()
      .where('oidc_subject', 'is not', null)
      .execute()
    await db.schema
      .createTable('role_assignment')
      .addColumn('id', text, c => c.primaryKey())
      .addColumn('user_id', text, c => c.notNull())
      .addColumn('role', text)
      .addColumn('permission', text)
      .addColumn('team', text)
      .addColumn('actor', text, c => c.notNull())
      .addColumn('created_at', integer, c => c.notNull())
      .execute()
    await db.schema.createIndex('role_assignment_user').on('role_assignment').column('user_id').execute()
    await db.schema.createIndex('role_assignment_team').on('role_assignment').column('team').execute()
    await db.schema
      .createTable('invitation')
      .addColumn('token_hash', text, c => c.primaryKey())
      .addColumn('user_id', text, c => c.notNull())
      .addColumn('actor', text, c => c.notNull())
      .addColumn('created_at', integer, c => c.notNull())
      .addColumn('expires_at', integer, c => c.notNull())
      .execute()
    await db.schema.createIndex('invitation_user').on('invitation').column('user_id').execute()
    await db.schema
      .createTable('api_key')
      .addColumn('id', text, c => c.primaryKey())
      .addColumn('token_hash', text, c => c.notNull())
      .addColumn('name', text, c => c.notNull())
      .addColumn('user_id', text)
      .addColumn('scope', text, c => c.notNull())
      .addColumn('actor', text, c => c.notNull())
      .addColumn('created_at', integer, c => c.notNull())
      .addColumn('expires_at', integer)
      .addColumn('last_used_at', integer)
      .addColumn('revoked_at', integer)
      .addColumn('revoked_by', text)
      .execute()
    await db.schema.createIndex('api_key_token').on('api_key').column('token_hash').unique().execute()
    await db.schema.createIndex('api_key_user').on('api_key').column('user_id').execute()

    await db.schema.alterTable('session').addColumn('user_id', text).execute()
    await db.schema.alterTable('session').addColumn('last_seen_at', integer).execute()
    await db.schema.createIndex('session_user').on('session').column('user_id').execute()
    await db.schema.alterTable('change').addColumn('team', text).execute()
    await sql`create index event_team on event (team, position) where team is not null`.execute(db)
    await sql`create index run_team on run (team, position) where team is not null`.execute(db)
  },
})
