import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { spine } from './0001-spine.ts'
import { operating } from './0002-operating.ts'
import { retention } from './0003-retention.ts'
import { formerTokens } from './0004-former-tokens.ts'
import { search } from './0005-search.ts'
import { alarms } from './0006-alarms.ts'
import { shares } from './0007-shares.ts'
import { listeners } from './0008-listeners.ts'
import { savedViews } from './0009-saved-views.ts'
import { sources } from './0010-sources.ts'
import { people } from './0011-people.ts'
import { secrets } from './0012-secrets.ts'
import { audit } from './0013-audit.ts'
import type { Engine } from './engine.ts'

/** Every migration ever made, in order. One that was released is never edited. */
export async function migrateToLatest(db: Kysely<never>, engine: Engine): Promise<void> {
  const migrations: Record<string, Migration> = {
    '0001-spine': spine(engine),
    '0002-operating': operating(engine),
    '0003-retention': retention(engine),
    '0004-former-tokens': formerTokens(engine),
    '0005-search': search(engine),
    '0006-alarms': alarms(engine),
    '0007-shares': shares(engine),
    '0008-listeners': listeners(engine),
    '0009-saved-views': savedViews(engine),
    '0010-sources': sources(engine),
    '0011-people': people(engine),
    '0012-secrets': secrets(engine),
    '0013-audit': audit(engine),
  }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error, results } = await migrator.migrateToLatest()
  if (error) {
    const failed = results?.find(result => result.status === 'Error')?.migrationName
    throw new Error(
      `The store could not be brought to the current schema (migration ${failed ?? 'unknown'})`,
      { cause: error },
    )
  }
}
