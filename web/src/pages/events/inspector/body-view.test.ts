import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyView } from './body-view.ts'

const view = (contentType: string | null, text: string | null, bytes = 10) =>
  bodyView({ contentType, text, bytes, truncated: false })

test('JSON is shown as a tree whatever type it was sent as', () => {
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain', null]) {
    assert.deepEqual(view(type, '{"a":1}'), { as: 'json', value: { a: 1 } })
  }
})

test('a JSON body that is only a number or null is still JSON', () => {
  assert.deepEqual(view('application/json', 'null'), { as: 'json', value: null })
  assert.deepEqual(view('application/vnd.x+json; charset=utf-8', '42'), { as: 'json', value: 42 })
})

test('broken JSON is shown as the text that it is', () => {
  assert.deepEqual(view('application/json', '{"a":'), { as: 'text', text: '{"a":' })
})

test('a form is shown as its fields, repeated ones too', () => {
  assert.deepEqual(view('application/x-www-form-urlencoded', 'a=1&a=2&b=%20'), {
    as: 'form',
    rows: [
      ['a', '1'],
      ['a', '2'],
      ['b', ' '],
    ],
  })
})

test('bytes that are no text, and no bytes at all', () => {
  assert.deepEqual(view('image/png', null), { as: 'binary' })
  assert.deepEqual(view(null, '', 0), { as: 'nothing' })
})
