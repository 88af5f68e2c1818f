import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hexDump } from './hex.ts'

test('bytes stand sixteen on a line, with their offset and what is printable of them', () => {
  assert.equal(
    hexDump(Uint8Array.from([...Buffer.from('0123456789abcdef<b>'), 0, 255])),
    '00000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  |0123456789abcdef|\n' +
      '00000010  3c 62 3e 00 ff                                   |<b>..|',
  )
})
