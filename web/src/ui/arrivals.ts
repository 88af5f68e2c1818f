import { useRef } from 'react'

/** Tells which rows were not there when the list was first shown, so that they can slide in. */
export function useArrivals(rows: readonly { id: string }[], isReady: boolean): (id: string) => boolean {
  const first = useRef<ReadonlySet<string> | null>(null)
  const newest = useRef<string>(undefined)
  if (isReady && first.current === null) first.current = new Set(rows.map(row => row.id))
  newest.current = rows[0]?.id
  // Only the newest moves: with hundreds a second nobody could read them.
  return id => id === newest.current && first.current !== null && !first.current.has(id)
}
