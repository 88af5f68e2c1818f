import { ChevronRight } from 'lucide-react'

interface FoldButtonProps {
  isOpen: boolean
  /** What it folds: "body.order". */
  what: string
  onClick: () => void
}

/** Shows and hides what lies below a node of a tree. */
export function FoldButton({ isOpen, what, onClick }: FoldButtonProps) {
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-label={`${isOpen ? 'Fold' : 'Unfold'} ${what}`}
      className="mt-0.5 flex size-5 shrink-0 items-center justify-center rounded text-soft hover:bg-raised hover:text-ink"
      onClick={onClick}
    >
      <ChevronRight size={14} aria-hidden className={`transition-transform ${isOpen ? 'rotate-90' : ''}`} />
    </button>
  )
}
