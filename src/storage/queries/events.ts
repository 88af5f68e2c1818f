import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { eventContext } from '../../core/context.ts'
import { type TextSearch, textSearch } from '../../core/text-search.ts'
import { compileWhere, type Where } from '../../core/where.ts'
import { toEvent } from '../rows.ts'
import type { Teams } from '../../core/permission.ts'
import type { Database, EventTable, RunTable } from '../schema.ts'
import { type EventFilter, narrow } from './event-filter.ts'
import { listed, walkOf, type Window } from './event-walk.ts'
import { mostCounted, type SeenKind } from './seen-kind.ts'
import type { Spelling } from './spelling.ts'

export interface EventList {
  events: (EventTable & { preview: Uint8Array })[]
  /** Go on before this position; null at the end. */
  before: number | null
  /** How far the search got, when its time was up before the page was full. */
  searchedTo: number | null
}

interface EventListInput {
  filter: EventFilter
  before: number | null
  limit: number
  deadlineAtMs: number
}

/** Rows between two looks at the clock: along an index each is fetched by itself, in a stretch they lie side by side. */
const leastRows = 250
const mostRows = { index: 2000, stretch: 8000 }
const previewBytes = 2048

export const eventQueries = (spelling: Spelling) => ({
  listEvents: (db: Kysely<Database>, input: EventListInput) => listEvents(db, input, spelling),
  runsOfEvent,
  seenKinds,
})

/** Newest first. Walks in windows, so that a search that finds little can stop in time and say how far it got. */
async function listEvents(
  db: Kysely<Database>,
  input: EventListInput,
  spelling: Spelling,
): Promise<EventList> {
  const { filter, limit, deadlineAtMs } = input
  const walk = await walkOf(db, filter, spelling)
  const search = searchOf(db, filter, spelling)
  const events: EventList['events'] = []
  let before = input.before ?? Number.MAX_SAFE_INTEGER
  for (let rows = Math.max(leastRows, limit + 1); ; rows *= 2) {
    const window = await walk(before, rows)
    if (window === null) return { events, before: null, searchedTo: null }
    const { found, lookedTo } = await search({
      window,
      before,
      limit: limit + 1 - events.length,
      deadlineAtMs,
    })
    events.push(...found)
    if (events.length > limit) {
      const page = events.slice(0, limit)
      return { events: page, before: page.at(-1)!.position, searchedTo: null }
    }
    before = lookedTo
    if (window.isLast && lookedTo === window.floor) return { events, before: null, searchedTo: null }
    if (Date.now() >= deadlineAtMs) return { events, before, searchedTo: before }
    rows = Math.min(rows, mostRows[window.positions === null ? 'stretch' : 'index'] / 2)
  }
}

interface Look {
  window: Window
  before: number
  limit: number
  deadlineAtMs: number
}

/** Looks through one window; `lookedTo` lies above its floor when the time was up. */
type Search = (look: Look) => Promise<{ found: EventList['events']; lookedTo: number }>

function searchOf(db: Kysely<Database>, filter: EventFilter, spelling: Spelling): Search {
  const text = filter.text ? textSearch(filter.text) : null
  const where = filter.where === undefined ? null : whereOf(filter.where)
  const candidates = ({ window: { positions, floor }, before }: Pick<Look, 'window' | 'before'>) => {
    const query = db
      .selectFrom('event')
      .innerJoin('event_body', 'event_body.position', 'event.position')
      .orderBy('event.position', 'desc')
    const there =
      positions === null
        ? query.where('event.position', '>=', floor).where('event.position', '<', before)
        : query.where('event.position', 'in', sql<number>`(${listed(positions)})`)
    return narrow(there, filter, text, spelling)
  }
  if (where !== null || (text !== null && !text.isExact))
    return look =>
      lookClosely(db, candidates(look).select(['event.position', 'event.body_bytes']), look, { text, where })
  return async look => ({
    found: await candidates(look).selectAll('event').select(preview).limit(look.limit).execute(),
    lookedTo: look.window.floor,
  })
}

// SQLite's substr makes a null of an empty body.
const preview =
  sql<Uint8Array>`coalesce(substr(event_body.body, 1, ${sql.lit(previewBytes)}), event_body.body)`.as(
    'preview',
  )

function whereOf(source: string): Where {
  const compiled = compileWhere(source)
  if (!compiled.ok) throw new Error(`The expression does not compile: ${compiled.message}`)
  return compiled.evaluate
}

/** Bodies that are in memory at once. */
const mostBodies = { count: 200, bytes: 4 * 1024 * 1024 }

/** Reads what the engine let through, and judges what the engine cannot. */
async function lookClosely(
  db: Kysely<Database>,
  candidates: { execute(): Promise<{ position: number; body_bytes: number }[]> },
  { window, limit, deadlineAtMs }: Look,
  { text, where }: { text: TextSearch | null; where: Where | null },
): Promise<{ found: EventList['events']; lookedTo: number }> {
  const found: EventList['events'] = []
  for (const positions of inHandfuls(await candidates.execute())) {
    const rows = await db
      .selectFrom('event')
      .innerJoin('event_body', 'event_body.position', 'event.position')
      .selectAll('event')
      .select('event_body.body')
      .where('event.position', 'in', sql<number>`(${listed(positions)})`)
      .orderBy('event.position', 'desc')
      .execute()
    for (const { body, ...event } of rows) {
      const holds = text === null || text.isExact || text.foundIn(body, event.detail)
      if (holds && (where === null || where(eventContext(toEvent(event), body)).matches))
        found.push({ ...event, preview: body.slice(0, previewBytes) })
      if (found.length >= limit || Date.now() >= deadlineAtMs) return { found, lookedTo: event.position }
    }
  }
  return { found, lookedTo: window.floor }
}

function* inHandfuls(rows: readonly { position: number; body_bytes: number }[]): Generator<number[]> {
  let handful: number[] = []
  let bytes = 0
  for (const { position, body_bytes } of rows) {
    if (handful.length >= mostBodies.count || (handful.length > 0 && bytes + body_bytes > mostBodies.bytes)) {
      yield handful
      handful = []
      bytes = 0
    }
    handful.push(position)
    bytes += body_bytes
  }
  if (handful.length > 0) yield handful
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

const mostKinds = 500

/** The names of kinds that are stored: a loose scan, one seek a name, however many events have it. */
async function seenKinds(db: Kysely<Database>, { teams }: { teams: Teams }): Promise<SeenKind[]> {
  if (teams !== 'all') return seenByTeams(db, teams)
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

/** Of some teams, the kinds of their newest events. */
async function seenByTeams(db: Kysely<Database>, teams: readonly string[]): Promise<SeenKind[]> {
  const kinds = new Map<string, SeenKind>()
  for (const team of teams) {
    const newest = await db
      .selectFrom('event')
      .select(['kind_name', 'kind_type', 'received_at', 'detail'])
      .where('team', '=', team)
      .orderBy('position', 'desc')
      .limit(mostCounted)
      .execute()
    for (const { kind_name: name, kind_type: type, received_at: lastAtMs, detail } of newest) {
      const known = kinds.get(name)
      const count = (known?.count ?? 0) + 1
      const isNewer = known === undefined || lastAtMs > known.lastAtMs
      kinds.set(name, isNewer ? { name, type, lastAtMs, detail, count } : { ...known, count })
    }
  }
  return [...kinds.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, mostKinds)
}
