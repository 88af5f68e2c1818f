import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { EditorState } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  keymap,
  lineNumbers,
  placeholder as placeholderText,
} from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { highlight, type Language } from './editor/highlight.ts'
import { mistakes, showMistakes, type Mistake } from './editor/mistakes.ts'
import { editorTheme } from './editor/theme.ts'
import { typeOver } from './editor/type-over.ts'

export interface CodeEditorProps {
  value: string
  onChange: (value: string) => void
  label: string
  language: Language
  mistakes: readonly Mistake[]
  placeholder?: string
  lines?: boolean
}

/**
 * CodeMirror inside a shadow root: there it styles itself by constructed style sheets, which a Content-Security-Policy
 * without 'unsafe-inline' allows; in the document it would add a <style> element. Tab leaves the editor.
 */
export function CodeEditor({
  value,
  onChange,
  label,
  language,
  mistakes: found,
  placeholder = '',
  lines = false,
}: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<EditorView>(undefined)
  const latest = useRef({ value, onChange })
  latest.current = { value, onChange }

  useEffect(() => {
    if (!host.current) return
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          history(),
          drawSelection(),
          lines ? lineNumbers() : [],
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          placeholderText(placeholder),
          highlight(language),
          mistakes,
          typeOver,
          editorTheme,
          EditorView.updateListener.of(update => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    editor.current = view
    return () => view.destroy()
  }, [label, language, placeholder, lines])

  useEffect(() => {
    const view = editor.current
    if (!view || view.state.doc.toString() === value) return
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    editor.current?.dispatch({ effects: showMistakes.of(found) })
  }, [found])

  return <div ref={host} className="font-mono text-[13px]" />
}
