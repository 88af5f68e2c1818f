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
import { type Client, storable } from './connection.ts'
import type { Positions } from './positions.ts'

/**
 * The statements that every event passes through. Rows travel as one array a column, bodies as one buffer that is cut
 * up on the server: `bytea[]` would be sent as hexadecimal text.
 *
 * Measured on 2 shared cores, busy with other work too, Postgres 15 with fsync on the same machine: events of 1 KB are
 * appended at 1 k/s one by one, 15–17 k/s by 64 at once (p50 3 ms), 20–25 k/s by 1,000; commitReacted makes 23–41 k
 * runs/s at 500 a commit; claiming 100 and recording 100 with bodies of 1 KB does 5–7 k runs/s.
 */
export function createHotStatements(client: Client, positions: Positions): HotStatements {
  const ask: Ask = async (name, text, values) => (await client.query({ name, text, values })).rows as never
  const appendEvents = (inputs: readonly AppendEvent[]) => append(ask, positions, inputs)
  const insertRuns = (runs: readonly NewRun[]) => insert(ask, positions, runs)
  const recordAttempts = (inputs: readonly RecordAttempt[]) => record(ask, positions, inputs, appendEvents)
  return {
    appendEvents,
    insertRuns,
    recordAttempts,
    commitReacted: input => commitReacted(ask, input, insertRuns, appendEvents),
    claimRuns: input => claim(ask, input, recordAttempts),
  }
}

/** Prepared under its name the first time. */
type Ask = <R>(name: string, text: string, values: unknown[]) => Promise<R[]>

/** One array a column. */
const columns = <T>(rows: readonly T[], ...pick: ((row: T) => unknown)[]): unknown[][] =>
  pick.map(of => rows.map(row => storable(of(row))))

const packed = (bodies: readonly Uint8Array[]): { bytes: Buffer; starts: number[]; lengths: number[] } => {
  let next = 1
  const starts = bodies.map(body => {
    const start = next
    next += body.length
    return start
  })
  return { bytes: Buffer.concat(bodies), starts, lengths: bodies.map(body => body.length) }
}

async function append(
  ask: Ask,
  positions: Positions,
  inputs: readonly AppendEvent[],
): Promise<AppendedEvent[]> {
  const duplicateOf = await keepDeliveries(ask, inputs)
  const fresh = inputs.filter((_, index) => duplicateOf[index] === null)
  const kept = await insertEvents(ask, positions, fresh)
  return inputs.map((one, index) => {
    const known = duplicateOf[index]
    if (known) return { position: 0, previous: null, duplicateOf: known }
    const position = kept.get(one)
    return { position: position ?? 0, previous: null, duplicateOf: position === undefined ? one.id : null }
  })
}

const sourceOf = (event: AppendEvent): string => event.endpointId ?? event.actor

/** Answers for each event the one that holds its delivery id already, or null. */
async function keepDeliveries(
  ask: Ask,
  inputs: readonly AppendEvent[],
): Promise<(string | null | undefined)[]> {
  const seen = new Set<string>()
  const repeated = inputs.map(({ id }) => seen.size === seen.add(id).size)
  const delivered = inputs.filter((event, index) => event.deliveryId !== null && !repeated[index])
  if (delivered.length === 0) return inputs.map((event, index) => (repeated[index] ? event.id : null))

  const keys = columns(
    delivered,
    sourceOf,
    event => event.deliveryId,
    event => event.id,
    event => event.receivedAtMs,
  )
  const kept = await ask<{ event_id: string }>(
    'keep-deliveries',
    `insert into delivery (endpoint_id, delivery_id, event_id, received_at)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) on conflict do nothing returning event_id`,
    keys,
  )
  const fresh = new Set(kept.map(row => row.event_id))
  const holders = new Map<string, string>()
  if (fresh.size < delivered.length) {
    const held = await ask<{ id: string; holder: string }>(
      'find-deliveries',
      `select i.id, d.event_id as holder from unnest($1::text[], $2::text[], $3::text[]) as i(endpoint_id, delivery_id, id)
       join delivery d on d.endpoint_id = i.endpoint_id and d.delivery_id = i.delivery_id`,
      keys.slice(0, 3),
    )
    for (const { id, holder } of held) if (!fresh.has(id)) holders.set(id, holder)
  }
  return inputs.map((event, index) => (repeated[index] ? event.id : (holders.get(event.id) ?? null)))
}

/** Positions of those that were not there yet. */
async function insertEvents(
  ask: Ask,
  positions: Positions,
  events: readonly AppendEvent[],
): Promise<Map<AppendEvent, number>> {
  if (events.length === 0) return new Map()
  const first = positions.take(events.length)
  const inserted = await ask<{ position: number }>(
    'insert-events',
    `insert into event (position, id, partition, received_at, kind_type, kind_name, endpoint_id, team, actor, error, hops,
       content_type, body_bytes, detail)
     select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[],
       $8::text[], $9::text[], $10::text[], $11::bigint[], $12::text[], $13::bigint[], $14::text[])
     on conflict (id) do nothing returning position`,
    [
      events.map((_, index) => first + index),
      ...columns(
        events,
        event => event.id,
        event => event.partition,
        event => event.receivedAtMs,
        event => event.kindType,
        event => event.kindName,
        event => event.endpointId,
        event => event.team,
        event => event.actor,
        event => event.error,
        event => event.hops,
        event => event.contentType,
        event => event.body.length,
        event => event.detail,
      ),
    ],
  )
  const kept = new Map(inserted.map(({ position }) => [events[position - first]!, position]))
  await insertBodiesAndTargets(ask, kept)
  return kept
}

async function insertBodiesAndTargets(ask: Ask, kept: ReadonlyMap<AppendEvent, number>): Promise<void> {
  const targets = [...kept].flatMap(([event, position]) =>
    event.targets.map(target => ({ ...target, position })),
  )
  const bodies = packed([...kept.keys()].map(event => event.body))
  await ask(
    'insert-event-parts',
    `with targets as (
       insert into event_target (type, value, position)
       select * from unnest($1::text[], $2::text[], $3::bigint[]) on conflict do nothing)
     insert into event_body (position, body)
     select i.position, substring($4::bytea from i.start for i.bytes)
     from unnest($5::bigint[], $6::int[], $7::int[]) as i(position, start, bytes)`,
    [
      ...columns(
        targets,
        target => target.type,
        target => target.value,
        target => target.position,
      ),
      bodies.bytes,
      [...kept.values()],
      bodies.starts,
      bodies.lengths,
    ],
  )
}

async function insert(ask: Ask, positions: Positions, runs: readonly NewRun[]): Promise<number[]> {
  if (runs.length === 0) return []
  const first = positions.take(runs.length)
  const inserted = await ask<{ position: number }>(
    'insert-runs',
    `insert into run (position, id, event_id, reaction_id, reaction_version, occasion, team, actor, state, on_lost, lane,
       due_at, claim_no, attempts, tries, created_at, deadline_at, ended_at, label)
     select position, id, event_id, reaction_id, reaction_version, occasion, team, actor, state, on_lost, lane, due_at,
       case state when 'trying' then 1 else 0 end, 0, 0, created_at, deadline_at, null, label
     from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[],
       $9::text[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[], $15::text[])
       as i(position, id, event_id, reaction_id, reaction_version, occasion, team, actor, state, on_lost, lane, due_at,
         created_at, deadline_at, label)
     on conflict do nothing returning position`,
    [
      runs.map((_, index) => first + index),
      ...columns(
        runs,
        run => run.id,
        run => run.eventId,
        run => run.reactionId,
        run => run.reactionVersion,
        run => run.occasion,
        run => run.team,
        run => run.actor,
        run => run.state,
        run => run.onLost,
        run => run.lane,
        run => run.dueAtMs,
        run => run.createdAtMs,
        run => run.deadlineAtMs,
        run => run.label,
      ),
    ],
  )
  const there = new Set(inserted.map(row => row.position))
  return runs.map((_, index) => (there.has(first + index) ? first + index : 0))
}

/**
 * Every lock is taken in one order, whatever node this is: the configuration (shared: it cannot change before this
 * commits), then the partition's row (two reactors on one partition follow one another), then the runs.
 */
async function commitReacted(
  ask: Ask,
  input: CommitReacted,
  insertRuns: (runs: readonly NewRun[]) => Promise<number[]>,
  appendEvents: (events: readonly AppendEvent[]) => Promise<AppendedEvent[]>,
): Promise<Reacted> {
  const { partition, configVersion } = input
  const [current] = await ask<{ version: number }>(
    'current-configuration',
    'select version from config_state where id = 1 for share',
    [],
  )
  if (current!.version !== configVersion) return { stale: true, configVersion: current!.version }
  const [former] = await ask<{ position: number }>(
    'lock-partition',
    `insert into react_position (partition, position) values ($1, 0)
     on conflict (partition) do update set position = react_position.position returning position`,
    [partition],
  )
  await ask(
    'note-epoch',
    `insert into config_epoch (partition, position, version) select $1, $2, $3
     where (select version from config_epoch where partition = $1 order by position desc limit 1) is distinct from $3
     on conflict (partition, position) do update set version = excluded.version`,
    [partition, former!.position + 1, configVersion],
  )
  const positions = await insertRuns(input.runs)
  const events = untoldEvents(input, positions)
  if (events.length > 0) await appendEvents(events)
  await ask(
    'set-reacted',
    'update react_position set position = greatest(position, $2) where partition = $1',
    [partition, input.position],
  )
  return { stale: false, positions }
}

async function record(
  ask: Ask,
  positions: Positions,
  inputs: readonly RecordAttempt[],
  appendEvents: (events: readonly AppendEvent[]) => Promise<AppendedEvent[]>,
): Promise<Recorded[]> {
  // `claim_no` is the fence: a result whose claim was overtaken changes nothing.
  const settled = await ask<{ place: number }>(
    'settle-runs',
    `update run set state = i.state, due_at = i.due_at, label = i.label, ended_at = i.ended_at, attempts = i.number,
       tries = run.tries + 1
     from unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[])
       with ordinality as i(run_id, claim_no, state, due_at, label, ended_at, number, place)
     where run.id = i.run_id and run.claim_no = i.claim_no and run.state = 'trying' returning i.place`,
    columns(
      inputs,
      one => one.runId,
      one => one.claimNo,
      one => one.next.state,
      one => one.next.dueAtMs,
      one => one.next.label,
      runEndedAtMs,
      one => one.number,
    ),
  )
  const places = new Set(settled.map(({ place }) => place - 1))
  const recorded = inputs.filter((_, index) => places.has(index))
  await insertAttempts(ask, positions, recorded)
  const events = recorded.flatMap(one => one.ownEvents)
  if (events.length > 0) await appendEvents(events)
  return inputs.map((_, index) => ({ recorded: places.has(index) }))
}

async function insertAttempts(
  ask: Ask,
  positions: Positions,
  attempts: readonly RecordAttempt[],
): Promise<void> {
  if (attempts.length === 0) return
  const first = positions.take(attempts.length)
  const requests = packed(attempts.map(one => one.request))
  const responses = packed(attempts.map(one => one.response))
  await ask(
    'insert-attempts',
    `with attempts as (
       insert into attempt (position, run_id, number, started_at, ended_at, outcome, error_code, message, status, record,
         run_state, run_due_at)
       select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
         $8::text[], $9::bigint[], $10::text[], $11::text[], $12::bigint[]))
     insert into attempt_body (position, request, response)
     select i.position, substring($13::bytea from i.request for i.request_bytes),
       substring($14::bytea from i.response for i.response_bytes)
     from unnest($1::bigint[], $15::int[], $16::int[], $17::int[], $18::int[])
       as i(position, request, request_bytes, response, response_bytes)`,
    [
      attempts.map((_, index) => first + index),
      ...columns(
        attempts,
        one => one.runId,
        one => one.number,
        one => one.startedAtMs,
        one => one.endedAtMs,
        one => one.outcome,
        one => one.errorCode,
        one => one.message,
        one => one.status,
        one => one.record,
        one => one.next.state,
        one => one.next.dueAtMs,
      ),
      requests.bytes,
      responses.bytes,
      requests.starts,
      requests.lengths,
      responses.starts,
      responses.lengths,
    ],
  )
}

/** What another node has locked just now is passed over: it is being claimed, or recorded, over there. */
async function claim(
  ask: Ask,
  input: ClaimRuns,
  recordAttempts: (inputs: readonly RecordAttempt[]) => Promise<Recorded[]>,
): Promise<ClaimedRun[]> {
  const due = await ask<RunTable>(
    'due-runs',
    `select r.* from unnest($1::text[], $2::bigint[]) with ordinality as l(lane, most, place)
     cross join lateral (
       select * from run where run.lane = l.lane and run.due_at <= $3 order by run.due_at, run.position limit l.most
       for update skip locked) r
     order by l.place, r.due_at, r.position`,
    [
      ...columns(
        input.lanes,
        one => one.lane,
        one => one.limit,
      ),
      input.nowMs,
    ],
  )
  if (due.length === 0) return []
  const events = await findEvents(ask, [...new Set(due.map(run => run.event_id))])
  const runs = await recordLost(ask, due, events, input.nowMs, recordAttempts)
  const { leaseUntilMs } = input
  await ask(
    'claim-runs',
    "update run set state = 'trying', due_at = $2, claim_no = claim_no + 1 where position = any($1::bigint[])",
    [runs.map(run => run.position), leaseUntilMs],
  )
  return runs.map(run => ({
    run: { ...run, state: 'trying', due_at: leaseUntilMs, claim_no: run.claim_no + 1 },
    ...events.get(run.event_id)!,
  }))
}

type EventAndBody = Omit<ClaimedRun, 'run'>

async function findEvents(ask: Ask, ids: string[]): Promise<Map<string, EventAndBody>> {
  const rows = await ask<EventTable & { body: Uint8Array }>(
    'events-by-id',
    'select event.*, event_body.body from event join event_body on event_body.position = event.position where event.id = any($1::text[])',
    [ids],
  )
  return new Map(rows.map(({ body, ...event }) => [event.id, { event, body }]))
}

/** Answers the runs that can be tried now, as they stand after their lost attempts were recorded. */
async function recordLost(
  ask: Ask,
  due: RunTable[],
  events: ReadonlyMap<string, EventAndBody>,
  nowMs: number,
  recordAttempts: (inputs: readonly RecordAttempt[]) => Promise<Recorded[]>,
): Promise<RunTable[]> {
  const lost = due.filter(run => run.state === 'trying')
  if (lost.length === 0) return due
  const named = await ask<{ id: string; name: string | null }>(
    'reaction-names',
    'select id, name from reaction where id = any($1::text[])',
    [lost.map(run => run.reaction_id)],
  )
  const names = new Map(named.map(row => [row.id, row.name]))
  await recordAttempts(
    lost.map(run =>
      lostAttempt(run, nowMs, {
        hops: events.get(run.event_id)?.event.hops ?? 0,
        reactionName: names.get(run.reaction_id) ?? null,
      }),
    ),
  )
  const now = await ask<RunTable>('runs-now', 'select * from run where position = any($1::bigint[])', [
    lost.map(run => run.position),
  ])
  const after = new Map(now.map(run => [run.position, run]))
  return due.map(run => after.get(run.position) ?? run).filter(run => run.due_at !== null)
}
