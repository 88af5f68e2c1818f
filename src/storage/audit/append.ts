import type { AuditEntry, AuditOutcome } from '../../core/audit.ts'
import type { Transaction } from '../hot.ts'

/** What a row of the trail tells besides who asked. */
export interface AuditFacts {
  kind: string
  id: string
  name: string
  team: string | null
  outcome: AuditOutcome
  detail: string
  before: object | null
  after: object | null
  purgedBeforeMs: number | null
}

const nothing: AuditFacts = {
  kind: '',
  id: '',
  name: '',
  team: null,
  outcome: 'done',
  detail: '',
  before: null,
  after: null,
  purgedBeforeMs: null,
}

/** The only statement that writes into the trail. */
export async function appendAudit(
  trx: Transaction,
  entry: AuditEntry,
  facts: Partial<AuditFacts>,
): Promise<void> {
  const { before, after, ...told } = { ...nothing, ...facts }
  await trx.db
    .insertInto('audit')
    .values({
      position: await trx.nextPosition(),
      id: entry.id,
      at: entry.atMs,
      actor: entry.actor,
      known_by: entry.by,
      sender: entry.from,
      user_agent: entry.userAgent,
      action: entry.action,
      subject_kind: told.kind,
      subject_id: told.id,
      subject_name: told.name,
      team: told.team,
      outcome: told.outcome,
      detail: told.detail,
      before: before && JSON.stringify(before),
      after: after && JSON.stringify(after),
      purged_before: told.purgedBeforeMs,
    })
    .execute()
}
