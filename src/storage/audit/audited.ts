import type { AuditEntry } from '../../core/audit.ts'
import type { ColdCommands } from '../commands/index.ts'
import type { Transaction } from '../hot.ts'
import { appendAudit } from './append.ts'
import { type Subject, subjects } from './subjects.ts'

/**
 * Runs a command, and appends the row that tells of it in the same savepoint: neither is ever there without the other.
 * How the subject stood is read from the store itself, before and after, so that nobody who changes it meanwhile can
 * come between.
 */
export async function audited<T>(
  trx: Transaction,
  name: keyof ColdCommands,
  input: unknown,
  entry: AuditEntry,
  run: () => Promise<T>,
): Promise<T> {
  const subject = (subjects[name] as ((input: unknown) => Subject | null) | null)?.(input) ?? null
  if (subject === null) return run()
  // Loaded for the first of them: it needs the library of schemas, which no start has to wait for.
  const { describe } = await import('./describe.ts')
  // Whoever changes the configuration asks for this row first, and so does this; thus nobody waits for each other.
  await trx.db.selectFrom('config_state').select('version').modifyEnd(trx.forUpdate).execute()
  const before = await describe(trx, subject.kind, subject.id)
  const output = await run()
  const after = await describe(trx, subject.kind, subject.id)
  const known = after ?? before
  // Such as the end of a session that nobody had, or an invitation that was too old.
  if (output === null || (subject.id !== '' && known === null)) return output
  await appendAudit(
    trx,
    { ...entry, actor: subject.actor ?? entry.actor },
    {
      kind: subject.kind,
      id: subject.isSecret ? '' : subject.id,
      // What is deleted gives its name back.
      name: after?.name || before?.name || '',
      team: known?.team ?? null,
      before: before?.shown ?? null,
      after: subject.did ?? after?.shown ?? null,
    },
  )
  return output
}
