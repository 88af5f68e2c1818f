import type { Kysely, SelectQueryBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Database, EventTable, RunTable } from '../schema.ts'
import type { Spelling } from './spelling.ts'

export interface EventFilter {
  endpointIds?: string[]
  kindTypes?: string[]
  /** Dotted names; each also stands for what lies below it. */
  kindNames?: string[]
  target?: { type?: string; value: string }
  outcome?: 'success' | 'error'
  sinceMs?: number
  untilMs?: number
  /** Found in the body or the path, in any case. */
  text?: string
  team?: string
}

export interface EventList {
  events: (EventTable & { preview: Uint8Array })[]
  /** Go on before this position; null at the end. */
  before: number | null
  /** How far the search got, when its time was up before the page was full. */
  searchedTo: number | null
}

/** Rows looked at between two looks at the clock: 2,000 take some 5 ms. */
const windowRows = 2000
const previewBytes = 2048

interface EventListInput {
  filter: EventFilter
  before: number | null
  limit: number
  deadlineAtMs: number
}

export const eventQueries = (spelling: Spelling) => ({
  listEvents: (db: Kysely<Database>, input: EventListInput) => listEvents(db, input, spelling),
  runsOfEvent,
  seenKinds,
})

/** Newest first. Walks an index in windows, so that a filter that finds nothing can stop in time and say how far it got. */
async function listEvents(
  db: Kysely<Database>,
  input: EventListInput,
  spelling: Spelling,
): Promise<EventList> {
  const events: EventList['events'] = []
  let before = input.before ?? Number.MAX_SAFE_INTEGER
  for (;;) {
    const window = await nextWindow(db, input.filter, before)
    if (window.length === 0) return { events, before: null, searchedTo: null }
    const wanted = input.limit - events.length
    const found = await matching(db, input.filter, window, wanted + 1, spelling)
    events.push(...found.slice(0, wanted))
    if (found.length > wanted) return { events, before: events.at(-1)!.position, searchedTo: null }
    before = window.at(-1)!
    if (Date.now() >= input.deadlineAtMs) return { events, before, searchedTo: before }
  }
}

async function nextWindow(db: Kysely<Database>, filter: EventFilter, before: number): Promise<number[]> {
  if (filter.target?.type !== undefined) {
    const rows = await db
      .selectFrom('event_target')
      .select('position')
      .where('type', '=', filter.target.type)
      .where('value', '=', filter.target.value)
      .where('position', '<', before)
      .orderBy('position', 'desc')
      .limit(windowRows)
      .execute()
    return rows.map(row => row.position)
  }
  let query = db
    .selectFrom('event')
    .select('position')
    .where('position', '<', before)
    .orderBy('position', 'desc')
    .limit(windowRows)
  if (filter.endpointIds?.length === 1) query = query.where('endpoint_id', '=', filter.endpointIds[0]!)
  if (filter.sinceMs !== undefined) query = query.where('received_at', '>=', filter.sinceMs)
  return (await query.execute()).map(row => row.position)
}

function matching(
  db: Kysely<Database>,
  filter: EventFilter,
  window: readonly number[],
  limit: number,
  spelling: Spelling,
) {
  const query = db
    .selectFrom('event')
    .innerJoin('event_body', 'event_body.position', 'event.position')
    .selectAll('event')
    // SQLite's substr makes a null of an empty body.
    .select(
      sql<Uint8Array>`coalesce(substr(event_body.body, 1, ${sql.lit(previewBytes)}), event_body.body)`.as(
        'preview',
      ),
    )
    .where('event.position', '<=', window[0]!)
    .where('event.position', '>=', window.at(-1)!)
    .orderBy('event.position', 'desc')
    .limit(limit)
  return narrow(query, filter, spelling).execute()
}

type EventQuery<O> = SelectQueryBuilder<Database, 'event' | 'event_body', O>

function narrow<O>(query: EventQuery<O>, filter: EventFilter, spelling: Spelling): EventQuery<O> {
  const { endpointIds, kindTypes, kindNames, target, outcome, sinceMs, untilMs, text, team } = filter
  let narrowed = query
  if (endpointIds)
    narrowed = narrowed.where('event.endpoint_id', 'in', endpointIds.length > 0 ? endpointIds : [''])
  if (kindTypes?.length) narrowed = narrowed.where('event.kind_type', 'in', kindTypes)
  if (kindNames?.length) {
    narrowed = narrowed.where(where =>
      where.or(
        kindNames.flatMap(name => [
          where('event.kind_name', '=', name),
          // '/' follows '.' in the order of bytes: this range is what starts with "name."
          where.and([where('event.kind_name', '>=', `${name}.`), where('event.kind_name', '<', `${name}/`)]),
        ]),
      ),
    )
  }
  if (target) {
    narrowed = narrowed.where(({ exists, selectFrom }) => {
      let targets = selectFrom('event_target')
        .select('event_target.position')
        .whereRef('event_target.position', '=', 'event.position')
        .where('event_target.value', '=', target.value)
      if (target.type !== undefined) targets = targets.where('event_target.type', '=', target.type)
      return exists(targets)
    })
  }
  if (outcome === 'error') narrowed = narrowed.where('event.error', 'is not', null)
  if (outcome === 'success') narrowed = narrowed.where('event.error', 'is', null)
  if (sinceMs !== undefined) narrowed = narrowed.where('event.received_at', '>=', sinceMs)
  if (untilMs !== undefined) narrowed = narrowed.where('event.received_at', '<=', untilMs)
  if (team !== undefined) narrowed = narrowed.where('event.team', '=', team)
  if (text)
    narrowed = narrowed.where(where => where.or([spelling.bodyContains(text), spelling.detailContains(text)]))
  return narrowed
}

function runsOfEvent(db: Kysely<Database>, input: { eventId: string }): Promise<RunTable[]> {
  return db
    .selectFrom('run')
    .selectAll()
    .where('event_id', '=', input.eventId)
    .orderBy('position')
    .limit(1000)
    .execute()
}

export interface SeenKind {
  name: string
  /** As the last of them has it; its detail holds the targets. */
  type: string
  lastAtMs: number
  detail: string
  /** Counted up to `mostCounted`. */
  count: number
}

export const mostCounted = 10_000
const mostKinds = 500

/** The names of kinds that are stored: a loose scan, one seek a name, however many events have it. */
async function seenKinds(db: Kysely<Database>, _input: null): Promise<SeenKind[]> {
  const { rows } = await sql<SeenKind>`
    with recursive seen(name) as (
      select min(kind_name) from event
      union all
      select (select min(kind_name) from event where kind_name > seen.name) from seen where seen.name is not null
    )
    select seen.name as name, event.kind_type as type, event.received_at as "lastAtMs", event.detail as detail,
      (select count(*) from (
        select 1 from event e where e.kind_name = seen.name limit ${sql.lit(mostCounted)}) as counted) as count
    from seen join event on event.position =
      (select max(latest.position) from event latest where latest.kind_name = seen.name)
    where seen.name is not null order by seen.name limit ${sql.lit(mostKinds)}`.execute(db)
  return rows.map(row => ({ ...row, count: Number(row.count) }))
}
