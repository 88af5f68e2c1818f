import { lazy, Suspense, useEffect, useRef } from 'react'

const load = () => import('./palette-dialog.tsx')
const Dialog = lazy(load)
const loadAfterMs = 1500

export const isApple = /Mac|iP(?:hone|ad)/.test(navigator.platform)

interface PaletteProps {
  isOpen: boolean
  setOpen: (isOpen: boolean) => void
  showHelp: () => void
}

/** Ctrl-K or ⌘K, anywhere, also while somebody types: every page, everything that has a name, and what can be done. */
export function Palette({ isOpen, setOpen, showHelp }: PaletteProps) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isChord = (isApple ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey
      if (!isChord || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      if (isOpen) setOpen(false)
      else if (!document.querySelector('[role="dialog"], [role="alertdialog"]')) setOpen(true)
    }
    addEventListener('keydown', press, { capture: true })
    return () => removeEventListener('keydown', press, { capture: true })
  }, [isOpen, setOpen])
  // So that nothing of what is typed right after the keys is lost while it loads.
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => {}), loadAfterMs)
    return () => clearTimeout(timer)
  }, [])
  // Once loaded it stays, so that it can give the focus back when it closes.
  const wasOpen = useRef(false)
  wasOpen.current ||= isOpen
  return wasOpen.current ? (
    <Suspense>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} showHelp={showHelp} />
    </Suspense>
  ) : null
}
