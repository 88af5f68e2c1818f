import {
  type AlarmKind,
  type Beginning,
  beginningEvent,
  endingEvent,
  endings,
  silence,
} from '../../core/alarm.ts'
import { downMsSince, type Span, withDown } from '../../core/down-time.ts'
import type { Transaction } from '../hot.ts'
import { toAppend } from '../rows.ts'
import type { AlarmTable } from '../schema.ts'
import { setInstallation } from './administration.ts'
import { tellChange } from './configuration.ts'

/** What every check is told: the time, and where people find the dashboard. */
export interface CheckTerms {
  nowMs: number
  dashboardUrl: string
}

/**
 * Begins an alarm and tells of it, unless it lasts already: the row and the event are one commit, so whoever else
 * checks at the same time, it is told once. Answers how many events were told.
 */
export async function beginAlarm(
  trx: Transaction,
  beginning: Beginning,
  { nowMs, dashboardUrl }: CheckTerms,
): Promise<number> {
  const { kind, subject, text } = beginning
  const { event, body } = beginningEvent(beginning, dashboardUrl, nowMs)
  const { numInsertedOrUpdatedRows } = await trx.db
    .insertInto('alarm')
    .values({
      kind,
      subject_id: subject.id,
      subject_name: subject.name,
      event_id: event.id,
      team: subject.team,
      actor: 'signalbox',
      started_at: nowMs,
      text,
    })
    .onConflict(conflict => conflict.columns(['kind', 'subject_id']).doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) return 0
  await trx.appendEvents([toAppend(event, body)])
  await tellChange(trx, 'alarm', subject, nowMs)
  return 1
}

/** `text`: what its event says; null tells nothing, as when somebody took away what the alarm was about. */
export async function endAlarm(
  trx: Transaction,
  row: AlarmTable,
  { nowMs, dashboardUrl }: CheckTerms,
  text: string | null = endings[row.kind as AlarmKind](row.subject_name),
): Promise<number> {
  const kind = row.kind as AlarmKind
  const { numDeletedRows } = await trx.db
    .deleteFrom('alarm')
    .where('kind', '=', kind)
    .where('subject_id', '=', row.subject_id)
    .executeTakeFirst()
  if (numDeletedRows !== 1n) return 0
  await tellChange(trx, 'alarm', { id: row.subject_id, team: row.team }, nowMs)
  if (text === null) return 0
  const subject = { id: row.subject_id, name: row.subject_name, team: row.team }
  const { event, body } = endingEvent({ kind, subject, sinceMs: row.started_at, text }, dashboardUrl, nowMs)
  await trx.appendEvents([toAppend(event, body)])
  return 1
}

export const alarmsOf = (trx: Transaction, kind: AlarmKind): Promise<AlarmTable[]> =>
  trx.db.selectFrom('alarm').selectAll().where('kind', '=', kind).execute()

export async function beginAlarms(
  trx: Transaction,
  input: CheckTerms & { beginnings: Beginning[] },
): Promise<number> {
  let told = 0
  for (const beginning of input.beginnings) told += await beginAlarm(trx, beginning, input)
  return told
}

export async function endAlarms(
  trx: Transaction,
  input: CheckTerms & { alarms: { kind: AlarmKind; subjectId: string; text?: string | null }[] },
): Promise<number> {
  let told = 0
  for (const { kind, subjectId, text } of input.alarms) {
    const row = await trx.db
      .selectFrom('alarm')
      .selectAll()
      .where('kind', '=', kind)
      .where('subject_id', '=', subjectId)
      .executeTakeFirst()
    if (row) told += await endAlarm(trx, row, input, text)
  }
  return told
}

export interface ListenedEndpoint {
  id: string
  name: string
  team: string | null
  /** Its settings were changed then: the clock begins anew. */
  changedAtMs: number
  silentAfterMs: number
}

export interface Listened {
  id: string
  silent: boolean
  /** When it would fall silent, if nothing came. */
  atMs: number
}

/** Begins and ends the silence alarms of these endpoints. */
export async function checkSilence(
  trx: Transaction,
  input: CheckTerms & { endpoints: ListenedEndpoint[] },
): Promise<{ told: number; listened: Listened[] }> {
  const { nowMs, endpoints } = input
  const ids = endpoints.map(({ id }) => id)
  const lastAt = await lastEventsAt(trx, ids)
  const alarms = new Map((await alarmsOf(trx, 'endpoint.silent')).map(row => [row.subject_id, row]))
  const { downs } = await upTime(trx)
  const listened: Listened[] = []
  let told = 0
  for (const endpoint of endpoints) {
    const heardAtMs = lastAt.get(endpoint.id) ?? 0
    const sinceMs = Math.max(heardAtMs, endpoint.changedAtMs)
    const downMs = downMsSince(downs, sinceMs, nowMs)
    const silentMs = nowMs - sinceMs - downMs
    const silent = silentMs >= endpoint.silentAfterMs
    const alarm = alarms.get(endpoint.id)
    if (silent && !alarm) told += await beginAlarm(trx, silence(endpoint, sinceMs, silentMs, downMs), input)
    // Changed settings begin anew: nothing has come, so nothing is told.
    if (!silent && alarm)
      told += await endAlarm(trx, alarm, input, heardAtMs > alarm.started_at ? undefined : null)
    listened.push({
      id: endpoint.id,
      silent,
      atMs: nowMs + Math.max(0, endpoint.silentAfterMs - silentMs),
    })
  }
  return { told, listened }
}

/** When each of these endpoints was last heard. */
async function lastEventsAt(trx: Transaction, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await trx.db
    .selectFrom('endpoint')
    .select(({ selectFrom }) => [
      'endpoint.id',
      selectFrom('event')
        .select('event.received_at')
        .whereRef('event.endpoint_id', '=', 'endpoint.id')
        .orderBy('event.position', 'desc')
        .limit(1)
        .as('last_at'),
    ])
    .where('endpoint.id', 'in', ids)
    .execute()
  return new Map(rows.map(row => [row.id, row.last_at ?? 0]))
}

/**
 * Ends the alarms of endpoints that take requests again: one was taken since the alarm began, and none turned away
 * for a while; or nobody has tried for a day. Answers how many last.
 */
export async function checkRejecting(
  trx: Transaction,
  input: CheckTerms & { calmMs: number },
): Promise<{ told: number; left: number }> {
  const alarms = await alarmsOf(trx, 'endpoint.rejecting')
  const ids = alarms.map(row => row.subject_id)
  if (ids.length === 0) return { told: 0, left: 0 }
  const lastTaken = await lastEventsAt(trx, ids)
  const rejections = await trx.db
    .selectFrom('rejection')
    .select(({ fn }) => ['endpoint_id', fn.max('last_at').as('last_at')])
    .where('endpoint_id', 'in', ids)
    .where('in_a_row', '>', 0)
    .groupBy('endpoint_id')
    .execute()
  const lastRejected = new Map(rejections.map(row => [row.endpoint_id, Number(row.last_at)]))
  let told = 0
  let left = alarms.length
  for (const row of alarms) {
    const calmForMs = input.nowMs - (lastRejected.get(row.subject_id) ?? 0)
    const isTaking = (lastTaken.get(row.subject_id) ?? 0) > row.started_at
    if (calmForMs < (isTaking ? input.calmMs : dayMs)) continue
    const text = isTaking ? undefined : `${row.subject_name} has turned nothing away for a day`
    told += await endAlarm(trx, row, input, text)
    left--
  }
  return { told, left }
}

const dayMs = 86_400_000

interface UpTime {
  /** Signalbox was last known to run then; 0: never yet. */
  aliveAtMs: number
  downs: Span[]
}

const upTimeKey = 'upTime'

async function upTime(trx: Transaction): Promise<UpTime> {
  const stored = await trx.db
    .selectFrom('installation')
    .select('value')
    .where('key', '=', upTimeKey)
    .modifyEnd(trx.forUpdate)
    .executeTakeFirst()
  return stored ? (JSON.parse(stored.value) as UpTime) : { aliveAtMs: 0, downs: [] }
}

/** Signalbox runs. Where it has not said so for longer than this, it was down: stopped, or the machine slept. */
export async function noteAlive(
  trx: Transaction,
  { nowMs, longestMs }: { nowMs: number; longestMs: number },
): Promise<void> {
  const { aliveAtMs, downs } = await upTime(trx)
  const wasDown = aliveAtMs > 0 && nowMs - aliveAtMs > longestMs
  const next: UpTime = {
    aliveAtMs: Math.max(aliveAtMs, nowMs),
    downs: wasDown ? withDown(downs, { fromMs: aliveAtMs, untilMs: nowMs }) : downs,
  }
  await setInstallation(trx, { key: upTimeKey, value: JSON.stringify(next) })
}
