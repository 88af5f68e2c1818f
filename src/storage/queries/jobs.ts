import { type Kysely, sql } from 'kysely'
import type { FailedRunFilter } from '../../core/job.ts'
import { includesTeam, type Teams } from '../../core/permission.ts'
import type { Database, JobTable, RunTable } from '../schema.ts'
import { namesOf } from './teams.ts'

/** Newest first: their ids grow with time. */
export function listJobs(
  db: Kysely<Database>,
  input: { before: string | null; limit: number; teams: Teams },
): Promise<JobTable[]> {
  let query = db.selectFrom('job').selectAll().orderBy('id', 'desc').limit(input.limit)
  if (input.before !== null) query = query.where('id', '<', input.before)
  if (input.teams !== 'all') query = query.where('team', 'in', namesOf(input.teams))
  return query.execute()
}

export async function findJob(db: Kysely<Database>, input: { id: string }): Promise<JobTable | null> {
  return (await db.selectFrom('job').selectAll().where('id', '=', input.id).executeTakeFirst()) ?? null
}

export interface FailedRuns {
  runs: RunTable[]
  /** Go on before this position; null at the end. */
  before: number | null
}

const windowRows = 1_000

/** Runs that failed or timed out, newest first, by the index of just those. */
export async function failedRuns(
  db: Kysely<Database>,
  input: { filter: FailedRunFilter; before: number; limit: number; deadlineAtMs: number },
): Promise<FailedRuns> {
  const runs: RunTable[] = []
  let { before } = input
  for (;;) {
    const window = await db
      .selectFrom('run')
      .selectAll()
      .where(sql<boolean>`state in ('failed', 'timed-out')`)
      .where('position', '<', before)
      .orderBy('position', 'desc')
      .limit(windowRows)
      .execute()
    for (const run of window) {
      if (!matches(run, input.filter)) continue
      if (runs.length >= input.limit) return { runs, before: runs.at(-1)!.position }
      runs.push(run)
    }
    if (window.length < windowRows) return { runs, before: null }
    before = window.at(-1)!.position
    if (Date.now() >= input.deadlineAtMs) return { runs, before }
  }
}

function matches(run: RunTable, { reactionId, error, sinceMs, untilMs, teams }: FailedRunFilter): boolean {
  const failedAtMs = run.ended_at ?? 0
  if (!includesTeam(teams ?? 'all', run.team)) return false
  if (reactionId !== undefined && run.reaction_id !== reactionId) return false
  if (sinceMs !== undefined && failedAtMs < sinceMs) return false
  if (untilMs !== undefined && failedAtMs > untilMs) return false
  return error === undefined || run.label.toLowerCase().includes(error.toLowerCase())
}
