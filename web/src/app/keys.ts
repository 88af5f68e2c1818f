import { useEffect, useRef, useSyncExternalStore, type RefObject } from 'react'

/**
 * Single keys as shortcuts. A page says what its keys do while it is shown; the help (`?`) lists those of the moment.
 * They rest while somebody types or a dialog is open, and can be switched off (WCAG 2.1.4).
 */
export interface Shortcut {
  /** As `KeyboardEvent.key` has it; two with a space between are pressed one after the other: `g e`. */
  key: string
  label: string
  run: () => void
}

export interface ShortcutGroup {
  title: string
  shortcuts: readonly Shortcut[]
}

const settingKey = 'signalbox.shortcuts'
const listeners = new Set<() => void>()
/** Where two have the same key, the later one wins. */
let groups: readonly ShortcutGroup[] = []
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

/** The keys of a page; those that work `everywhere` give way to them. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[], everywhere = false): void {
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
    groups = everywhere ? [group, ...groups] : [...groups, group]
    changed()
    return () => {
      groups = groups.filter(other => other !== group)
      changed()
    }
  }, [title, names, everywhere])
}

/** `/` goes to the search box that is in the element, with what stands in it selected. */
export function useSearchKey(box: RefObject<HTMLElement | null>): void {
  const focus = () => {
    const input = box.current?.querySelector<HTMLElement>(searchBox)
    input?.focus()
    if (input instanceof HTMLInputElement) input.select()
  }
  useShortcuts('On this page', [{ key: '/', label: 'Search', run: focus }])
}

const searchBox = 'input, textarea, [contenteditable="true"]'

/** How long the second key of two may take. */
const secondWithinMs = 1500

/** Listens for the keys of every group. */
export function useKeyboard(): void {
  useEffect(() => {
    let first = { key: '', at: 0 }
    const press = (event: KeyboardEvent) => {
      if (!enabled || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (event.isComposing || isBusy(event)) return
      const now = performance.now()
      const pair = now - first.at < secondWithinMs ? `${first.key} ${event.key}` : ''
      first = { key: event.key, at: now }
      const all = groups.toReversed().flatMap(group => group.shortcuts)
      const shortcut = all.find(({ key }) => key === pair) ?? all.find(({ key }) => key === event.key)
      if (!shortcut) return
      first = { key: '', at: 0 }
      event.preventDefault()
      shortcut.run()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

const typing = 'input, textarea, select, [contenteditable="true"], [role="textbox"], [role="combobox"]'
const inFront = '[role="dialog"], [role="alertdialog"], [role="menu"]'
/** Enter and Space belong to the control that has the focus. */
const pressable = 'button, a, summary, [role="tab"], [role="menuitem"]'

function isBusy(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0]
  if (!(target instanceof Element)) return false
  if (target.closest(typing) || document.querySelector(inFront)) return true
  return event.key === 'Enter' && target.closest(pressable) !== null
}
