import { type Kysely, sql } from 'kysely'
import { isFinal, type RunState } from '../../core/run.ts'
import {
  bucketOf,
  type Count,
  createTally,
  type Measure,
  minuteMs,
  startOf,
  storedStepsMs,
} from '../../core/statistics.ts'
import type { Database } from '../schema.ts'
import type { Spelling } from './spelling.ts'
import { namesOf } from './teams.ts'

export interface Uncounted {
  from: number
  /** Everything up to here is in `counts`. */
  to: number
  more: boolean
  counts: Count[]
}

export interface StatisticsInput {
  fromMs: number
  toMs: number
  stepMs: number
  by: 'reaction' | 'endpoint' | 'outcome' | null
  reactionId?: string
  endpointId?: string
  /** What happened to these alone; to all, if it is left out. */
  teams?: readonly string[]
}

export interface StatisticRow {
  at: number
  /** What it is counted by; empty when by nothing. */
  key: string
  measure: Measure
  outcome: string
  bucket: number
  count: number
}

export const statisticQueries = (spelling: Spelling) => ({
  uncounted: (db: Kysely<Database>, input: { limit: number }) => uncounted(db, input.limit, spelling),
  statistics,
  waitingBefore,
  waitingRuns,
})

/** Counts what was committed since it was counted last, in the order of commits, a page at a time. */
async function uncounted(db: Kysely<Database>, limit: number, spelling: Spelling): Promise<Uncounted> {
  const { position: from } = await db
    .selectFrom('statistic_position')
    .select('position')
    .where('id', '=', 1)
    .executeTakeFirstOrThrow()
  // Read first: whatever is committed while the tables are read lies beyond it.
  const { rows } = await sql<{ position: number }>`select ${spelling.lastPosition} as position`.execute(db)
  const end = Math.max(from, rows[0]?.position ?? 0)
  if (end === from) return { from, to: from, more: false, counts: [] }
  const range: Range = { from, end, limit }
  const events = await eventsIn(db, range)
  const attempts = await attemptsIn(db, range)
  const changes = await changesIn(db, range)
  const full = [events, attempts, changes].filter(list => list.length >= limit)
  const to = Math.min(end, ...full.map(list => list.at(-1)!.position))
  const tally = createTally()
  for (const one of events) if (one.position <= to) countEvent(tally, one)
  for (const one of attempts) if (one.position <= to) countAttempt(tally, one)
  for (const one of changes) if (one.position <= to) countChange(tally, one)
  return { from, to, more: to < end, counts: tally.counts() }
}

interface Range {
  from: number
  end: number
  limit: number
}

const eventsIn = (db: Kysely<Database>, { from, end, limit }: Range) =>
  db
    .selectFrom('event')
    .select(['position', 'received_at', 'kind_type', 'endpoint_id', 'team', 'error'])
    .where('position', '>', from)
    .where('position', '<=', end)
    .orderBy('position')
    .limit(limit)
    .execute()

/** Outer joins: the order of the first table is kept, and what has passed its retention is still counted. */
const attemptsIn = (db: Kysely<Database>, { from, end, limit }: Range) =>
  db
    .selectFrom('attempt')
    .leftJoin('run', 'run.id', 'attempt.run_id')
    .leftJoin('event', 'event.id', 'run.event_id')
    .select(['attempt.position', 'attempt.started_at', 'attempt.ended_at', 'attempt.outcome'])
    .select(['attempt.error_code', 'attempt.run_state', 'run.reaction_id', 'run.occasion', 'run.team'])
    .select(['run.created_at', 'event.received_at', 'event.endpoint_id'])
    .where('attempt.position', '>', from)
    .where('attempt.position', '<=', end)
    .orderBy('attempt.position')
    .limit(limit)
    .execute()

/** Runs that ended without an attempt: cancelled, or late while they waited for their turn. */
const changesIn = (db: Kysely<Database>, { from, end, limit }: Range) =>
  db
    .selectFrom('change')
    .leftJoin('run', join =>
      join.onRef('run.id', '=', 'change.subject_id').onRef('run.ended_at', '=', 'change.at'),
    )
    .leftJoin('event', 'event.id', 'run.event_id')
    .select(['change.position', 'change.topic', 'change.at', 'run.state', 'run.reaction_id', 'run.team'])
    .select(['run.occasion', 'run.created_at', 'event.received_at', 'event.endpoint_id'])
    .where('change.position', '>', from)
    .where('change.position', '<=', end)
    .orderBy('change.position')
    .limit(limit)
    .execute()

type Tally = ReturnType<typeof createTally>
type RowOf<F extends (...given: never[]) => Promise<unknown[]>> = Awaited<ReturnType<F>>[number]

/** What Signalbox tells of itself is no traffic. */
function countEvent(tally: Tally, event: RowOf<typeof eventsIn>): void {
  if (event.kind_type === 'signalbox') return
  tally.add({
    atMs: startOf(event.received_at, minuteMs),
    measure: 'event',
    team: event.team ?? '',
    endpointId: event.endpoint_id ?? '',
    reactionId: '',
    outcome: event.error === null ? 'success' : 'error',
    bucket: 0,
    count: 1,
  })
}

function countAttempt(tally: Tally, attempt: RowOf<typeof attemptsIn>): void {
  const { started_at: startedAtMs, ended_at: endedAtMs, run_state: state } = attempt
  const names = {
    atMs: startOf(endedAtMs, minuteMs),
    team: attempt.team ?? '',
    endpointId: attempt.endpoint_id ?? '',
    reactionId: attempt.reaction_id ?? '',
    count: 1,
  }
  const outcome = attempt.error_code ?? attempt.outcome
  tally.add({ ...names, measure: 'attempt', outcome, bucket: bucketOf(endedAtMs - startedAtMs) })
  if (isFinal(state as RunState))
    tally.add({ ...names, measure: 'run', outcome: state, bucket: bucketOf(endedAtMs - begunAt(attempt)) })
}

function countChange(tally: Tally, change: RowOf<typeof changesIn>): void {
  if (change.topic !== 'run' || change.state === null || !isFinal(change.state as RunState)) return
  // A run that ended by an attempt is told of by the attempt.
  if (change.state !== 'cancelled' && change.state !== 'timed-out') return
  tally.add({
    atMs: startOf(change.at, minuteMs),
    measure: 'run',
    team: change.team ?? '',
    endpointId: change.endpoint_id ?? '',
    reactionId: change.reaction_id ?? '',
    outcome: change.state,
    bucket: bucketOf(change.at - begunAt(change)),
    count: 1,
  })
}

/** A delivery begins when the event was accepted; that of a replay when somebody asked for it. */
const begunAt = (run: {
  occasion: string | null
  created_at: number | null
  received_at: number | null
}): number => (run.occasion === '' ? run.received_at : null) ?? run.created_at ?? 0

async function statistics(db: Kysely<Database>, input: StatisticsInput): Promise<StatisticRow[]> {
  const base = storedStepsMs.find(stepMs => input.stepMs % stepMs === 0) ?? minuteMs
  const width = sql.lit(input.stepMs)
  const at = sql<number>`at / ${width} * ${width}`
  const columns = { reaction: 'reaction_id', endpoint: 'endpoint_id', outcome: 'outcome' } as const
  const key = input.by === null ? sql<string>`''` : sql<string>`${sql.ref(columns[input.by])}`
  let query = db
    .selectFrom('statistic')
    .select(['measure', 'outcome', 'bucket'])
    .select([at.as('at'), key.as('key')])
    // Peaks of several steps are no sum.
    .select(
      sql<number>`case when measure in ('waiting', 'waiting-peak') then max(count) else sum(count) end`.as(
        'count',
      ),
    )
    .where('step', '=', base)
    .where('at', '>=', input.fromMs)
    .where('at', '<', input.toMs)
  if (input.reactionId !== undefined) query = query.where('reaction_id', '=', input.reactionId)
  if (input.teams) query = query.where('team', 'in', namesOf(input.teams))
  if (input.endpointId !== undefined) query = query.where('endpoint_id', '=', input.endpointId)
  const names = input.by === null ? [] : [key]
  const rows = await query.groupBy([at, ...names, 'measure', 'outcome', 'bucket']).execute()
  return rows.map(row => ({ ...row, measure: row.measure as Measure, count: Number(row.count) }))
}

/** How many runs waited when that was last looked at before a time. */
async function waitingBefore(db: Kysely<Database>, input: { atMs: number }): Promise<Record<string, number>> {
  for (const stepMs of storedStepsMs.toReversed()) {
    const last = await db
      .selectFrom('statistic')
      .select('at')
      .where('step', '=', stepMs)
      .where('at', '<', input.atMs)
      .where('measure', '=', 'waiting')
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (!last) continue
    const rows = await db
      .selectFrom('statistic')
      .select(['outcome', 'count'])
      .where('step', '=', stepMs)
      .where('at', '=', last.at)
      .where('measure', '=', 'waiting')
      .execute()
    return Object.fromEntries(rows.map(row => [row.outcome, row.count]))
  }
  return {}
}

/** Runs with a time to be tried at, whether they are being tried or not; and those that are held. */
async function waitingRuns(db: Kysely<Database>, _input: null): Promise<{ open: number; held: number }> {
  const open = await db
    .selectFrom('run')
    .select(select => select.fn.countAll<number>().as('count'))
    .where('due_at', 'is not', null)
    .executeTakeFirstOrThrow()
  const held = await db
    .selectFrom('run')
    .select(select => select.fn.countAll<number>().as('count'))
    .where(sql<boolean>`state = 'held'`)
    .executeTakeFirstOrThrow()
  return { open: Number(open.count), held: Number(held.count) }
}
