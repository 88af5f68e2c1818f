import { mostSecrets } from '../../core/secret-limits.ts'
import type { Transaction } from '../hot.ts'
import { Refusal } from '../refusal.ts'
import type { SecretTable } from '../schema.ts'
import { lockNames, tellChange } from './configuration.ts'

export async function createSecret(
  trx: Transaction,
  input: Omit<SecretTable, 'updated_at' | 'last_used_at'>,
): Promise<SecretTable> {
  await lockNames(trx)
  const { count } = await trx.db
    .selectFrom('secret')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (Number(count) >= mostSecrets)
    throw new Refusal('too-many', `There are ${mostSecrets} secrets already; delete one first`)
  const other = await trx.db
    .selectFrom('secret')
    .select('id')
    .where('name', '=', input.name)
    .where('team', input.team === null ? 'is' : '=', input.team)
    .executeTakeFirst()
  if (other) throw new Refusal('name-taken', `There is a secret ${input.name} already`)
  const row = { ...input, updated_at: input.created_at, last_used_at: null }
  await trx.db.insertInto('secret').values(row).execute()
  await tellChange(trx, 'secret', row, row.created_at)
  return row
}

export async function updateSecret(
  trx: Transaction,
  input: {
    id: string
    set: Partial<Pick<SecretTable, 'value_sealed' | 'hosts' | 'description' | 'actor'>>
    atMs: number
  },
): Promise<SecretTable> {
  const row = await trx.db
    .updateTable('secret')
    .set({ ...input.set, updated_at: input.atMs })
    .where('id', '=', input.id)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new Refusal('not-found', `There is no secret ${input.id}`)
  await tellChange(trx, 'secret', row, input.atMs)
  return row
}

export async function deleteSecret(trx: Transaction, input: { id: string; atMs: number }): Promise<void> {
  const deleted = await trx.db
    .deleteFrom('secret')
    .where('id', '=', input.id)
    .returning(['id', 'team'])
    .executeTakeFirst()
  if (!deleted) throw new Refusal('not-found', `There is no secret ${input.id}`)
  await tellChange(trx, 'secret', deleted, input.atMs)
}

export interface SecretUse {
  secretId: string
  atMs: number
}

/** Only forward: what another node wrote meanwhile may be younger. */
export async function recordSecretUses(
  trx: Transaction,
  { uses }: { uses: readonly SecretUse[] },
): Promise<void> {
  for (const { secretId, atMs } of uses)
    await trx.db
      .updateTable('secret')
      .set({ last_used_at: atMs })
      .where('id', '=', secretId)
      .where(where => where.or([where('last_used_at', 'is', null), where('last_used_at', '<', atMs)]))
      .execute()
}
