import { useEffect, useRef, useState, type RefObject } from 'react'
import { useShortcuts } from './keys.ts'

/**
 * `j` and `k` move through a list, Enter opens, Escape closes. While something is open beside the list, moving opens
 * the next thing. Answers the row that is marked.
 */
export function useListKeys(
  title: string,
  rows: readonly { id: string }[],
  openId: string | undefined,
  open: (id: string | undefined, replace?: boolean) => unknown,
): string | undefined {
  const [marked, setMarked] = useState<string>()
  const [formerOpen, setFormerOpen] = useState(openId)
  if (formerOpen !== openId) {
    setFormerOpen(openId)
    setMarked(openId)
  }
  const activeId = openId ?? marked
  const move = (by: number) => {
    const at = rows.findIndex(row => row.id === activeId)
    const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))]
    if (!next) return
    setMarked(next.id)
    if (openId !== undefined) open(next.id, true)
  }
  useShortcuts(title, [
    { key: 'j', label: 'Next', run: () => move(1) },
    { key: 'k', label: 'Previous', run: () => move(-1) },
    { key: 'Enter', label: 'Open', run: () => activeId !== undefined && open(activeId) },
    ...(openId === undefined
      ? []
      : [{ key: 'Escape', label: 'Back to the list', run: () => open(undefined) }]),
  ])
  return activeId
}

/** The focus goes to the row that the keys have marked, so that it is read out and scrolled to. */
export function useMarkedFocus<T extends HTMLElement>(isMarked: boolean): RefObject<T | null> {
  const row = useRef<T>(null)
  useEffect(() => {
    if (isMarked) row.current?.focus()
  }, [isMarked])
  return row
}
