import type { FailedRunFilter } from '../core/job.ts'
import type { Storage } from '../storage/port.ts'
import type { Queries } from '../storage/queries/index.ts'
import type { EventTable, RunTable } from '../storage/schema.ts'

export type EventFilter = Parameters<Queries['listEvents']>[1]['filter']
export type Match = { kind: 'replay'; filter: EventFilter } | { kind: 'retry'; filter: FailedRunFilter }

export interface Found {
  events: EventTable[]
  runs: RunTable[]
  /** Go on before this position; null at the end. */
  before: number | null
}

/** What a job is about, newest first, below a position; fewer than the limit when the time is up. */
export async function find(
  storage: Storage,
  match: Match,
  range: { before: number; limit: number; deadlineAtMs: number },
): Promise<Found> {
  if (match.kind === 'retry') {
    const { runs, before } = await storage.query('failedRuns', { filter: match.filter, ...range })
    return { events: [], runs, before }
  }
  const { events, before } = await storage.query('listEvents', { filter: match.filter, ...range })
  return { events, runs: [], before }
}

export const matchOf = ({ kind, filter }: { kind: string; filter: string }): Match =>
  kind === 'retry'
    ? { kind, filter: JSON.parse(filter) as FailedRunFilter }
    : { kind: 'replay', filter: JSON.parse(filter) as EventFilter }

/** The most that is held in memory while it is counted. */
const countedAtOnce = 500

/** How many there are; not exact when the time was up before all were seen. */
export async function count(
  storage: Storage,
  match: Match,
  deadlineAtMs: number,
  before: number,
): Promise<{ count: number; isExact: boolean; first: Found }> {
  let counted = 0
  let first: Found | null = null
  for (let place: number | null = before; place !== null; ) {
    const found: Found = await find(storage, match, { before: place, limit: countedAtOnce, deadlineAtMs })
    first ??= found
    counted += found.events.length + found.runs.length
    place = found.before
    if (Date.now() >= deadlineAtMs && place !== null) return { count: counted, isExact: false, first }
  }
  return { count: counted, isExact: true, first: first ?? { events: [], runs: [], before: null } }
}
