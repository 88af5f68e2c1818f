import type { ForgetStatements, GoneEvents, StoredEvent } from '../forget.ts'
import type { Client } from './connection.ts'

/** The statements by which events leave. Rows travel as one array a column. */
export const createForgetStatements = (client: Client): ForgetStatements => ({
  lockEvents: positions => lock(client, positions),
  async removeEvents({ events, runs, targets, deliveries }: GoneEvents) {
    const { text, name } = remove
    await client.query({
      name,
      text,
      values: [
        events,
        runs.map(run => run.position),
        runs.map(run => run.id),
        targets.map(target => target.type),
        targets.map(target => target.value),
        targets.map(target => target.position),
        deliveries.map(delivery => delivery.source),
        deliveries.map(delivery => delivery.deliveryId),
        deliveries.map(delivery => delivery.eventId),
      ],
    })
  },
})

async function lock(client: Client, positions: readonly number[]): Promise<StoredEvent[]> {
  const { rows: events } = await client.query<Omit<StoredEvent, 'runs'>>({
    name: 'forget-lock-events',
    text: `select position, id, endpoint_id, actor, detail from event where position = any($1::bigint[])
      order by position for update`,
    values: [positions],
  })
  const { rows: runs } = await client.query<StoredEvent['runs'][number]>({
    name: 'forget-lock-runs',
    text: 'select position, id, event_id, state from run where event_id = any($1::text[]) order by position for update',
    values: [events.map(event => event.id)],
  })
  const byEvent = Map.groupBy(runs, run => run.event_id)
  return events.map(event => ({ ...event, runs: byEvent.get(event.id) ?? [] }))
}

const remove = {
  name: 'forget-remove',
  text: `with attempts as (delete from attempt where run_id = any($3::text[]) returning position),
    attempt_bodies as (delete from attempt_body where position in (select position from attempts)),
    runs as (delete from run where position = any($2::bigint[])),
    targets as (delete from event_target t using unnest($4::text[], $5::text[], $6::bigint[]) gone(type, value, position)
      where t.type = gone.type and t.value = gone.value and t.position = gone.position),
    deliveries as (delete from delivery d using unnest($7::text[], $8::text[], $9::text[]) gone(source, delivery_id, event_id)
      where d.endpoint_id = gone.source and d.delivery_id = gone.delivery_id and d.event_id = gone.event_id),
    bodies as (delete from event_body where position = any($1::bigint[]))
    delete from event where position = any($1::bigint[])`,
}
