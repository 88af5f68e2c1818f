import { type Kysely, sql } from 'kysely'
import type { Teams } from '../../core/permission.ts'
import type { AttemptTable, Database, RunTable } from '../schema.ts'
import { isOwnedBy } from './teams.ts'

export interface RunFilter {
  reactionId?: string
  eventId?: string
  states?: string[]
  sinceMs?: number
  untilMs?: number
  /** Runs that one of these owns. */
  teams?: readonly string[]
}

export interface RunPage {
  runs: RunTable[]
  /** Go on before this position; null at the end. */
  before: number | null
}

/** Newest first. Of some teams, each is asked for its newest ones along its own index. */
export async function listRuns(
  db: Kysely<Database>,
  input: { filter: RunFilter; before: number | null; limit: number },
): Promise<RunPage> {
  const { teams, eventId, reactionId } = input.filter
  const hasOtherIndex = eventId !== undefined || reactionId !== undefined
  const runs: RunTable[] = []
  if (teams === undefined || hasOtherIndex) runs.push(...(await newestRuns(db, input, null)))
  else for (const team of teams) runs.push(...(await newestRuns(db, input, team)))
  runs.sort((a, b) => b.position - a.position)
  const page = runs.slice(0, input.limit)
  return { runs: page, before: runs.length > input.limit ? page.at(-1)!.position : null }
}

/** One more than the page has. */
function newestRuns(
  db: Kysely<Database>,
  { filter, before, limit }: { filter: RunFilter; before: number | null; limit: number },
  /** Along whose index; null: along another. */
  team: string | null,
): Promise<RunTable[]> {
  const { teams, reactionId, eventId, states, sinceMs, untilMs } = filter
  let query = db
    .selectFrom('run')
    .selectAll()
    .orderBy('position', 'desc')
    .limit(limit + 1)
  if (before !== null) query = query.where('position', '<', before)
  if (team !== null) query = query.where('team', '=', team)
  else if (teams) query = query.where(isOwnedBy('team', teams))
  if (reactionId !== undefined) query = query.where('reaction_id', '=', reactionId)
  if (eventId !== undefined) query = query.where('event_id', '=', eventId)
  if (states?.length) query = query.where('state', 'in', states)
  if (sinceMs !== undefined) query = query.where('created_at', '>=', sinceMs)
  if (untilMs !== undefined) query = query.where('created_at', '<=', untilMs)
  return query.execute()
}

export type AttemptWithBodies = AttemptTable & { request: Uint8Array; response: Uint8Array }

export function attemptsOfRun(db: Kysely<Database>, input: { runId: string }): Promise<AttemptWithBodies[]> {
  return db
    .selectFrom('attempt')
    .innerJoin('attempt_body', 'attempt_body.position', 'attempt.position')
    .selectAll('attempt')
    .select(['attempt_body.request', 'attempt_body.response'])
    .where('attempt.run_id', '=', input.runId)
    .orderBy('attempt.number')
    .limit(500)
    .execute()
}

/** How the latest runs of each reaction ended, newest first: the bar in the list of reactions. */
export async function latestRunStates(
  db: Kysely<Database>,
  input: { reactionIds: string[]; limit: number },
): Promise<Record<string, { state: string; createdAtMs: number }[]>> {
  const states: Record<string, { state: string; createdAtMs: number }[]> = {}
  for (const reactionId of input.reactionIds) {
    const rows = await db
      .selectFrom('run')
      .select(['state', 'created_at'])
      .where('reaction_id', '=', reactionId)
      .orderBy('position', 'desc')
      .limit(input.limit)
      .execute()
    states[reactionId] = rows.map(row => ({ state: row.state, createdAtMs: row.created_at }))
  }
  return states
}

/** Reactions that have held runs though they are no longer paused: a resume that was interrupted. */
export async function reactionsWithHeldRuns(db: Kysely<Database>, _input: null): Promise<string[]> {
  const rows = await db
    .selectFrom('run')
    .select('reaction_id')
    .distinct()
    .where('state', '=', 'held')
    .execute()
  return rows.map(row => row.reaction_id)
}

export async function countWaitingRuns(
  db: Kysely<Database>,
  _input: null,
): Promise<{ due: number; held: number }> {
  const count = async (states: string[]) => {
    const row = await db
      .selectFrom('run')
      .select(select => select.fn.countAll<number>().as('count'))
      .where('state', 'in', states)
      .where('due_at', states[0] === 'held' ? 'is' : 'is not', null)
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }
  return { due: await count(['due', 'trying']), held: await count(['held']) }
}

export interface SetOff {
  eventId: string
  /** A state; or `retrying`, of one that is due after a try. */
  standing: string
  count: number
}

/** How the runs of each of these events stand, counted; an event without runs is left out. */
export async function setOffBy(
  db: Kysely<Database>,
  input: { eventIds: string[]; teams: Teams },
): Promise<SetOff[]> {
  if (input.eventIds.length === 0) return []
  const standing = sql<string>`case when state = 'due' and attempts > 0 then 'retrying' else state end`
  let query = db
    .selectFrom('run')
    .select(['event_id', standing.as('standing')])
    .select(select => select.fn.countAll<number>().as('count'))
    .where('event_id', 'in', input.eventIds)
  if (input.teams !== 'all') query = query.where(isOwnedBy('team', input.teams))
  const rows = await query.groupBy(['event_id', standing]).execute()
  return rows.map(row => ({ eventId: row.event_id, standing: row.standing, count: Number(row.count) }))
}
