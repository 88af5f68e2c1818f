import type { AttemptTable, EventTable, RunTable } from '../schema.ts'

/** One committed change, as the feed reads it. `run` is the run as it stands when it is read. */
export type ChangeRow =
  | { type: 'event'; position: number; event: EventTable; preview: Uint8Array }
  | { type: 'run'; position: number; run: RunTable }
  | { type: 'attempt'; position: number; attempt: AttemptTable; run: RunTable }
  | {
      type: 'configuration'
      position: number
      topic: string
      subjectId: string
      team: string | null
      atMs: number
    }

/** Bytes of the body that a change carries: enough for a line in a list. */
export const feedPreviewBytes = 256

/** Merges lists that are each in order, and cuts where the first full one ends: beyond it something may be missing. */
export function mergeChanges(
  lists: ChangeRow[][],
  limit: number,
  lastPosition: number,
): { changes: ChangeRow[]; position: number; more: boolean } {
  const full = lists.filter(list => list.length >= limit).map(list => list.at(-1)!.position)
  const end = Math.min(lastPosition, ...full)
  const changes = lists
    .flat()
    .filter(change => change.position <= end)
    .sort((a, b) => a.position - b.position)
  return { changes, position: end, more: full.length > 0 }
}
