import type { Kysely } from 'kysely'
import { eventContext } from '../../core/context.ts'
import type { Event } from '../../core/event.ts'
import { judge, type Verdict } from '../../core/filter.ts'
import type { Reaction } from '../../core/reaction.ts'
import { toEvent } from '../rows.ts'
import type { Database, EventTable } from '../schema.ts'
import { type EventFilter, narrow } from './event-filter.ts'
import { walkOf, type Window } from './event-walk.ts'
import type { Spelling } from './spelling.ts'

export interface BacktestInput {
  reaction: Reaction
  maxHops: number
  sinceMs: number
  /** Only events of these teams; of all, if it is left out. */
  teams?: readonly string[]
  /** Go on before this position. */
  before: number | null
  /** How many of those on which it fires are told. */
  limit: number
  deadlineAtMs: number
}

export interface BacktestPage {
  /** Events of its trigger in that time that were judged. */
  looked: number
  fires: number
  /** Why it did not fire on the others, by the code of the verdict. */
  reasons: Record<string, number>
  /** The newest of those on which it fires. */
  events: EventTable[]
  /** Go on before this position; null when all of the time was searched. */
  before: number | null
  /** When the oldest event was received that was looked at. */
  searchedToMs: number | null
}

const windowRows = 500
/** Bodies are read for so many bytes at a time, since each may be large. */
const chunkBytes = 1024 * 1024

export const backtestQueries = (spelling: Spelling) => ({
  backtest: (db: Kysely<Database>, input: BacktestInput) => backtest(db, input, spelling),
})

/**
 * Judges a reaction on what came before it, newest first, as react would have. Without its `where` first: only the
 * events that pass that need their body.
 */
async function backtest(
  db: Kysely<Database>,
  input: BacktestInput,
  spelling: Spelling,
): Promise<BacktestPage> {
  const page: BacktestPage = {
    looked: 0,
    fires: 0,
    reasons: {},
    events: [],
    before: input.before,
    searchedToMs: null,
  }
  const candidates = candidatesOf(input)
  const walk = await walkOf(db, candidates, spelling)
  for (;;) {
    const below = page.before ?? Number.MAX_SAFE_INTEGER
    const window = await walk(below, windowRows)
    if (window === null) return { ...page, before: null }
    const rows = await eventsIn(db, window, below, candidates, spelling)
    for (const [row, verdict] of await judged(db, input, rows)) {
      page.looked += 1
      if (!verdict.fires) page.reasons[verdict.code] = (page.reasons[verdict.code] ?? 0) + 1
      else if (++page.fires <= input.limit) page.events.push(row)
    }
    page.searchedToMs = rows.at(-1)?.received_at ?? page.searchedToMs
    page.before = window.floor
    if (window.isLast) return { ...page, before: null }
    if (Date.now() >= input.deadlineAtMs) return page
  }
}

/** The events of its trigger: an index leads to those of an endpoint or of few kinds. */
function candidatesOf({ reaction, sinceMs, teams }: BacktestInput): EventFilter {
  const { trigger, filter } = reaction.definition
  const there = { sinceMs, ...(teams && { teams }) }
  return trigger.type === 'endpoint'
    ? { ...there, endpointIds: [trigger.endpoint] }
    : { ...there, kindNames: filter.kindNames }
}

function eventsIn(
  db: Kysely<Database>,
  { positions, floor }: Window,
  below: number,
  candidates: EventFilter,
  spelling: Spelling,
): Promise<EventTable[]> {
  const query = db
    .selectFrom('event')
    .innerJoin('event_body', 'event_body.position', 'event.position')
    .where('event.position', '>=', floor)
    .where('event.position', '<', below)
    .orderBy('event.position', 'desc')
  const there = positions === null ? query : query.where('event.position', 'in', positions)
  return narrow(there, candidates, null, spelling).selectAll('event').execute()
}

type Judged = [row: EventTable, verdict: Verdict]

async function judged(
  db: Kysely<Database>,
  { reaction, maxHops }: BacktestInput,
  rows: readonly EventTable[],
): Promise<Judged[]> {
  const { definition } = reaction
  const listsOnly = {
    ...reaction,
    definition: { ...definition, filter: { ...definition.filter, where: '' } },
  }
  const verdicts = new Map<number, Verdict>()
  let waiting: { row: EventTable; event: Event }[] = []
  let bytes = 0
  const judgeWaiting = async () => {
    const bodies = await bodiesOf(
      db,
      waiting.map(({ row }) => row.position),
    )
    for (const { row, event } of waiting) {
      const context = () => eventContext(event, bodies.get(row.position) ?? new Uint8Array())
      verdicts.set(row.position, judge(reaction, event, context, maxHops, true))
    }
    waiting = []
    bytes = 0
  }
  for (const row of rows) {
    const event = toEvent(row)
    const verdict = judge(listsOnly, event, () => ({}), maxHops, true)
    verdicts.set(row.position, verdict)
    if (!verdict.fires || definition.filter.where.trim() === '') continue
    waiting.push({ row, event })
    bytes += row.body_bytes
    if (bytes >= chunkBytes) await judgeWaiting()
  }
  await judgeWaiting()
  return rows.map((row): Judged => [row, verdicts.get(row.position)!])
}

async function bodiesOf(db: Kysely<Database>, positions: number[]): Promise<Map<number, Uint8Array>> {
  if (positions.length === 0) return new Map()
  const rows = await db.selectFrom('event_body').selectAll().where('position', 'in', positions).execute()
  return new Map(rows.map(row => [row.position, row.body]))
}
