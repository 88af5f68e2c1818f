import type { Transaction } from '../hot.ts'

/**
 * Each change of an endpoint or reaction takes the next version of the configuration. Whoever matches events with
 * an older one is told so by `commitReacted` and matches again. A command that changes the configuration asks for it
 * first: the row is locked until the commit, so what is read afterwards (is the name free?) stays true.
 */
export async function nextConfigVersion(trx: Transaction): Promise<number> {
  const { version } = await trx.db
    .updateTable('config_state')
    .set(state => ({ version: state('version', '+', 1) }))
    .where('id', '=', 1)
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}

/** Puts a change into the feed that no other table with a position tells of. */
export async function tellChange(
  trx: Transaction,
  topic: 'run' | 'endpoint' | 'reaction' | 'job' | 'view' | 'alarm' | 'secret',
  subject: { id: string; team: string | null },
  atMs: number,
): Promise<number> {
  const position = await trx.nextPosition()
  await trx.db
    .insertInto('change')
    .values({ position, topic, subject_id: subject.id, at: atMs, team: subject.team })
    .execute()
  return position
}

/** Names that have to be free are given one after the other. */
export async function lockNames({ db, forUpdate }: Transaction): Promise<void> {
  await db.selectFrom('config_state').select('version').where('id', '=', 1).modifyEnd(forUpdate).execute()
}
