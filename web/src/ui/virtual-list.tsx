import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react'

interface VirtualListProps<T extends { id: string }> {
  rows: readonly T[]
  rowHeight: number
  label: string
  /** Kept in view. */
  activeId: string | undefined
  render: (row: T, index: number) => ReactNode
  /** Called when the end comes near. */
  onEnd: () => void
  footer?: ReactNode
}

/** A list of thousands of rows, of which only those in view exist. What is being read stays put when rows are added above. */
export function VirtualList<T extends { id: string }>(props: VirtualListProps<T>) {
  const { rows, rowHeight, label, activeId, render, onEnd, footer } = props
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: index => rows[index]?.id ?? index,
    overscan: 12,
  })
  useEffect(() => virtual.measure(), [virtual, rowHeight])
  useStaysPut(scroller, rows, rowHeight)

  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 20) onEnd()
  }, [last, rows.length, onEnd])

  const activeIndex = activeId === undefined ? -1 : rows.findIndex(row => row.id === activeId)
  const isFirst = useRef(true)
  useEffect(() => {
    if (activeIndex >= 0) virtual.scrollToIndex(activeIndex, { align: 'auto' })
    const isMove = !isFirst.current
    isFirst.current = false
    if (!isMove || activeIndex < 0) return
    // At once where the row is there: until the focus has followed, Enter opens the row that has it.
    if (followWithFocus(scroller.current, activeIndex)) return
    const frame = requestAnimationFrame(() => followWithFocus(scroller.current, activeIndex))
    return () => cancelAnimationFrame(frame)
    // Only a move of the selection scrolls, not a row that arrives above it.
  }, [activeId, virtual])

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto overscroll-contain" tabIndex={-1}>
      <ul aria-label={label} className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map(item => {
          const row = rows[item.index]
          return row ? (
            <li
              key={item.key}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              className="absolute inset-x-0"
              style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
            >
              {render(row, item.index)}
            </li>
          ) : null
        })}
      </ul>
      {footer}
    </div>
  )
}

/**
 * The focus goes where the selection went, so that a screen reader reads the row; it is taken from nobody else. False:
 * the row is not there yet.
 */
function followWithFocus(list: HTMLElement | null, index: number): boolean {
  const focused = document.activeElement
  if (focused !== document.body && !list?.contains(focused) && focused?.id !== 'main') return true
  const row = list?.querySelector<HTMLElement>(`[aria-posinset="${index + 1}"] a`)
  row?.focus({ preventScroll: true })
  return row != null
}

function useStaysPut(
  scroller: { current: HTMLDivElement | null },
  rows: readonly { id: string }[],
  rowHeight: number,
) {
  const top = useRef<string>(undefined)
  useLayoutEffect(() => {
    const element = scroller.current
    const former = top.current
    top.current = rows[0]?.id
    if (!element || former === undefined || former === top.current || element.scrollTop < rowHeight) return
    const added = rows.findIndex(row => row.id === former)
    if (added > 0) element.scrollTop += added * rowHeight
  }, [scroller, rows, rowHeight])
}
