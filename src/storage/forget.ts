import type { EventTable, RunTable } from './schema.ts'

/**
 * The statements by which events leave, written by hand for each engine, side by side in sqlite/forget.ts and
 * postgres/forget.ts: ingest waits while they run, and compiling them row by row took as long as they did.
 */
export interface ForgetStatements {
  /** Those that are there, with their runs; locked, where there are other writers. */
  lockEvents(positions: readonly number[]): StoredEvent[] | Promise<StoredEvent[]>
  removeEvents(gone: GoneEvents): void | Promise<void>
}

export interface StoredEvent
  extends Pick<EventTable, 'position' | 'id' | 'endpoint_id' | 'actor' | 'detail'> {
  runs: Pick<RunTable, 'position' | 'id' | 'event_id' | 'state'>[]
}

/** Events with all that belongs to them. */
export interface GoneEvents {
  events: number[]
  /** Their attempts go with them. */
  runs: { position: number; id: string }[]
  targets: { type: string; value: string; position: number }[]
  deliveries: { source: string; deliveryId: string; eventId: string }[]
}
