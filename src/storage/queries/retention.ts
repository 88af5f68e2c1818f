import type { Kysely } from 'kysely'
import { isFinal, runStates } from '../../core/run.ts'
import type { Database } from '../schema.ts'
import type { Spelling } from './spelling.ts'

export interface Forgettable {
  positions: number[]
  /** Go on after this id; null at the end. */
  after: string | null
}

interface Page {
  /** Ids begin with the time at which they were made. */
  beforeId: string
  after: string
  limit: number
  maxBytes: number
}

const openStates = runStates.filter(state => !isFinal(state))

/** What a run costs, in bytes of an event: a page ends after so much work. */
const bytesOfRun = 20_000

export const retentionQueries = (spelling: Spelling) => ({
  forgettable,
  async storeSize(db: Kysely<Database>, _input: null): Promise<{ bytes: number; usedBytes: number }> {
    const { rows } = await spelling.storeSize.execute(db)
    return { bytes: Number(rows[0]?.bytes ?? 0), usedBytes: Number(rows[0]?.used ?? 0) }
  },
  countEvents,
  eventIdByAge,
  async retentionState(db: Kysely<Database>, _input: null) {
    const row = await db.selectFrom('retention').select(['events', 'last_at']).executeTakeFirstOrThrow()
    const oldest = await db
      .selectFrom('event')
      .select('received_at')
      .orderBy('position')
      .limit(1)
      .executeTakeFirst()
    return { forgotten: row.events, lastAtMs: row.last_at, oldestEventAtMs: oldest?.received_at ?? null }
  },
})

/** How many events are older than an id, counted up to a limit; the index of ids is all that is read. */
async function countEvents(
  db: Kysely<Database>,
  input: { beforeId: string; limit: number },
): Promise<number> {
  const older = db.selectFrom('event').select('id').where('id', '<', input.beforeId).limit(input.limit)
  const row = await db
    .selectFrom(older.as('older'))
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** The id of the event that so many are older than. */
async function eventIdByAge(db: Kysely<Database>, input: { offset: number }): Promise<string | null> {
  const row = await db
    .selectFrom('event')
    .select('id')
    .orderBy('id')
    .offset(input.offset)
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

/** The oldest events that react has seen and that no unfinished run needs, a page of them. */
async function forgettable(
  db: Kysely<Database>,
  { beforeId, after, limit, maxBytes }: Page,
): Promise<Forgettable> {
  const rows = await db
    .selectFrom('event')
    .innerJoin('react_position', join =>
      join
        .onRef('react_position.partition', '=', 'event.partition')
        .onRef('react_position.position', '>=', 'event.position'),
    )
    .select(['event.position', 'event.id', 'event.body_bytes'])
    .select(({ selectFrom, fn }) => [
      selectFrom('run')
        .whereRef('run.event_id', '=', 'event.id')
        .select(fn.countAll<number>().as('n'))
        .as('runs'),
      selectFrom('run')
        .whereRef('run.event_id', '=', 'event.id')
        .where('run.state', 'in', openStates)
        .select(fn.countAll<number>().as('n'))
        .as('open'),
    ])
    .where('event.id', '>', after)
    .where('event.id', '<', beforeId)
    .orderBy('event.id')
    .limit(limit)
    .execute()
  const positions: number[] = []
  let bytes = 0
  for (const [index, row] of rows.entries()) {
    bytes += row.body_bytes + Number(row.runs) * bytesOfRun
    if (Number(row.open) === 0) positions.push(row.position)
    if (bytes >= maxBytes && index + 1 < rows.length) return { positions, after: row.id }
  }
  return { positions, after: rows.length < limit ? null : rows.at(-1)!.id }
}
