import { useEffect, useRef, useSyncExternalStore } from 'react'

/**
 * Single keys as shortcuts. A page says what its keys do while it is shown; the help (`?`) lists those of the moment.
 * They rest while somebody types or a dialog is open, and can be switched off (WCAG 2.1.4).
 */
export interface Shortcut {
  /** As `KeyboardEvent.key` has it. */
  key: string
  label: string
  run: () => void
}

const settingKey = 'signalbox.shortcuts'
const listeners = new Set<() => void>()
let groups: readonly { title: string; shortcuts: readonly Shortcut[] }[] = []
let enabled = localStorage.getItem(settingKey) !== 'off'

function changed(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useShortcutGroups = () => useSyncExternalStore(subscribe, () => groups)
export const useShortcutsEnabled = () => useSyncExternalStore(subscribe, () => enabled)

export function enableShortcuts(next: boolean): void {
  enabled = next
  localStorage.setItem(settingKey, next ? 'on' : 'off')
  changed()
}

export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const current = useRef(shortcuts)
  current.current = shortcuts
  const names = shortcuts.map(({ key, label }) => `${key} ${label}`).join('\n')
  useEffect(() => {
    const group = {
      title,
      shortcuts: current.current.map(({ key, label }) => ({
        key,
        label,
        run: () => current.current.find(shortcut => shortcut.key === key)?.run(),
      })),
    }
    groups = [...groups, group]
    changed()
    return () => {
      groups = groups.filter(other => other !== group)
      changed()
    }
  }, [title, names])
}

/** Listens for the keys of every group; the one added last wins. */
export function useKeyboard(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!enabled || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (isBusy(event)) return
      const shortcut = groups
        .toReversed()
        .flatMap(group => group.shortcuts)
        .find(({ key }) => key === event.key)
      if (!shortcut) return
      event.preventDefault()
      shortcut.run()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

const typing = 'input, textarea, select, [contenteditable="true"]'
/** Enter and Space belong to the control that has the focus. */
const pressable = 'button, a, summary, [role="tab"], [role="menuitem"]'

function isBusy(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0]
  if (!(target instanceof Element)) return false
  if (target.closest(typing) || document.querySelector('[role="dialog"], [role="menu"]')) return true
  return event.key === 'Enter' && target.closest(pressable) !== null
}
