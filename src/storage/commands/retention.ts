import { isFinal, type RunState } from '../../core/run.ts'
import type { Transaction } from '../hot.ts'
import type { EventTable } from '../schema.ts'

/** More than this many ids do not go into one statement. */
const chunkSize = 500

/**
 * Takes events away, with all that belongs to them: bodies, targets, deliveries, runs, attempts. One that has a run
 * which is not final stays. Both are locked before the runs are looked at, so that nobody can replay or retry them
 * meanwhile. Answers how many events went.
 */
export async function forgetEvents(
  trx: Transaction,
  input: { positions: number[]; nowMs: number },
): Promise<number> {
  const { db, forUpdate } = trx
  const events = await db
    .selectFrom('event')
    .select(['position', 'id', 'endpoint_id', 'actor', 'detail'])
    .where('position', 'in', input.positions.length > 0 ? input.positions : [-1])
    .orderBy('position')
    .modifyEnd(forUpdate)
    .execute()
  if (events.length === 0) return 0
  const runs = await db
    .selectFrom('run')
    .select(['position', 'id', 'event_id', 'state'])
    .where('event_id', 'in', idsOf(events))
    .orderBy('position')
    .modifyEnd(forUpdate)
    .execute()
  const kept = new Set(runs.filter(run => !isFinal(run.state as RunState)).map(run => run.event_id))
  const gone = events.filter(event => !kept.has(event.id))
  if (gone.length === 0) return 0
  await forgetRuns(
    trx,
    runs.filter(run => !kept.has(run.event_id)),
  )
  for (const event of gone) await forgetNames(trx, event)
  const positions = gone.map(event => event.position)
  await db.deleteFrom('event_body').where('position', 'in', positions).execute()
  await db.deleteFrom('event').where('position', 'in', positions).execute()
  await db
    .updateTable('retention')
    .set({ position: await trx.nextPosition(), last_at: input.nowMs })
    .set(row => ({ events: row('events', '+', gone.length) }))
    .execute()
  return gone.length
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(row => row.id)

async function forgetRuns(
  { db }: Transaction,
  runs: readonly { id: string; position: number }[],
): Promise<void> {
  for (let at = 0; at < runs.length; at += chunkSize) {
    const some = runs.slice(at, at + chunkSize)
    const attempts = await db
      .selectFrom('attempt')
      .select('position')
      .where('run_id', 'in', idsOf(some))
      .execute()
    for (let from = 0; from < attempts.length; from += chunkSize) {
      const positions = attempts.slice(from, from + chunkSize).map(attempt => attempt.position)
      await db.deleteFrom('attempt_body').where('position', 'in', positions).execute()
      await db.deleteFrom('attempt').where('position', 'in', positions).execute()
    }
    await db
      .deleteFrom('run')
      .where(
        'position',
        'in',
        some.map(run => run.position),
      )
      .execute()
  }
}

interface Named {
  targets: { type: string; value: string }[]
  request: { deliveryId: string | null } | null
}

/** Under which an event is found: its targets, and the id that its sender gave it. */
async function forgetNames(
  { db }: Transaction,
  event: Pick<EventTable, 'position' | 'id' | 'endpoint_id' | 'actor' | 'detail'>,
): Promise<void> {
  const { targets, request } = JSON.parse(event.detail) as Named
  for (const { type, value } of targets)
    await db
      .deleteFrom('event_target')
      .where('type', '=', type)
      .where('value', '=', value)
      .where('position', '=', event.position)
      .execute()
  if (!request?.deliveryId) return
  await db
    .deleteFrom('delivery')
    .where('endpoint_id', '=', event.endpoint_id ?? event.actor)
    .where('delivery_id', '=', request.deliveryId)
    .where('event_id', '=', event.id)
    .execute()
}

/** Takes away what the feed told of changes before the oldest event. Answers how many. */
export async function forgetChanges(
  trx: Transaction,
  input: { beforeMs: number; limit: number },
): Promise<number> {
  const oldest = await trx.db
    .selectFrom('event')
    .select('position')
    .orderBy('position')
    .limit(1)
    .executeTakeFirst()
  const changes = await trx.db
    .selectFrom('change')
    .select(['position', 'at'])
    .where('position', '<', oldest?.position ?? Number.MAX_SAFE_INTEGER)
    .orderBy('position')
    .limit(input.limit)
    .execute()
  const late = changes.findIndex(change => change.at >= input.beforeMs)
  const gone = (late === -1 ? changes : changes.slice(0, late)).map(change => change.position)
  if (gone.length === 0) return 0
  await trx.db.deleteFrom('change').where('position', 'in', gone).execute()
  await trx.db
    .updateTable('retention')
    .set({ position: await trx.nextPosition() })
    .execute()
  return gone.length
}
