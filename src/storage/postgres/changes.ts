import type { ChangePage } from '../key-queries.ts'
import type { ChangeRow } from '../queries/changes.ts'
import type { AttemptTable, EventTable, RunTable } from '../schema.ts'
import type { Ask } from './connection.ts'
import { settledBelow } from './positions.ts'

interface Place {
  position: number
  type: 'event' | 'run' | 'attempt' | 'change'
}

/**
 * First the places of the page, over the four tables that have positions; then what stands there. When nothing is
 * new, which is the usual answer, that is one statement.
 */
export function createChangesAfter(ask: Ask, previewBytes: number) {
  return async ({ position, limit }: { position: number; limit: number }): Promise<ChangePage> => {
    const places = await ask<Place & { settled: number }>('changes-after', placesAfter, [position, limit])
    const settled = Math.max(position, places[0]!.settled)
    const found = places.filter(place => place.position !== null)
    if (found.length === 0) return { changes: [], position: settled, more: false }
    const more = found.length >= limit
    const changes = await changesAt(ask, found, previewBytes)
    return { changes, position: more ? found.at(-1)!.position : settled, more }
  }
}

/** Each table gives at most a page from its primary key, and the page is the lowest of all of them. */
const placesAfter = `
  with settled as materialized (select ${settledBelow} as below),
  places as (
    ${['event', 'run', 'attempt', 'change']
      .map(
        table => `(select position, '${table}' as type from ${table}
          where position > $1 and position < (select below from settled) order by position limit $2)`,
      )
      .join(' union all ')}
    order by position limit $2)
  select below - 1 as settled, position, type from settled left join places on true order by position`

async function changesAt(ask: Ask, places: readonly Place[], previewBytes: number): Promise<ChangeRow[]> {
  const at = (type: Place['type']) => places.filter(place => place.type === type).map(place => place.position)
  const changes = [
    ...(await eventsAt(ask, at('event'), previewBytes)),
    ...(await runsAt(ask, at('run'))),
    ...(await attemptsAt(ask, at('attempt'))),
    ...(await othersAt(ask, at('change'))),
  ]
  return changes.sort((a, b) => a.position - b.position)
}

async function eventsAt(ask: Ask, positions: number[], previewBytes: number): Promise<ChangeRow[]> {
  if (positions.length === 0) return []
  const rows = await ask<EventTable & { preview: Uint8Array }>(
    'changed-events',
    `select event.*, substr(event_body.body, 1, $2) as preview from event
     join event_body on event_body.position = event.position where event.position = any($1::bigint[])`,
    [positions, previewBytes],
  )
  return rows.map(({ preview, ...event }) => ({ type: 'event', position: event.position, event, preview }))
}

async function runsAt(ask: Ask, positions: number[]): Promise<ChangeRow[]> {
  if (positions.length === 0) return []
  const text = 'select * from run where position = any($1::bigint[])'
  const rows = await ask<RunTable>('changed-runs', text, [positions])
  return rows.map(run => ({ type: 'run', position: run.position, run }))
}

async function attemptsAt(ask: Ask, positions: number[]): Promise<ChangeRow[]> {
  if (positions.length === 0) return []
  const text = 'select * from attempt where position = any($1::bigint[])'
  const rows = await ask<AttemptTable>('changed-attempts', text, [positions])
  const runs = await runsById(
    ask,
    rows.map(attempt => attempt.run_id),
  )
  return rows.flatMap((attempt): ChangeRow[] => {
    const run = runs.get(attempt.run_id)
    return run ? [{ type: 'attempt', position: attempt.position, attempt, run }] : []
  })
}

async function othersAt(ask: Ask, positions: number[]): Promise<ChangeRow[]> {
  if (positions.length === 0) return []
  const rows = await ask<{
    position: number
    topic: string
    subject_id: string
    at: number
    team: string | null
  }>('other-changes', 'select * from change where position = any($1::bigint[])', [positions])
  const runs = await runsById(
    ask,
    rows.filter(row => row.topic === 'run').map(row => row.subject_id),
  )
  return rows.flatMap(({ position, topic, subject_id: subjectId, at: atMs, team }): ChangeRow[] => {
    if (topic !== 'run') return [{ type: 'configuration', position, topic, subjectId, team, atMs }]
    const run = runs.get(subjectId)
    return run ? [{ type: 'run', position, run }] : []
  })
}

async function runsById(ask: Ask, ids: string[]): Promise<Map<string, RunTable>> {
  if (ids.length === 0) return new Map()
  const rows = await ask<RunTable>('runs-by-id', 'select * from run where id = any($1::text[])', [ids])
  return new Map(rows.map(run => [run.id, run]))
}
