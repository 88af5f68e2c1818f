import { StateEffect, StateField, type Text } from '@codemirror/state'
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view'

export interface Mistake {
  message: string
  /** Both count from 1. */
  line?: number
  column?: number
}

export const showMistakes = StateEffect.define<readonly Mistake[]>()

/** Marks the character at which something is wrong; the sentence stands below the editor. */
export const mistakes = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    const told = transaction.effects.find(effect => effect.is(showMistakes))
    if (!told) return shown.map(transaction.changes)
    const ranges = told.value.flatMap(mistake => {
      const from = positionOf(mistake, transaction.state.doc)
      return from === null ? [] : [mark(mistake.message).range(from, from + 1)]
    })
    return Decoration.set(ranges, true)
  },
  provide: field => EditorView.decorations.from(field),
})

const mark = (message: string): Decoration =>
  Decoration.mark({ class: 'sb-mistake', attributes: { title: message } })

/** The character meant; at the end of a line, the last one of it. */
function positionOf({ line, column = 1 }: Mistake, doc: Text): number | null {
  if (line === undefined || doc.length === 0) return null
  const { from, to } = doc.line(Math.max(1, Math.min(line, doc.lines)))
  return Math.max(0, Math.min(from + column - 1, Math.max(from, to - 1), doc.length - 1))
}
