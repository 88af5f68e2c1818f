import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'

interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  description?: ReactNode
  children?: ReactNode
  /** Buttons, the main one last. */
  actions?: ReactNode
  wide?: boolean
  /** Takes the focus when the dialog closes, where what opened it may be gone by then. */
  returnTo?: RefObject<HTMLElement | null>
}

export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  actions,
  wide = false,
  returnTo,
}: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={isOpen => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <Base.Popup
          finalFocus={returnTo}
          className={`fixed inset-x-3 top-[8vh] z-40 mx-auto flex max-h-[84vh] animate-arrive flex-col rounded-xl border border-line bg-surface shadow-2xl outline-none ${wide ? 'max-w-3xl' : 'max-w-lg'}`}
        >
          <div className="flex items-start gap-4 px-5 pt-4">
            <Base.Title className="min-w-0 flex-1 text-base font-semibold [overflow-wrap:anywhere]">
              {title}
            </Base.Title>
            <Base.Close
              aria-label="Close"
              className="-mr-1.5 rounded-md p-1 text-soft hover:bg-raised hover:text-ink"
            >
              <X size={18} aria-hidden />
            </Base.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5">
            {description && <Base.Description className="text-soft">{description}</Base.Description>}
            {children}
          </div>
          {actions && (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{actions}</div>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
