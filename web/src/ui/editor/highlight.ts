import type { Extension } from '@codemirror/state'
import {
  Decoration,
  MatchDecorator,
  ViewPlugin,
  type DecorationSet,
  type EditorView,
  type ViewUpdate,
} from '@codemirror/view'

/** Enough colour to tell a template from its text, and a text from a name. */
export type Language = 'template' | 'octostache' | 'expression'

const patterns: Record<Language, RegExp> = {
  // What is still open reaches to the end of the line.
  template: /(?<template>\{\{[^]*?(?:\}\}|$))/gm,
  octostache: /(?<template>#\{[^]*?(?:\}|$))/gm,
  expression:
    /(?<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\b(?<name>event|body|data|raw|headers|query|params|endpoint)\b|\b(?<word>true|false|null|in|has)\b/g,
}

const marks: Record<string, Decoration> = {
  template: Decoration.mark({ class: 'sb-template' }),
  text: Decoration.mark({ class: 'sb-text' }),
  name: Decoration.mark({ class: 'sb-template' }),
  word: Decoration.mark({ class: 'sb-word' }),
}

export function highlight(language: Language): Extension {
  const matcher = new MatchDecorator({
    regexp: patterns[language],
    decoration: match => {
      const [name] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? []
      return (name && marks[name]) || null
    },
  })
  return ViewPlugin.define(
    (view: EditorView) => {
      let decorations: DecorationSet = matcher.createDeco(view)
      return {
        get decorations() {
          return decorations
        },
        update(update: ViewUpdate) {
          decorations = matcher.updateDeco(update, decorations)
        },
      }
    },
    { decorations: plugin => plugin.decorations },
  )
}
