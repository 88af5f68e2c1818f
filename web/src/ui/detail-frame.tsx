import { ArrowLeft, X } from 'lucide-react'
import type { ReactNode } from 'react'

interface DetailFrameProps {
  /** What is shown: "event", "run". */
  what: string
  head: ReactNode
  onClose: (() => void) | undefined
  children: ReactNode
}

const button = 'rounded-md p-1.5 text-soft hover:bg-raised hover:text-ink'

/** What stands beside a list: a head that stays, and a way back. */
export function DetailFrame({ what, head, onClose, children }: DetailFrameProps) {
  return (
    <article className="flex min-h-0 flex-1 flex-col">
      {/* On a small screen the list, and with it the title of the page, is out of sight. */}
      <h1 className="sr-only lg:hidden">One {what}</h1>
      <header className="flex items-start gap-2 px-4 pt-3 pb-2 md:px-5">
        {onClose && (
          <button
            type="button"
            aria-label="Back to the list"
            className={`${button} -ml-1.5 lg:hidden`}
            onClick={onClose}
          >
            <ArrowLeft size={18} aria-hidden />
          </button>
        )}
        <div className="min-w-0 flex-1">{head}</div>
        {onClose && (
          <button
            type="button"
            aria-label={`Close the ${what}`}
            title="Close (Esc)"
            className={`${button} -mr-1.5 hidden lg:block`}
            onClick={onClose}
          >
            <X size={18} aria-hidden />
          </button>
        )}
      </header>
      {children}
    </article>
  )
}
