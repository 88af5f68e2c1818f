import { ArrowLeft, X } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'

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
  const article = useRef<HTMLElement>(null)
  useEffect(() => {
    // On a small screen the row that was pressed is hidden now, and the focus would be nowhere.
    const focused = document.activeElement
    const isHidden =
      focused instanceof HTMLElement && focused !== document.body && focused.offsetParent === null
    if (isHidden) article.current?.focus()
  }, [])
  return (
    <article ref={article} tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
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
