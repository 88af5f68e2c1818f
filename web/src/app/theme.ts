import { useSyncExternalStore } from 'react'

/** `system` follows prefers-color-scheme; the choice is kept in this browser. */
export type Theme = 'system' | 'light' | 'dark'

const key = 'signalbox.theme'
const listeners = new Set<() => void>()

function read(): Theme {
  const kept = localStorage.getItem(key)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

let theme = read()
apply()

function apply(): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

export function setTheme(next: Theme): void {
  theme = next
  localStorage.setItem(key, next)
  apply()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, () => theme)
