import type { EndpointState } from '../../core/endpoint.ts'
import { rejectionsToTell } from '../../core/alarm.ts'
import { endpointExpiredEvent } from '../../core/own-events.ts'
import type { Transaction } from '../hot.ts'
import { Refusal } from '../refusal.ts'
import type { EndpointTable } from '../schema.ts'
import { toAppend } from '../rows.ts'
import { nextConfigVersion, tellChange } from './configuration.ts'

type FormerTokenColumn = Extract<keyof EndpointTable, `former_token_${string}`>

export interface NewEndpoint
  extends Omit<EndpointTable, 'config_version' | 'updated_at' | FormerTokenColumn> {
  /** Refused with `too-many` when its actor has this many already; null for no limit. */
  limitOfActor: number | null
}

export async function createEndpoint(
  trx: Transaction,
  { limitOfActor, ...row }: NewEndpoint,
): Promise<EndpointTable> {
  const configVersion = await nextConfigVersion(trx)
  await refuseTaken(trx, row)
  if (limitOfActor !== null) await refuseTooMany(trx, row.actor, limitOfActor)
  const stored = {
    ...row,
    config_version: configVersion,
    updated_at: row.created_at,
    former_token_hash: null,
    former_token_sealed: null,
    former_token_ends_at: null,
    former_token_uses: 0,
    former_token_used_at: null,
    former_token_used_by: null,
  }
  await trx.db.insertInto('endpoint').values(stored).execute()
  await tellChange(trx, 'endpoint', row, row.created_at)
  return stored
}

export interface EndpointChange {
  id: string
  /** The version that the edit was made from; null edits whatever is there. */
  expectedVersion: number | null
  atMs: number
  set: Partial<
    Pick<
      EndpointTable,
      | 'name'
      | 'path'
      | 'definition'
      | 'state'
      | 'token_hash'
      | 'token_sealed'
      | 'expires_at'
      | 'team'
      | FormerTokenColumn
    >
  >
}

export async function updateEndpoint(trx: Transaction, change: EndpointChange): Promise<EndpointTable> {
  const configVersion = await nextConfigVersion(trx)
  const former = await trx.db
    .selectFrom('endpoint')
    .selectAll()
    .where('id', '=', change.id)
    .executeTakeFirst()
  if (!former || former.state === 'deleted')
    throw new Refusal('not-found', `There is no endpoint ${change.id}`)
  if (change.expectedVersion !== null && change.expectedVersion !== former.config_version) {
    throw new Refusal(
      'version-conflict',
      'The endpoint was changed meanwhile; load it again and repeat the edit',
    )
  }
  const row = {
    ...former,
    ...change.set,
    config_version: configVersion,
    updated_at: change.atMs,
  }
  await refuseTaken(trx, row)
  await trx.db.updateTable('endpoint').set(row).where('id', '=', change.id).execute()
  await tellChange(trx, 'endpoint', former, change.atMs)
  if (row.team !== former.team) await tellChange(trx, 'endpoint', row, change.atMs)
  return row
}

/** Its events stay. Name and path are free again. */
export function deleteEndpoint(
  trx: Transaction,
  input: { id: string; atMs: number },
): Promise<EndpointTable> {
  const state: EndpointState = 'deleted'
  return updateEndpoint(trx, { ...input, expectedVersion: null, set: { state, name: null, path: null } })
}

/** Visitors' endpoints are deleted once they expire, each with an event of our own. Answers how many were. */
export async function expireEndpoints(trx: Transaction, input: { nowMs: number }): Promise<number> {
  const due = await trx.db
    .selectFrom('endpoint')
    .select(['id', 'name', 'team'])
    .where('expires_at', '<=', input.nowMs)
    .where('view_key_hash', 'is not', null)
    .where('state', '!=', 'deleted')
    .orderBy('id')
    .limit(100)
    .modifyEnd(trx.forUpdate)
    .execute()
  for (const { id, name, team } of due) {
    await deleteEndpoint(trx, { id, atMs: input.nowMs })
    const own = endpointExpiredEvent({ id, name: name ?? id, team }, input.nowMs)
    await trx.appendEvents([toAppend(own.event, own.body)])
  }
  return due.length
}

async function refuseTaken(
  trx: Transaction,
  row: { id: string; name: string | null; path: string | null },
): Promise<void> {
  const other = await trx.db
    .selectFrom('endpoint')
    .select(['name', 'path'])
    .where('id', '!=', row.id)
    .where(where => where.or([where('name', '=', row.name), where('path', '=', row.path)]))
    .executeTakeFirst()
  if (other && other.name === row.name)
    throw new Refusal('name-taken', `An endpoint named ${row.name} exists already`)
  if (other) throw new Refusal('path-taken', `The endpoint ${other.name} has the path ${row.path} already`)
}

async function refuseTooMany(trx: Transaction, actor: string, limit: number): Promise<void> {
  const { count } = await trx.db
    .selectFrom('endpoint')
    .select(select => select.fn.countAll<number>().as('count'))
    .where('actor', '=', actor)
    .where('state', '!=', 'deleted')
    .executeTakeFirstOrThrow()
  if (Number(count) >= limit)
    throw new Refusal('too-many', `You have ${limit} endpoints already; delete one first`)
}

export interface Rejection {
  endpointId: string
  reason: string
  count: number
  atMs: number
  sender: string
  detail: string
  /** Turned away; what is only counted beside them, such as a handshake, is not. */
  refused: boolean
}

/** After so long without one, they are counted from anew. */
const rowForgottenMs = 86_400_000

/**
 * Counts what was turned away; gathered in memory and written once a second, so a flood costs one row a reason.
 * Answers those of which so many came in a row, without one that was taken, that it should be told.
 */
export async function recordRejections(
  trx: Transaction,
  input: { rejections: Rejection[] },
): Promise<Rejection[]> {
  const tellable: Rejection[] = []
  for (const one of input.rejections) {
    const { endpointId, reason, atMs } = one
    const former = await trx.db
      .selectFrom('rejection')
      .select(['last_at', 'in_a_row', 'row_since'])
      .where('endpoint_id', '=', endpointId)
      .where('reason', '=', reason)
      .modifyEnd(trx.forUpdate)
      .executeTakeFirst()
    const goesOn =
      former !== undefined &&
      former.last_at > atMs - rowForgottenMs &&
      former.row_since >= (await lastTakenAt(trx, endpointId))
    const inARow = one.refused ? (goesOn ? former.in_a_row : 0) + one.count : 0
    const row = {
      last_at: atMs,
      last_sender: one.sender,
      last_detail: one.detail,
      in_a_row: inARow,
      row_since: goesOn ? former.row_since : atMs,
    }
    await trx.db
      .insertInto('rejection')
      .values({ endpoint_id: endpointId, reason, count: one.count, ...row })
      .onConflict(conflict =>
        conflict
          .columns(['endpoint_id', 'reason'])
          .doUpdateSet(stored => ({ count: stored('rejection.count', '+', one.count), ...row })),
      )
      .execute()
    await tellChange(trx, 'endpoint', { id: endpointId, team: await teamOf(trx, endpointId) }, atMs)
    if (inARow >= rejectionsToTell) tellable.push({ ...one, count: inARow })
  }
  return tellable
}

const teamOf = async (trx: Transaction, endpointId: string): Promise<string | null> =>
  (await trx.db.selectFrom('endpoint').select('team').where('id', '=', endpointId).executeTakeFirst())
    ?.team ?? null

const lastTakenAt = async (trx: Transaction, endpointId: string): Promise<number> =>
  (
    await trx.db
      .selectFrom('event')
      .select('received_at')
      .where('endpoint_id', '=', endpointId)
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst()
  )?.received_at ?? 0

export interface FormerTokenUse {
  endpointId: string
  /** Of the token that was used: a later rotation makes another one the former. */
  tokenHash: string
  count: number
  atMs: number
  sender: string
}

/** Who still sends with the token that was rotated away; no change of the configuration. */
export async function recordFormerTokenUses(
  trx: Transaction,
  input: { uses: FormerTokenUse[] },
): Promise<void> {
  for (const use of input.uses) {
    const used = await trx.db
      .updateTable('endpoint')
      .set(former => ({
        former_token_uses: former('former_token_uses', '+', use.count),
        former_token_used_at: use.atMs,
        former_token_used_by: use.sender,
      }))
      .where('id', '=', use.endpointId)
      .where('former_token_hash', '=', use.tokenHash)
      .returning(['id', 'team'])
      .executeTakeFirst()
    if (used) await tellChange(trx, 'endpoint', used, use.atMs)
  }
}
