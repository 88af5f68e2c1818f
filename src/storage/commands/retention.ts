import { isFinal, type RunState } from '../../core/run.ts'
import type { GoneEvents, StoredEvent } from '../forget.ts'
import type { Transaction } from '../hot.ts'

/**
 * Takes events away, with all that belongs to them: bodies, targets, deliveries, runs, attempts. One that has a run
 * which is not final stays. Both are locked before the runs are looked at, so that nobody can replay or retry them
 * meanwhile. Answers how many events went.
 */
export async function forgetEvents(
  trx: Transaction,
  input: { positions: number[]; nowMs: number },
): Promise<number> {
  const stored = await trx.lockEvents(input.positions)
  const gone = stored.filter(({ runs }) => runs.every(run => isFinal(run.state as RunState)))
  if (gone.length === 0) return 0
  await trx.removeEvents({
    events: gone.map(event => event.position),
    runs: gone.flatMap(event => event.runs),
    ...namesOf(gone),
  })
  await trx.db
    .updateTable('retention')
    .set({ position: await trx.nextPosition(), last_at: input.nowMs })
    .set(row => ({ events: row('events', '+', gone.length) }))
    .execute()
  return gone.length
}

interface Named {
  targets: { type: string; value: string }[]
  request: { deliveryId: string | null } | null
}

/** Under which events are found: their targets, and the ids that their senders gave them. */
function namesOf(events: readonly StoredEvent[]): Pick<GoneEvents, 'targets' | 'deliveries'> {
  const names: Pick<GoneEvents, 'targets' | 'deliveries'> = { targets: [], deliveries: [] }
  for (const { position, id, endpoint_id, actor, detail } of events) {
    const { targets, request } = JSON.parse(detail) as Named
    for (const { type, value } of targets) names.targets.push({ type, value, position })
    if (request?.deliveryId)
      names.deliveries.push({ source: endpoint_id ?? actor, deliveryId: request.deliveryId, eventId: id })
  }
  return names
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
