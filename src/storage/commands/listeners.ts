import type { NewRun, Transaction } from '../hot.ts'
import { Refusal } from '../refusal.ts'
import type { ListenerTable } from '../schema.ts'
import { cancelRun } from './runs.ts'

export async function createListener(trx: Transaction, row: ListenerTable): Promise<ListenerTable> {
  await trx.db.insertInto('listener').values(row).execute()
  return row
}

/**
 * The listener's program has started again. What its former session was trying is free at once, and what that session
 * still reports counts only if nobody has claimed the run since.
 */
export async function openListener(
  trx: Transaction,
  input: { id: string; session: string; lane: string; settings: string; nowMs: number },
): Promise<ListenerTable> {
  const listener = await find(trx, input.id)
  const { session, settings, nowMs } = input
  const set = { session, settings, seen_at: nowMs }
  await trx.db.updateTable('listener').set(set).where('id', '=', input.id).execute()
  await trx.db
    .updateTable('run')
    .set({ due_at: nowMs })
    .where('lane', '=', input.lane)
    .where('due_at', 'is not', null)
    .where('state', '=', 'trying')
    .execute()
  return { ...listener, ...set }
}

/** Refused once another session has taken over: of two, only one may forward. */
export async function useListener(
  trx: Transaction,
  input: { id: string; session: string; nowMs: number },
): Promise<ListenerTable> {
  const listener = await find(trx, input.id)
  if (listener.session !== input.session)
    throw new Refusal('state-conflict', `Another session has taken over the listener ${input.id}`)
  await trx.db.updateTable('listener').set({ seen_at: input.nowMs }).where('id', '=', input.id).execute()
  return listener
}

/** One run an event and occasion, however often it is asked for. Answers how many are new. */
export async function queueForListener(
  trx: Transaction,
  input: { id: string; session: string; nowMs: number; runs: NewRun[] },
): Promise<number> {
  await useListener(trx, input)
  return (await trx.insertRuns(input.runs)).filter(position => position !== 0).length
}

/** Claims whose answer never reached the listener: nothing was sent for them, so no attempt counts. */
export async function releaseUnheld(
  trx: Transaction,
  input: { lane: string; held: string[]; nowMs: number },
): Promise<void> {
  let query = trx.db
    .updateTable('run')
    .set({ state: 'due', due_at: input.nowMs })
    .where('lane', '=', input.lane)
    .where('due_at', 'is not', null)
    .where('state', '=', 'trying')
  if (input.held.length > 0) query = query.where('id', 'not in', input.held)
  await query.execute()
}

/** Nobody has started them for long; what they had left to do has timed out. */
export async function forgetListeners(trx: Transaction, input: { seenBeforeMs: number }): Promise<void> {
  await trx.db.deleteFrom('listener').where('seen_at', '<', input.seenBeforeMs).execute()
}

/**
 * By hand. What it had left to do is cancelled in steps; answers how many this one cancelled, 0 when none is left.
 */
export async function deleteListener(
  trx: Transaction,
  input: { id: string; lane: string; by: string; nowMs: number; limit: number },
): Promise<number> {
  await trx.db.deleteFrom('listener').where('id', '=', input.id).execute()
  const left = await trx.db
    .selectFrom('run')
    .select('id')
    .where('lane', '=', input.lane)
    .where('due_at', 'is not', null)
    .limit(input.limit)
    .modifyEnd(trx.forUpdate)
    .execute()
  const by = `${input.by}, who deleted its listener`
  for (const { id } of left) await cancelRun(trx, { id, nowMs: input.nowMs, by })
  return left.length
}

async function find(trx: Transaction, id: string): Promise<ListenerTable> {
  const listener = await trx.db
    .selectFrom('listener')
    .selectAll()
    .where('id', '=', id)
    .modifyEnd(trx.forUpdate)
    .executeTakeFirst()
  if (!listener) throw new Refusal('not-found', `There is no listener ${id}`)
  return listener
}
