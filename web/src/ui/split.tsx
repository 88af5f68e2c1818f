import type { ReactNode } from 'react'

interface SplitProps {
  list: ReactNode
  /** What is open beside the list; on a small screen in its place. */
  detail: ReactNode
  placeholder?: string
  /** Nobody chose the detail: on a small screen the list stays. */
  isOptional?: boolean
}

export function Split({ list, detail, placeholder, isOptional = false }: SplitProps) {
  const isOpen = Boolean(detail) && !isOptional
  return (
    <div className="flex min-h-0 flex-1">
      <section
        aria-label="List"
        className={`min-h-0 min-w-0 flex-1 flex-col lg:flex lg:max-w-[34rem] lg:border-r lg:border-line ${isOpen ? 'hidden' : 'flex'}`}
      >
        {list}
      </section>
      <section
        aria-label="Details"
        className={`min-h-0 min-w-0 flex-1 flex-col bg-surface lg:flex ${isOpen ? 'flex' : 'hidden'}`}
      >
        {detail || <p className="m-auto max-w-xs text-center text-pretty text-soft">{placeholder}</p>}
      </section>
    </div>
  )
}
