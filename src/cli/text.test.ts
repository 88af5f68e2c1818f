import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { escapeControls, escapeLines, padEnd, truncate, widthOf } from './text.ts'

const anyText = fc.string({ unit: 'binary' })

test('no text can bring a control character or a change of direction to the terminal', () => {
  fc.assert(
    fc.property(anyText, text => {
      assert.doesNotMatch(escapeControls(text), /[\p{Cc}\p{Bidi_Control}\p{Cs}]/u)
      assert.doesNotMatch(escapeLines(text).replaceAll('\n', ''), /[\p{Cc}\p{Bidi_Control}\p{Cs}]/u)
    }),
  )
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('\u001b', '\u009b', '\u202e', '\r', '\n', '[', '2', 'J') }),
      text => {
        assert.doesNotMatch(escapeControls(text), /[\p{Cc}\u202e]/u)
      },
    ),
  )
  assert.equal(escapeControls('a\u001b[31m\u202e\tb\n'), 'a\\x1b[31m\\u202e\\tb\\n')
})

test('plain text of any language stays as it is', () => {
  for (const text of ['plain', 'żółć', '日本語', 'مرحبا', '👩‍💻']) assert.equal(escapeControls(text), text)
})

test('truncated text fits, and text that fits is not truncated', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, width) => {
      const shown = truncate(text, width)
      assert.ok(widthOf(shown) <= width)
      if (widthOf(text) <= width) assert.equal(shown, text)
    }),
  )
  assert.equal(truncate('日本語', 5), '日本…')
  assert.equal(padEnd('日本', 6), '日本  ')
})
