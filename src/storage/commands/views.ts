import { mostViews } from '../../core/view.ts'
import type { Transaction } from '../hot.ts'
import { Refusal } from '../refusal.ts'
import type { SavedViewTable } from '../schema.ts'
import { lockNames, tellChange } from './configuration.ts'

export async function createView(trx: Transaction, row: SavedViewTable): Promise<SavedViewTable> {
  await lockNames(trx)
  await requireFreeName(trx, row)
  const { count } = await trx.db
    .selectFrom('saved_view')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (Number(count) >= mostViews)
    throw new Refusal('too-many', `There are ${mostViews} views already; delete one first`)
  await trx.db.insertInto('saved_view').values(row).execute()
  await tellChange(trx, 'view', row, row.created_at)
  return row
}

export async function updateView(
  trx: Transaction,
  input: {
    id: string
    set: Pick<SavedViewTable, 'name' | 'filters' | 'pinned'> & { team?: string | null }
    nowMs: number
  },
): Promise<SavedViewTable> {
  await lockNames(trx)
  const former = await trx.db
    .selectFrom('saved_view')
    .selectAll()
    .where('id', '=', input.id)
    .executeTakeFirst()
  if (!former) throw new Refusal('not-found', `There is no view ${input.id}`)
  const changed = { ...former, ...input.set, updated_at: input.nowMs }
  await requireFreeName(trx, changed)
  await trx.db.updateTable('saved_view').set(changed).where('id', '=', input.id).execute()
  await tellChange(trx, 'view', changed, input.nowMs)
  return changed
}

export async function deleteView(trx: Transaction, input: { id: string; nowMs: number }): Promise<void> {
  const deleted = await trx.db
    .deleteFrom('saved_view')
    .where('id', '=', input.id)
    .returning(['id', 'team'])
    .executeTakeFirst()
  if (!deleted) throw new Refusal('not-found', `There is no view ${input.id}`)
  await tellChange(trx, 'view', deleted, input.nowMs)
}

async function requireFreeName({ db }: Transaction, { id, list, name }: SavedViewTable): Promise<void> {
  const other = await db
    .selectFrom('saved_view')
    .select('id')
    .where('list', '=', list)
    .where('name', '=', name)
    .where('id', '!=', id)
    .executeTakeFirst()
  if (other) throw new Refusal('name-taken', `There is a view ${JSON.stringify(name)} of the ${list} already`)
}
