import { sql } from 'kysely'
import { failing, type FailedRun, stuck, triesToTell } from '../../core/alarm.ts'
import type { Transaction } from '../hot.ts'
import { toReaction } from '../rows.ts'
import type { AlarmTable, RunTable } from '../schema.ts'
import { alarmsOf, beginAlarm, type CheckTerms, endAlarm } from './alarms.ts'
import { latestVersion } from './reactions.ts'

/** Of the newest runs of a reaction, so many are looked at. */
const newestRuns = 200
/** After a start, the reactions of so many of the runs that failed last are looked at. */
const newestFailures = 500

export interface FailingCheck {
  reactionIds: string[]
  /** And those whose runs failed last, whoever tried them. */
  recent: boolean
  /** An alarm ends once the latest run has succeeded and none has failed for so long. */
  calmMs: number
}

export interface FailingChecked {
  told: number
  /** Reactions with an alarm, and when each might be over: null, not before a run has succeeded. */
  failing: { id: string; atMs: number | null }[]
}

/** Begins and ends the failing alarms of these reactions. */
export async function checkFailing(
  trx: Transaction,
  input: CheckTerms & FailingCheck,
): Promise<FailingChecked> {
  const alarms = new Map((await alarmsOf(trx, 'reaction.failing')).map(row => [row.subject_id, row]))
  const recent = input.recent ? [...(await recentlyFailed(trx)), ...alarms.keys()] : []
  const result: FailingChecked = { told: 0, failing: [] }
  for (const id of new Set([...input.reactionIds, ...recent])) {
    const alarm = alarms.get(id)
    const { told, isFailing, atMs } = await checkReaction(trx, id, alarm, input)
    result.told += told
    if (isFailing) result.failing.push({ id, atMs })
  }
  return result
}

async function recentlyFailed(trx: Transaction): Promise<string[]> {
  const rows = await trx.db
    .selectFrom('run')
    .select('reaction_id')
    // Spelled as the index of just those is.
    .where(sql<boolean>`state in ('failed', 'timed-out')`)
    .orderBy('position', 'desc')
    .limit(newestFailures)
    .execute()
  return rows.map(row => row.reaction_id)
}

interface Checked {
  told: number
  isFailing: boolean
  atMs: number | null
}
const fine: Checked = { told: 0, isFailing: false, atMs: null }

async function checkReaction(
  trx: Transaction,
  id: string,
  alarm: AlarmTable | undefined,
  terms: CheckTerms & { calmMs: number },
): Promise<Checked> {
  const row = await latestVersion(trx, id)
  const reaction = row && toReaction(row)
  const failingAfter = reaction?.definition.failingAfter ?? 0
  if (!reaction || failingAfter === 0 || reaction.state === 'disabled' || reaction.state === 'deleted') {
    if (alarm) await endAlarm(trx, alarm, terms, null)
    return fine
  }
  const seen = look(await latestRuns(trx, id))
  if (alarm) {
    if (seen.failures > 0 || seen.stuck || seen.lastSucceededAtMs === 0)
      return { told: 0, isFailing: true, atMs: null }
    const atMs = seen.lastFailedAtMs + terms.calmMs
    if (atMs > terms.nowMs) return { told: 0, isFailing: true, atMs }
    return { ...fine, told: await endAlarm(trx, alarm, terms) }
  }
  const subject = { id, name: reaction.definition.name, team: reaction.team }
  const enough = seen.failures >= failingAfter ? seen.last : undefined
  if (!enough && !seen.stuck) return fine
  const beginning = enough
    ? failing(subject, seen.failures, await describe(trx, enough))
    : stuck(subject, seen.stuck!.tries, await describe(trx, seen.stuck!))
  return { told: await beginAlarm(trx, beginning, terms), isFailing: true, atMs: null }
}

type Looked = Pick<RunTable, 'id' | 'event_id' | 'state' | 'ended_at' | 'created_at' | 'tries' | 'label'>

const latestRuns = (trx: Transaction, reactionId: string): Promise<Looked[]> =>
  trx.db
    .selectFrom('run')
    .select(['id', 'event_id', 'state', 'ended_at', 'created_at', 'tries', 'label'])
    .where('reaction_id', '=', reactionId)
    .orderBy('position', 'desc')
    .limit(newestRuns)
    .execute()

/** How a reaction stands by its runs. What somebody cancelled counts for nothing. */
function look(runs: readonly Looked[]) {
  const ended = runs
    .filter(({ state }) => state === 'succeeded' || state === 'failed' || state === 'timed-out')
    .sort((a, b) => (b.ended_at ?? 0) - (a.ended_at ?? 0))
  const firstSuccess = ended.findIndex(run => run.state === 'succeeded')
  const lastSucceededAtMs = ended[firstSuccess]?.ended_at ?? 0
  return {
    last: ended[0],
    failures: firstSuccess < 0 ? ended.length : firstSuccess,
    lastSucceededAtMs,
    lastFailedAtMs: ended.find(run => run.state !== 'succeeded')?.ended_at ?? 0,
    stuck: runs.find(
      run => run.ended_at === null && run.tries >= triesToTell && run.created_at > lastSucceededAtMs,
    ),
  }
}

async function describe(trx: Transaction, run: Looked): Promise<FailedRun> {
  const event = await trx.db
    .selectFrom('event')
    .select('hops')
    .where('id', '=', run.event_id)
    .executeTakeFirst()
  return { runId: run.id, eventId: run.event_id, label: run.label, hops: event?.hops ?? 0 }
}
