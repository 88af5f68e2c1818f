import { EditorView } from '@codemirror/view'

export const editorTheme = EditorView.theme({
  '&': {
    background: 'var(--color-surface)',
    color: 'var(--color-ink)',
    border: '1px solid var(--color-edge)',
    borderRadius: '6px',
  },
  '&.cm-focused': { outline: '2px solid var(--color-accent)', outlineOffset: '2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', fontSize: '13px', lineHeight: '1.55', maxHeight: '50vh' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--color-ink)' },
  '.cm-line': { padding: '0 12px' },
  '.cm-cursor': { borderLeftColor: 'var(--color-ink)' },
  '.cm-gutters': { background: 'transparent', border: 'none', color: 'var(--color-soft)' },
  '.cm-placeholder': { color: 'var(--color-soft)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'color-mix(in oklab, var(--color-accent) 25%, transparent)',
  },
  '.sb-template': { color: 'var(--color-accent)', fontWeight: '500' },
  '.sb-text': { color: 'var(--color-ink)' },
  '.sb-word': { color: 'var(--color-soft)', fontWeight: '600' },
  '.sb-mistake': {
    background: 'var(--color-danger-wash)',
    boxShadow: 'inset 0 -2px var(--color-danger-lamp)',
  },
})
