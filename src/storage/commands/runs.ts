import { isListenerLane, listenerLanes } from '../../core/listener.ts'
import { canRetry, isFinal, type RunState } from '../../core/run.ts'
import type { NewRun, Transaction } from '../hot.ts'
import { Refusal } from '../refusal.ts'
import type { RunTable } from '../schema.ts'
import { type RunContext, runSubject } from '../lost-attempt.ts'
import { toRunEventAppend } from '../rows.ts'
import { tellChange } from './configuration.ts'

/** Opens an ended run again: same run, same `webhook-id`, its tries counted from zero. */
export async function retryRun(
  trx: Transaction,
  input: { id: string; nowMs: number; deadlineAtMs: number; by: string },
): Promise<RunTable> {
  const run = await requireRun(trx, input.id)
  if (!canRetry(run.state as RunState)) {
    const advice = run.state === 'succeeded' ? 'replay its event instead' : 'it has not ended yet'
    throw new Refusal('state-conflict', `The run ${run.id} is ${run.state} and cannot be retried; ${advice}`)
  }
  // It waits for its next try: the waiting is cut short, and nothing else begins anew.
  if (run.state === 'due')
    return changeRun(trx, run, input.nowMs, { due_at: Math.min(run.due_at ?? input.nowMs, input.nowMs) })
  return changeRun(trx, run, input.nowMs, {
    state: 'due',
    due_at: input.nowMs,
    tries: 0,
    ended_at: null,
    deadline_at: input.deadlineAtMs,
    label: `Retried by ${input.by}`,
  })
}

/** Whoever is trying it just now finds its claim gone when it records. */
export async function cancelRun(
  trx: Transaction,
  input: { id: string; nowMs: number; by: string },
): Promise<RunTable> {
  const run = await requireRun(trx, input.id)
  if (isFinal(run.state as RunState))
    throw new Refusal('state-conflict', `The run ${run.id} has ended already: ${run.state}`)
  return changeRun(trx, run, input.nowMs, {
    state: 'cancelled',
    due_at: null,
    claim_no: run.claim_no + 1,
    ended_at: input.nowMs,
    label: `Cancelled by ${input.by}`,
  })
}

/** Runs for a stored event, on an occasion of their own. One that exists already is left alone. */
export async function replayEvent(
  trx: Transaction,
  input: { eventId: string; runs: NewRun[] },
): Promise<{ created: string[] }> {
  const event = await trx.db
    .selectFrom('event')
    .select('id')
    .where('id', '=', input.eventId)
    .modifyEnd(trx.forUpdate)
    .executeTakeFirst()
  if (!event)
    throw new Refusal('not-found', `There is no event ${input.eventId}; it may have passed its retention`)
  const positions = await trx.insertRuns(input.runs)
  return { created: input.runs.filter((_, index) => positions[index] !== 0).map(run => run.id) }
}

/** Runs held by a paused reaction become due again, oldest first, in steps. Answers how many; 0 when all are done. */
export async function releaseHeld(
  trx: Transaction,
  input: { reactionId: string; nowMs: number; limit: number },
): Promise<number> {
  const held = await trx.db
    .selectFrom('run')
    .selectAll()
    .where('reaction_id', '=', input.reactionId)
    .where('state', '=', 'held')
    .orderBy('position')
    .limit(input.limit)
    .modifyEnd(trx.forUpdate)
    .execute()
  for (const run of held)
    await changeRun(trx, run, input.nowMs, { state: 'due', due_at: input.nowMs, label: 'Released' })
  return held.length
}

/**
 * Ends runs whose deadline passed while they waited for a lane that never had room for them, and tells of each with
 * an event of our own. Those of listeners end too when nobody reports on them any more, and wake nobody: a listener is
 * somebody's own. Answers the ids.
 */
export async function expireRuns(
  trx: Transaction,
  input: { nowMs: number; limit: number },
): Promise<string[]> {
  const late = await trx.db
    .selectFrom('run')
    .selectAll()
    .where('due_at', 'is not', null)
    .where('due_at', '<=', input.nowMs)
    .where('deadline_at', '<=', input.nowMs)
    .where(where =>
      where.or([
        where('state', '=', 'due'),
        where.and([where('state', '=', 'trying'), where('lane', 'like', `${listenerLanes}%`)]),
      ]),
    )
    .orderBy('position')
    .limit(input.limit)
    .modifyEnd(trx.forUpdate)
    .execute()
  for (const run of late) {
    const expired = await changeRun(trx, run, input.nowMs, {
      state: 'timed-out',
      due_at: null,
      ended_at: input.nowMs,
      label: 'Its deadline passed while it waited for its turn',
    })
    if (isListenerLane(run.lane)) continue
    const subject = { ...runSubject(expired), ...(await contextOf(trx, run)) }
    await trx.appendEvents([toRunEventAppend('run.timed-out', subject, input.nowMs)])
  }
  return late.map(run => run.id)
}

/** Pushes the leases of runs that are still being tried. Answers the ids whose claim is gone. */
export async function extendLeases(
  trx: Transaction,
  input: { claims: { runId: string; claimNo: number }[]; leaseUntilMs: number },
): Promise<string[]> {
  const gone: string[] = []
  for (const { runId, claimNo } of input.claims) {
    const { numUpdatedRows } = await trx.db
      .updateTable('run')
      .set({ due_at: input.leaseUntilMs })
      .where('id', '=', runId)
      .where('claim_no', '=', claimNo)
      .where('state', '=', 'trying')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) gone.push(runId)
  }
  return gone
}

/**
 * At the start of the only process on a store, nobody can still be trying a run: every lease is dead, and waiting
 * for it to pass would delay what was under way. Claiming then records the lost attempts. A listener is a process of
 * its own, which goes on.
 */
export async function releaseLeases(trx: Transaction, input: { nowMs: number }): Promise<number> {
  const { numUpdatedRows } = await trx.db
    .updateTable('run')
    .set({ due_at: input.nowMs })
    .where('due_at', 'is not', null)
    .where('state', '=', 'trying')
    .where('lane', 'not like', `${listenerLanes}%`)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Gives back claims whose attempt was not started: nothing left, so no attempt counts. */
export async function releaseClaims(
  trx: Transaction,
  input: { claims: { runId: string; claimNo: number }[]; nowMs: number },
): Promise<void> {
  for (const { runId, claimNo } of input.claims) {
    await trx.db
      .updateTable('run')
      .set({ state: 'due', due_at: input.nowMs })
      .where('id', '=', runId)
      .where('claim_no', '=', claimNo)
      .where('state', '=', 'trying')
      .execute()
  }
}

async function requireRun(trx: Transaction, id: string): Promise<RunTable> {
  const run = await trx.db
    .selectFrom('run')
    .selectAll()
    .where('id', '=', id)
    .modifyEnd(trx.forUpdate)
    .executeTakeFirst()
  if (!run) throw new Refusal('not-found', `There is no run ${id}`)
  return run
}

async function contextOf(trx: Transaction, run: RunTable): Promise<RunContext> {
  const event = await trx.db
    .selectFrom('event')
    .select('hops')
    .where('id', '=', run.event_id)
    .executeTakeFirst()
  const reaction = await trx.db
    .selectFrom('reaction')
    .select('name')
    .where('id', '=', run.reaction_id)
    .executeTakeFirst()
  return { hops: event?.hops ?? 0, reactionName: reaction?.name ?? null }
}

async function changeRun(
  trx: Transaction,
  run: RunTable,
  nowMs: number,
  set: Partial<RunTable>,
): Promise<RunTable> {
  await trx.db.updateTable('run').set(set).where('position', '=', run.position).execute()
  await tellChange(trx, 'run', run, nowMs)
  return { ...run, ...set }
}
