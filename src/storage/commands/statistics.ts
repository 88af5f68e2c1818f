import { sql } from 'kysely'
import {
  type Count,
  createTally,
  dayMs,
  hourMs,
  minuteMs,
  startOf,
  storedStepsMs,
} from '../../core/statistics.ts'
import type { Transaction } from '../hot.ts'
import type { StatisticTable } from '../schema.ts'

export interface AddStatistics {
  /** What was counted lies after `from`, and up to `to`. */
  from: number
  to: number
  counts: Count[]
  /** How many runs wait, when that was looked at. */
  waiting: { atMs: number; runs: Record<string, number> } | null
}

/**
 * Adds what was counted between two positions, and moves on, in one transaction: nothing is counted twice, whoever
 * dies when. False: somebody else has counted it.
 */
export async function addStatistics(trx: Transaction, input: AddStatistics): Promise<boolean> {
  const { numUpdatedRows } = await trx.db
    .updateTable('statistic_position')
    .set({ position: input.to })
    .where('id', '=', 1)
    .where('position', '=', input.from)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  for (const stepMs of storedStepsMs) {
    const tally = createTally()
    for (const count of input.counts) tally.add({ ...count, atMs: startOf(count.atMs, stepMs) })
    await write(trx, tally.counts(), stepMs, sql`statistic.count + excluded.count`)
    if (input.waiting) await noteWaiting(trx, input.waiting, stepMs)
  }
  return true
}

async function noteWaiting(
  trx: Transaction,
  { atMs, runs }: { atMs: number; runs: Record<string, number> },
  stepMs: number,
): Promise<void> {
  const counts = (measure: Count['measure']): Count[] =>
    Object.entries(runs).map(([outcome, count]) => ({
      atMs: startOf(atMs, stepMs),
      measure,
      team: '',
      endpointId: '',
      reactionId: '',
      outcome,
      bucket: 0,
      count,
    }))
  await write(trx, counts('waiting'), stepMs, sql`excluded.count`)
  const higher = sql<number>`case when excluded.count > statistic.count then excluded.count else statistic.count end`
  await write(trx, counts('waiting-peak'), stepMs, higher)
}

const rowsAtOnce = 500

async function write(
  trx: Transaction,
  counts: readonly Count[],
  stepMs: number,
  merged: ReturnType<typeof sql<number>>,
): Promise<void> {
  for (let at = 0; at < counts.length; at += rowsAtOnce) {
    await trx.db
      .insertInto('statistic')
      .values(counts.slice(at, at + rowsAtOnce).map(count => toRow(count, stepMs)))
      .onConflict(conflict =>
        conflict
          .columns(['step', 'at', 'measure', 'team', 'endpoint_id', 'reaction_id', 'outcome', 'bucket'])
          .doUpdateSet({ count: merged }),
      )
      .execute()
  }
}

const toRow = (count: Count, stepMs: number): StatisticTable => ({
  step: stepMs,
  at: count.atMs,
  measure: count.measure,
  team: count.team,
  endpoint_id: count.endpointId,
  reaction_id: count.reactionId,
  outcome: count.outcome,
  bucket: count.bucket,
  count: count.count,
})

/** The finer the step, the sooner it goes. */
export const keepStatisticsMs: readonly [stepMs: number, keepMs: number][] = [
  [minuteMs, 3 * dayMs],
  [hourMs, 90 * dayMs],
  [dayMs, 730 * dayMs],
]

export async function sweepStatistics(trx: Transaction, input: { nowMs: number }): Promise<void> {
  for (const [stepMs, keepMs] of keepStatisticsMs) {
    await trx.db
      .deleteFrom('statistic')
      .where('step', '=', stepMs)
      .where('at', '<', startOf(input.nowMs - keepMs, stepMs))
      .execute()
  }
}
