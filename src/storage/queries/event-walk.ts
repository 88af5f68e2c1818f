import { type Kysely, type RawBuilder, sql } from 'kysely'
import { eventIdAt, timeOfEventId } from '../../core/ids.ts'
import type { Database } from '../schema.ts'
import { belowName, type EventFilter } from './event-filter.ts'
import type { Spelling } from './spelling.ts'

/** A stretch of the order of commits: where to look for events next, the newest first. */
export interface Window {
  /** Those that an index names; null is every event from `floor` on. */
  positions: readonly number[] | null
  floor: number
  /** Nothing that could match lies below it. */
  isLast: boolean
}

/** Answers a stretch below a position, of about so many rows; null when nothing is left. */
export type Walk = (below: number, rows: number) => Promise<Window | null>

/**
 * The shortest way past everything that a filter may want: along the index that names the fewest events, within the
 * positions of the time that is asked for.
 */
export async function walkOf(db: Kysely<Database>, filter: EventFilter, spelling: Spelling): Promise<Walk> {
  const { from, to } = await boundsOf(db, filter)
  if (from === null) return async () => null
  const indexes = await indexesOf(db, filter, from)
  let chosen: Walk | undefined
  const inTime: Walk = async (below, rows) => {
    chosen ??= (await shortest(indexes, below, rows)) ?? everyEvent(db, from)
    return chosen(below, rows)
  }
  if (to === null) return inTime
  const late = lateEvents(db, to, spelling)
  return async (below, rows) =>
    (await (below > to ? late(below, rows) : null)) ?? inTime(Math.min(below, to), rows)
}

/** Time for a request to send its body, and for clocks to be set: so much later than its time an event may stand. */
const slackMs = 60_000

/** Ids of one second stand in no order, and commits of neighbouring seconds may overtake each other. */
const disorderMs = 3_000

/**
 * Ids begin with the second in which they were made, so their index leads from a time to a position. `from` is null
 * when nothing is so young. From `to` on stands only what came later, or tells of a time before it came.
 */
async function boundsOf(
  db: Kysely<Database>,
  { sinceMs, untilMs }: EventFilter,
): Promise<{ from: number | null; to: number | null }> {
  const firstAt = async (atMs: number): Promise<number | null> => {
    const lowest = await db
      .selectFrom('event')
      .select('id')
      .where('id', '>=', eventIdAt(atMs))
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    if (lowest === undefined) return null
    const { position } = await db
      .selectFrom('event')
      .select(({ fn }) => fn.min<number>('position').as('position'))
      .where('id', '>=', lowest.id)
      .where('id', '<', eventIdAt(timeOfEventId(lowest.id) + disorderMs))
      .executeTakeFirstOrThrow()
    return position
  }
  return {
    from: sinceMs === undefined ? 0 : await firstAt(sinceMs - slackMs),
    to: untilMs === undefined ? null : await firstAt(untilMs + slackMs),
  }
}

/** Events from a position on that tell of a time long before they came. */
const lateEvents =
  (db: Kysely<Database>, from: number, spelling: Spelling): Walk =>
  async (below, rows) => {
    const positions = await db
      .selectFrom('event')
      .select('position')
      .where(spelling.cameLate)
      .where('position', '>=', from)
      .where('position', '<', below)
      .orderBy('position', 'desc')
      .limit(rows)
      .execute()
    if (positions.length === 0) return null
    const isAll = positions.length < rows
    return {
      positions: positions.map(row => row.position),
      floor: isAll ? from : positions.at(-1)!.position,
      isLast: false,
    }
  }

const everyEvent =
  (db: Kysely<Database>, from: number): Walk =>
  async (below, rows) => {
    const stretch = db
      .selectFrom('event')
      .select('position')
      .where('position', '<', below)
      .where('position', '>=', from)
      .orderBy('position', 'desc')
      .limit(rows)
      .as('stretch')
    const { floor, count } = await db
      .selectFrom(stretch)
      .select(({ fn }) => [fn.min<number | null>('position').as('floor'), fn.countAll<number>().as('count')])
      .executeTakeFirstOrThrow()
    return floor === null ? null : { positions: null, floor, isLast: Number(count) < rows }
  }

/** What one lookup in an index names: a table and a condition. */
type Lane = RawBuilder<unknown>

/** More lanes than this cost more than they spare. */
const maxLanes = { toWalk: 30, toNarrow: 8 }

interface Index {
  walk: Walk
  /** Of these, the ones that it names too: looked up in the index, so that the others are never fetched. */
  among(positions: readonly number[]): Promise<readonly number[]>
}

async function indexesOf(db: Kysely<Database>, filter: EventFilter, from: number): Promise<Index[]> {
  const { target, kindNames, endpointIds, teams } = filter
  const lanesOfAll = [
    target === undefined ? null : await targetLanes(db, target),
    kindNames?.length ? await kindLanes(db, kindNames) : null,
    endpointIds?.map(id => sql`event where endpoint_id = ${id}`) ?? null,
    teams?.map(team => sql`event where team = ${team}`) ?? null,
  ]
  return lanesOfAll
    .filter(lanes => lanes !== null && lanes.length <= maxLanes.toWalk)
    .map(lanes => indexOn(db, lanes ?? [], from))
}

const indexOn = (db: Kysely<Database>, lanes: readonly Lane[], from: number): Index => ({
  async walk(below, rows) {
    // One after the other: a connection answers one query at a time.
    const each: number[][] = []
    for (const lane of lanes) {
      const stretch = sql`position < ${below} and position >= ${from} order by position desc limit ${rows}`
      each.push(await positionsIn(db, lane, stretch))
    }
    const positions = [...new Set(each.flat())].sort((a, b) => b - a)
    // Below the end of a lane that has more, the others are not all that there is.
    const floor = Math.max(...each.filter(lane => lane.length === rows).map(lane => lane.at(-1)!), 0)
    const known = positions.filter(position => position >= floor)
    return known.length === 0 ? null : { positions: known, floor, isLast: floor === 0 }
  },
  async among(positions) {
    if (lanes.length > maxLanes.toNarrow) return positions
    const named = new Set<number>()
    for (const lane of lanes)
      for (const one of await positionsIn(db, lane, sql`position in (${listed(positions)})`)) named.add(one)
    return positions.filter(position => named.has(position))
  },
})

async function positionsIn(db: Kysely<Database>, lane: Lane, where: RawBuilder<unknown>): Promise<number[]> {
  const { rows } = await sql<{ position: number }>`select position from ${lane} and ${where}`.execute(db)
  return rows.map(row => row.position)
}

/** They are numbers from the store, and many: as text they cost a tenth of what binding them would. */
export const listed = (positions: readonly number[]) =>
  sql.raw<number>(positions.map(Number).join(', ') || 'null')

async function targetLanes(
  db: Kysely<Database>,
  { type, value }: { type?: string; value: string },
): Promise<Lane[]> {
  const types =
    type === undefined ? await distinct(db, 'event_target', 'type', { least: '', below: null }) : [type]
  return types.map(type => sql`event_target where type = ${type} and value = ${value}`)
}

async function kindLanes(db: Kysely<Database>, kindNames: readonly string[]): Promise<Lane[]> {
  const names = new Set(kindNames)
  for (const name of kindNames) {
    const [least, below] = belowName(name)
    for (const found of await distinct(db, 'event', 'kind_name', { least, below })) names.add(found)
  }
  return [...names].map(name => sql`event where kind_name = ${name}`)
}

/** The values of an index's first column, hopping from one to the next; at most one more than can be used. */
async function distinct(
  db: Kysely<Database>,
  table: 'event_target' | 'event',
  column: 'type' | 'kind_name',
  { least, below }: { least: string; below: string | null },
): Promise<string[]> {
  const within = below === null ? sql`` : sql`and ${sql.ref(column)} < ${below}`
  const next = (after: ReturnType<typeof sql>) =>
    sql`(select min(${sql.ref(column)}) from ${sql.table(table)} where ${sql.ref(column)} ${after} ${within})`
  const { rows } = await sql<{ value: string }>`
    with recursive hop(value) as (
      select ${next(sql`>= ${least}`)} union all select ${next(sql`> hop.value`)} from hop where hop.value is not null
    )
    select value from hop where value is not null limit ${sql.lit(maxLanes.toWalk + 1)}`.execute(db)
  return rows.map(row => row.value)
}

/** Few of those that one index names are named by another, and looking that up is cheap: so many at a time. */
const mostToNarrow = 4000

/**
 * Whichever index goes the furthest back within so many rows names the fewest events; of those, the others leave the
 * ones that they name as well. Null where there is no index.
 */
async function shortest(indexes: readonly Index[], below: number, rows: number): Promise<Walk | null> {
  if (indexes.length < 2) return indexes[0]?.walk ?? null
  const looked: { index: Index; floor: number; count: number }[] = []
  for (const index of indexes) {
    const window = await index.walk(below, rows)
    if (window === null) return index.walk
    looked.push({ index, floor: window.floor, count: window.positions?.length ?? 0 })
  }
  const [first, ...others] = looked.toSorted((a, b) => a.floor - b.floor || a.count - b.count)
  return async (below, rows) => {
    const window = await first!.index.walk(below, Math.min(rows * 8, mostToNarrow))
    let positions = window?.positions ?? []
    for (const { index } of others) if (positions.length > 0) positions = await index.among(positions)
    return window && { ...window, positions }
  }
}
