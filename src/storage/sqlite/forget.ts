import type { ForgetStatements, StoredEvent } from '../forget.ts'
import type { Connection } from './connection.ts'

/** The statements by which events leave, prepared once on the writer's connection. */
export function createForgetStatements(connection: Connection): ForgetStatements {
  const event = connection.prepare(
    'select position, id, endpoint_id, actor, detail from event where position = ?',
  )
  const runs = connection.prepare('select position, id, event_id, state from run where event_id = ?')
  const attempts = connection.prepare('select position from attempt where run_id = ?').pluck()
  const remove = (table: string) => connection.prepare(`delete from ${table} where position = ?`)
  const [removeEvent, removeBody] = [remove('event'), remove('event_body')]
  const [removeRun, removeAttempt, removeAttemptBody] = [
    remove('run'),
    remove('attempt'),
    remove('attempt_body'),
  ]
  const removeTarget = connection.prepare(
    'delete from event_target where type = ? and value = ? and position = ?',
  )
  const removeDelivery = connection.prepare(
    'delete from delivery where endpoint_id = ? and delivery_id = ? and event_id = ?',
  )
  return {
    lockEvents: positions =>
      positions.flatMap(position => {
        const found = event.get(position) as Omit<StoredEvent, 'runs'> | undefined
        return found ? [{ ...found, runs: runs.all(found.id) as StoredEvent['runs'] }] : []
      }),
    removeEvents({ events, runs, targets, deliveries }) {
      for (const run of runs) {
        for (const position of attempts.all(run.id)) {
          removeAttemptBody.run(position)
          removeAttempt.run(position)
        }
        removeRun.run(run.position)
      }
      for (const { type, value, position } of targets) removeTarget.run(type, value, position)
      for (const { source, deliveryId, eventId } of deliveries)
        removeDelivery.run(source, deliveryId, eventId)
      for (const position of events) {
        removeBody.run(position)
        removeEvent.run(position)
      }
    },
  }
}
