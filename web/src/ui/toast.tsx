import { X } from 'lucide-react'
import { useSyncExternalStore, type ReactNode } from 'react'

interface Note {
  id: number
  content: ReactNode
}

let notes: readonly Note[] = []
let lastId = 0
const listeners = new Set<() => void>()

function set(next: readonly Note[]): void {
  notes = next
  for (const listener of listeners) listener()
}

const dismiss = (id: number): void => set(notes.filter(note => note.id !== id))

/** Says that something happened, for eight seconds; what needs an answer belongs in the page instead. */
export function toast(content: ReactNode): void {
  const id = (lastId += 1)
  set([...notes.slice(-2), { id, content }])
  setTimeout(() => dismiss(id), 8000)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => notes)
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-3 bottom-16 z-50 flex flex-col items-end gap-2 md:bottom-4"
    >
      {shown.map(note => (
        <div
          key={note.id}
          className="pointer-events-auto flex max-w-md animate-arrive items-center gap-3 rounded-lg bg-ink py-2.5 pr-2 pl-4 text-paper shadow-lg"
        >
          <div className="min-w-0 [&_a]:underline [&_a]:underline-offset-3">{note.content}</div>
          <button
            type="button"
            aria-label="Dismiss"
            className="rounded p-1 opacity-70 hover:opacity-100"
            onClick={() => dismiss(note.id)}
          >
            <X size={16} aria-hidden />
          </button>
        </div>
      ))}
    </div>
  )
}
