import { Refusal } from '../refusal.ts'
import type { NewRun, Transaction } from '../hot.ts'
import type { JobTable } from '../schema.ts'
import { tellChange } from './configuration.ts'
import { retryRun } from './runs.ts'

export async function createJob(trx: Transaction, row: JobTable): Promise<JobTable> {
  await trx.db.insertInto('job').values(row).execute()
  await tellChange(trx, 'job', row, row.created_at)
  return row
}

export interface JobStep {
  id: string
  /** How far it had got when the step was prepared; another step since then leaves this one without effect. */
  from: number
  to: number
  isLast: boolean
  examined: number
  replay: { eventId: string; runs: NewRun[] }[]
  retry: { id: string; lane: string; deadlineAtMs: number }[]
  nowMs: number
}

/**
 * What a step does and how far the job got, in one transaction: after a crash it goes on exactly where it was. The
 * runs of a replay have the job as their occasion besides, so that no event is replayed twice. Null: it was stopped,
 * or somebody else took the step.
 */
export async function stepJob(trx: Transaction, step: JobStep): Promise<JobTable | null> {
  const job = await find(trx, step.id)
  if (job?.state !== 'working' || job.position !== step.from) return null
  let made = 0
  for (const { runs } of step.replay)
    made += (await trx.insertRuns(runs)).filter(position => position !== 0).length
  for (const { id, deadlineAtMs } of step.retry)
    if (await retried(trx, { id, deadlineAtMs, nowMs: step.nowMs, by: job.actor })) made++
  return change(trx, job, step.nowMs, {
    position: step.to,
    examined: job.examined + step.examined,
    made: job.made + made,
    label: '',
    ...(step.isLast ? { state: 'done', ended_at: step.nowMs } : {}),
  })
}

/** Somebody may have opened it again, or it has succeeded since. */
async function retried(trx: Transaction, input: Parameters<typeof retryRun>[1]): Promise<boolean> {
  const run = await trx.db.selectFrom('run').select('state').where('id', '=', input.id).executeTakeFirst()
  if (run?.state !== 'failed' && run?.state !== 'timed-out') return false
  await retryRun(trx, input)
  return true
}

/** Stops it, lets it go on, or says what it waits for. */
export async function changeJob(
  trx: Transaction,
  input: { id: string; from: string; state: string; label: string; nowMs: number },
): Promise<JobTable> {
  const job = await find(trx, input.id)
  if (!job) throw new Refusal('not-found', `There is no job ${input.id}`)
  if (job.state !== input.from)
    throw new Refusal('state-conflict', `The job ${job.id} is ${job.state}, not ${input.from}`)
  const { state, label, nowMs } = input
  return change(trx, job, nowMs, { state, label, ended_at: state === 'working' ? null : nowMs })
}

const find = (trx: Transaction, id: string): Promise<JobTable | undefined> =>
  trx.db.selectFrom('job').selectAll().where('id', '=', id).modifyEnd(trx.forUpdate).executeTakeFirst()

/** Watchers are told at most twice a second, and of every change of its state. */
const tellEveryMs = 500

async function change(
  trx: Transaction,
  job: JobTable,
  nowMs: number,
  set: Partial<JobTable>,
): Promise<JobTable> {
  const isTold = set.state !== undefined || set.label !== job.label || nowMs - job.told_at >= tellEveryMs
  const changed = { ...job, ...set, told_at: isTold ? nowMs : job.told_at }
  await trx.db.updateTable('job').set(changed).where('id', '=', job.id).execute()
  if (isTold) await tellChange(trx, 'job', job, nowMs)
  return changed
}
