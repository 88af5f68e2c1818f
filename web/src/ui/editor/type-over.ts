import { EditorView } from '@codemirror/view'

/**
 * Typing over a selection, done by the editor: Chromium would keep the colour of what it replaces by a style attribute,
 * of which a strict Content-Security-Policy complains.
 */
export const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { inputType, data, isComposing } = event
    if (inputType !== 'insertText' || data === null || isComposing || view.state.selection.main.empty)
      return false
    view.dispatch(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true })
    event.preventDefault()
    return true
  },
})
