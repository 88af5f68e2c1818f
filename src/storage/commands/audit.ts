import type { AuditEntry } from '../../core/audit.ts'
import { appendAudit, type AuditFacts } from '../audit/append.ts'
import type { Transaction } from '../hot.ts'

/** Tells of what no command did: what was refused, and what is kept in memory. */
export const noteAudit = (
  trx: Transaction,
  { entry, ...facts }: { entry: AuditEntry } & Partial<Omit<AuditFacts, 'purgedBeforeMs'>>,
): Promise<void> => appendAudit(trx, entry, facts)

/**
 * Takes away at most `limit` rows that are older. The first row that goes needs one that stays and says so: the store
 * itself lets nothing leave that no recorded purge covers. Answers how many went.
 */
export async function purgeAudit(
  trx: Transaction,
  { entry, beforeMs, limit }: { entry: AuditEntry; beforeMs: number; limit: number },
): Promise<number> {
  const oldest = trx.db
    .selectFrom('audit')
    .select('position')
    .where('at', '<', beforeMs)
    .orderBy('at')
    .limit(limit)
  const due = await oldest.execute()
  if (due.length === 0) return 0
  const covering = await trx.db
    .selectFrom('audit')
    .select('position')
    .where('purged_before', '>=', beforeMs)
    .executeTakeFirst()
  if (covering === undefined)
    await appendAudit(trx, entry, {
      kind: 'audit',
      after: { before: new Date(beforeMs).toISOString() },
      purgedBeforeMs: beforeMs,
    })
  await trx.db
    .deleteFrom('audit')
    .where(
      'position',
      'in',
      due.map(({ position }) => position),
    )
    .execute()
  return due.length
}
