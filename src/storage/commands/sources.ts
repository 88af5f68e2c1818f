import type { Transaction } from '../hot.ts'
import { Refusal } from '../refusal.ts'
import type { SourceTable } from '../schema.ts'

export async function createSource(trx: Transaction, row: SourceTable): Promise<SourceTable> {
  const inserted = await trx.db
    .insertInto('source')
    .values(row)
    .onConflict(conflict => conflict.column('name').doNothing())
    .executeTakeFirstOrThrow()
  if (Number(inserted.numInsertedOrUpdatedRows) === 0)
    throw new Refusal('name-taken', `There is a source ${row.name} already`)
  return row
}

export async function deleteSource(trx: Transaction, { id }: { id: string }): Promise<void> {
  const { numDeletedRows } = await trx.db.deleteFrom('source').where('id', '=', id).executeTakeFirst()
  if (Number(numDeletedRows) === 0) throw new Refusal('not-found', `There is no source ${id}`)
}

/** How far it was read, or why not; whoever was deleted meanwhile stays so. */
export async function noteSource(
  trx: Transaction,
  { id, ...set }: Pick<SourceTable, 'id' | 'problem' | 'asked_at'> & { progress?: string },
): Promise<void> {
  await trx.db.updateTable('source').set(set).where('id', '=', id).execute()
}
