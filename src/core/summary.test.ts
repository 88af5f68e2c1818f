import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { previewText } from './summary.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('text is shown as it is, what steers terminals is replaced', () => {
  assert.equal(previewText(bytes('{"a":\t"ä"}\r\nb')), '{"a":\t"ä"}\nb')
  assert.equal(previewText(bytes('\u001b[31mred\u0000\u009b\r')), '\ufffd[31mred\ufffd\ufffd\ufffd')
  assert.equal(previewText(new Uint8Array([0xff, 0x41])), '\ufffdA')
})

test('a character that was cut in two is left out', () => {
  assert.equal(previewText(bytes('a€').subarray(0, 3)), 'a')
})

test('whatever came, no control character is left', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), input => {
      const codes = Array.from(previewText(input), character => character.codePointAt(0) ?? 0)
      return codes.every(code => code === 9 || code === 10 || (code >= 32 && (code < 127 || code > 159)))
    }),
  )
})
