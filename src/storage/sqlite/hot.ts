import type {
  AppendEvent,
  AppendedEvent,
  ClaimedRun,
  ClaimRuns,
  CommitReacted,
  HotStatements,
  NewRun,
  Reacted,
  RecordAttempt,
  Recorded,
} from '../hot.ts'
import { lostAttempt } from '../lost-attempt.ts'
import { runEndedAtMs, untoldEvents } from '../rows.ts'
import type { EventTable, RunTable } from '../schema.ts'
import type { Connection } from './connection.ts'
import type { Positions } from './positions.ts'

/** The statements that every event passes through, prepared once on the writer's connection. */
export function createHotStatements(connection: Connection, positions: Positions): HotStatements {
  const hot: HotStatements = {
    appendEvents: createAppend(connection, positions),
    insertRuns: createInsertRuns(connection, positions),
    commitReacted: input => commitReacted(input),
    recordAttempts: createRecordAttempts(connection, positions, events => void hot.appendEvents(events)),
    claimRuns: createClaimRuns(connection, inputs => void hot.recordAttempts(inputs)),
  }
  const commitReacted = createCommitReacted(connection, hot)
  return hot
}

function createAppend(connection: Connection, positions: Positions) {
  const insertDelivery = connection.prepare('insert into delivery values (?, ?, ?, ?) on conflict do nothing')
  const findDelivery = connection
    .prepare('select event_id from delivery where endpoint_id = ? and delivery_id = ?')
    .pluck()
  const insertEvent = connection.prepare(
    `insert into event (position, id, partition, received_at, kind_type, kind_name, endpoint_id, team, actor, error, hops,
       content_type, body_bytes, detail) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing`,
  )
  const insertBody = connection.prepare('insert into event_body values (?, ?)')
  const insertTarget = connection.prepare('insert into event_target values (?, ?, ?) on conflict do nothing')
  return (inputs: readonly AppendEvent[]): AppendedEvent[] =>
    inputs.map(one => {
      if (one.deliveryId !== null) {
        const source = one.endpointId ?? one.actor
        const { changes } = insertDelivery.run(source, one.deliveryId, one.id, one.receivedAtMs)
        if (changes === 0) return duplicate(findDelivery.get(source, one.deliveryId) as string)
      }
      const position = positions.next()
      const { length } = one.body
      const { changes } = insertEvent.run([
        position,
        one.id,
        one.partition,
        one.receivedAtMs,
        one.kindType,
        one.kindName,
        one.endpointId,
        one.team,
        one.actor,
        one.error,
        one.hops,
        one.contentType,
        length,
        one.detail,
      ])
      if (changes === 0) return duplicate(one.id)
      insertBody.run(position, one.body)
      for (const target of one.targets) insertTarget.run(target.type, target.value, position)
      return { position, previous: positions.tookEvent(position), duplicateOf: null }
    })
}

const duplicate = (duplicateOf: string): AppendedEvent => ({ position: 0, previous: null, duplicateOf })

function createInsertRuns(connection: Connection, positions: Positions) {
  const insert = connection.prepare(
    `insert into run (position, id, event_id, reaction_id, reaction_version, occasion, team, actor, state, on_lost, lane, due_at,
       claim_no, attempts, tries, created_at, deadline_at, ended_at, label)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, null, ?)
     on conflict do nothing`,
  )
  return (runs: readonly NewRun[]): number[] =>
    runs.map(run => {
      const position = positions.next()
      const { changes } = insert.run([
        position,
        run.id,
        run.eventId,
        run.reactionId,
        run.reactionVersion,
        run.occasion,
        run.team,
        run.actor,
        run.state,
        run.onLost,
        run.lane,
        run.dueAtMs,
        run.state === 'trying' ? 1 : 0,
        run.createdAtMs,
        run.deadlineAtMs,
        run.label,
      ])
      return changes === 1 ? position : 0
    })
}

function createCommitReacted(connection: Connection, hot: HotStatements) {
  const currentVersion = connection.prepare('select version from config_state where id = 1').pluck()
  const formerPosition = connection.prepare('select position from react_position where partition = ?').pluck()
  const setPosition = connection.prepare(
    'insert into react_position values (?, ?) on conflict (partition) do update set position = max(position, excluded.position)',
  )
  const lastEpoch = connection
    .prepare('select version from config_epoch where partition = ? order by position desc limit 1')
    .pluck()
  const insertEpoch = connection.prepare(
    'insert into config_epoch values (?, ?, ?) on conflict do update set version = excluded.version',
  )
  return (input: CommitReacted): Reacted => {
    const configVersion = currentVersion.get() as number
    if (configVersion !== input.configVersion) return { stale: true, configVersion }
    const covered = (formerPosition.get(input.partition) as number | undefined) ?? 0
    if (lastEpoch.get(input.partition) !== configVersion)
      insertEpoch.run(input.partition, covered + 1, configVersion)
    const inserted = hot.insertRuns(input.runs) as number[]
    void hot.appendEvents(untoldEvents(input, inserted))
    setPosition.run(input.partition, input.position)
    return { stale: false, positions: inserted }
  }
}

function createRecordAttempts(
  connection: Connection,
  positions: Positions,
  append: (events: readonly AppendEvent[]) => void,
) {
  // `claim_no = ?` is the fence: a result whose claim was overtaken changes nothing.
  const settle = connection.prepare(
    `update run set state = ?, due_at = ?, label = ?, ended_at = ?, attempts = ?, tries = tries + 1
     where id = ? and claim_no = ? and state = 'trying'`,
  )
  const insert = connection.prepare(
    `insert into attempt (position, run_id, number, started_at, ended_at, outcome, error_code, message, status, record,
       run_state, run_due_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertBody = connection.prepare('insert into attempt_body values (?, ?, ?)')
  return (inputs: readonly RecordAttempt[]): Recorded[] =>
    inputs.map(one => {
      const { state, dueAtMs, label } = one.next
      const { changes } = settle.run([
        state,
        dueAtMs,
        label,
        runEndedAtMs(one),
        one.number,
        one.runId,
        one.claimNo,
      ])
      if (changes === 0) return { recorded: false }
      const position = positions.next()
      insert.run([
        position,
        one.runId,
        one.number,
        one.startedAtMs,
        one.endedAtMs,
        one.outcome,
        one.errorCode,
        one.message,
        one.status,
        one.record,
        state,
        dueAtMs,
      ])
      insertBody.run(position, one.request, one.response)
      if (one.ownEvents.length > 0) append(one.ownEvents)
      return { recorded: true }
    })
}

function createClaimRuns(connection: Connection, record: (inputs: RecordAttempt[]) => void) {
  const due = connection.prepare(
    'select * from run where lane = ? and due_at <= ? order by due_at, position limit ?',
  )
  const claim = connection.prepare(
    "update run set state = 'trying', due_at = ?, claim_no = claim_no + 1 where position = ?",
  )
  const current = connection.prepare('select * from run where position = ?')
  const findEvent = connection.prepare(
    'select event.*, event_body.body from event join event_body on event_body.position = event.position where event.id = ?',
  )
  const reactionName = connection.prepare('select name from reaction where id = ?').pluck()
  const recordLost = (run: RunTable, hops: number, nowMs: number): RunTable => {
    const name = reactionName.get(run.reaction_id) as string | null | undefined
    record([lostAttempt(run, nowMs, { hops, reactionName: name ?? null })])
    return current.get(run.position) as RunTable
  }
  return (input: ClaimRuns): ClaimedRun[] => {
    const claimed: ClaimedRun[] = []
    for (const { lane, limit } of input.lanes) {
      for (const found of due.all(lane, input.nowMs, limit) as RunTable[]) {
        const { body, ...event } = findEvent.get(found.event_id) as EventTable & { body: Uint8Array }
        const run = found.state === 'trying' ? recordLost(found, event.hops, input.nowMs) : found
        if (run.due_at === null) continue
        claim.run(input.leaseUntilMs, run.position)
        claimed.push({
          run: { ...run, state: 'trying', due_at: input.leaseUntilMs, claim_no: run.claim_no + 1 },
          event,
          body,
        })
      }
    }
    return claimed
  }
}
