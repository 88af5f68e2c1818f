import { useMutation } from '@tanstack/react-query'
import type { ReactNode, RefObject } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ProblemNote } from './problem-note.tsx'

interface ConfirmProps<T> {
  open: boolean
  onClose: () => void
  title: string
  description: ReactNode
  /** The button that does it: "Delete demo". */
  label: string
  danger?: boolean
  /** It cannot be done yet. */
  disabled?: boolean
  run: () => Promise<T>
  onDone?: (result: T) => void
  children?: ReactNode
  returnTo?: RefObject<HTMLElement | null>
}

/** Asks before doing something, stays open until it is done, and with the reason when it did not work. */
export function Confirm<T>({
  open,
  onClose,
  title,
  description,
  label,
  danger = false,
  disabled = false,
  run,
  onDone,
  children,
  returnTo,
}: ConfirmProps<T>) {
  const action = useMutation({
    mutationFn: run,
    onSuccess(result) {
      onClose()
      onDone?.(result)
    },
  })
  const close = () => {
    if (action.isPending) return
    action.reset()
    onClose()
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      description={description}
      returnTo={returnTo}
      actions={
        <>
          <Button busy={action.isPending} onClick={close}>
            Cancel
          </Button>
          <Button
            look={danger ? 'danger' : 'primary'}
            busy={action.isPending}
            disabled={disabled}
            onClick={() => action.mutate()}
          >
            {label}
          </Button>
        </>
      }
    >
      {children && <div className="mt-3 flex flex-col gap-3">{children}</div>}
      {action.isError && (
        <div className="mt-3">
          <ProblemNote error={action.error} />
        </div>
      )}
    </Dialog>
  )
}
