import { type Kysely, sql } from 'kysely'
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
  const walks = [everyEvent(db, from), ...(await indexWalks(db, filter, from))]
  let chosen: Walk | undefined
  const inTime: Walk = async (below, rows) => {
    if (chosen !== undefined) return chosen(below, rows)
    const [walk, window] = await sparsest(walks, below, rows)
    chosen = walk
    return window
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

/** One lookup in an index: its positions below one, newest first. */
type Lane = (below: number, rows: number) => Promise<number[]>

/** More lanes than this cost more than they spare. */
const maxLanes = 30

async function indexWalks(db: Kysely<Database>, filter: EventFilter, from: number): Promise<Walk[]> {
  const { target, kindNames, endpointIds } = filter
  const lanesOfAll = [
    target === undefined ? null : await targetLanes(db, target, from),
    kindNames?.length ? await kindLanes(db, kindNames, from) : null,
    endpointIds?.map(id => endpointLane(db, id, from)) ?? null,
  ]
  return lanesOfAll
    .filter(lanes => lanes !== null && lanes.length <= maxLanes)
    .map(lanes => merged(lanes ?? []))
}

const merged =
  (lanes: readonly Lane[]): Walk =>
  async (below, rows) => {
    // One after the other: a connection answers one query at a time.
    const each: number[][] = []
    for (const lane of lanes) each.push(await lane(below, rows))
    const positions = [...new Set(each.flat())].sort((a, b) => b - a)
    // Below the end of a lane that has more, the others are not all that there is.
    const floor = Math.max(...each.filter(lane => lane.length === rows).map(lane => lane.at(-1)!), 0)
    const known = positions.filter(position => position >= floor)
    return known.length === 0 ? null : { positions: known, floor, isLast: floor === 0 }
  }

async function targetLanes(
  db: Kysely<Database>,
  { type, value }: { type?: string; value: string },
  from: number,
): Promise<Lane[]> {
  const types =
    type === undefined ? await distinct(db, 'event_target', 'type', { least: '', below: null }) : [type]
  return types.map(
    type => async (below, rows) =>
      positionsOf(
        await db
          .selectFrom('event_target')
          .select('position')
          .where('type', '=', type)
          .where('value', '=', value)
          .where('position', '<', below)
          .where('position', '>=', from)
          .orderBy('position', 'desc')
          .limit(rows)
          .execute(),
      ),
  )
}

async function kindLanes(db: Kysely<Database>, kindNames: readonly string[], from: number): Promise<Lane[]> {
  const names = new Set(kindNames)
  for (const name of kindNames) {
    const [least, below] = belowName(name)
    for (const found of await distinct(db, 'event', 'kind_name', { least, below })) names.add(found)
  }
  return [...names].map(
    name => async (below, rows) =>
      positionsOf(
        await db
          .selectFrom('event')
          .select('position')
          .where('kind_name', '=', name)
          .where('position', '<', below)
          .where('position', '>=', from)
          .orderBy('position', 'desc')
          .limit(rows)
          .execute(),
      ),
  )
}

const endpointLane =
  (db: Kysely<Database>, endpointId: string, from: number): Lane =>
  async (below, rows) =>
    positionsOf(
      await db
        .selectFrom('event')
        .select('position')
        .where('endpoint_id', '=', endpointId)
        .where('position', '<', below)
        .where('position', '>=', from)
        .orderBy('position', 'desc')
        .limit(rows)
        .execute(),
    )

const positionsOf = (rows: readonly { position: number }[]): number[] => rows.map(row => row.position)

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
    select value from hop where value is not null limit ${sql.lit(maxLanes + 1)}`.execute(db)
  return rows.map(row => row.value)
}

/** Whichever walk goes the furthest back within so many rows meets the fewest events. */
async function sparsest(walks: readonly Walk[], below: number, rows: number): Promise<[Walk, Window | null]> {
  const [every, ...others] = walks
  let best: [Walk, Window | null] | undefined
  for (const walk of others) {
    const window = await walk(below, rows)
    if (window === null) return [walk, null]
    if (best === undefined || isSparser(window, best[1])) best = [walk, window]
  }
  return best ?? [every!, await every!(below, rows)]
}

function isSparser(one: Window, other: Window | null): boolean {
  if (other === null) return false
  return one.floor === other.floor
    ? (one.positions?.length ?? 0) < (other.positions?.length ?? 0)
    : one.floor < other.floor
}
