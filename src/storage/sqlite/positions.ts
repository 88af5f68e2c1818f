import type { Connection } from './connection.ts'

/**
 * The one order of commits. SQLite has one writer, so counting in its memory is enough; at the start it goes on
 * after the highest position that any table holds. A transaction that is rolled back leaves a gap, which is fine.
 */
export interface Positions {
  next(): number
  /** Notes the newest event; answers the one before it. */
  tookEvent(position: number): number
  /** Forgets the events that a rolled-back transaction noted. */
  rolledBack(): void
}

export function createPositions(connection: Connection): Positions {
  const highest = (sql: string) => (connection.prepare(sql).pluck().get() as number | null) ?? 0
  let last = Math.max(
    ...['event', 'run', 'attempt', 'change', 'reaction_version', 'react_position', 'retention', 'audit'].map(
      table => highest(`select max(position) from ${table}`),
    ),
  )
  const newestEvent = () => highest('select max(position) from event')
  let lastEvent = newestEvent()
  return {
    next: () => ++last,
    tookEvent(position) {
      const previous = lastEvent
      lastEvent = position
      return previous
    },
    rolledBack() {
      lastEvent = newestEvent()
    },
  }
}
