import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyView } from './body-view.ts'

const view = (contentType: string | null, text: string | null, bytes = 10) =>
  bodyView({ contentType, text, bytes, truncated: false, parts: null })

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

test('XML is shown as a tree when its type or its first line says so, and parts as parts', () => {
  for (const type of ['text/xml', 'application/xml; charset=utf-8', 'application/soap+xml'])
    assert.deepEqual(view(type, '<a/>'), { as: 'xml', text: '<a/>' })
  assert.equal(view('text/plain', '<?xml version="1.0"?><a/>').as, 'xml')
  assert.equal(view('text/html', '<p>').as, 'text')
  const parts = [{ name: 'a', filename: null, contentType: null, bytes: 1, text: 'x' }]
  const body = { contentType: 'multipart/form-data; boundary=X', bytes: 60, text: 'whole', truncated: false }
  assert.deepEqual(bodyView({ ...body, parts }), { as: 'parts', parts })
  assert.deepEqual(bodyView({ ...body, parts: null }), { as: 'text', text: 'whole' })
})

test('bytes that are no text, and no bytes at all', () => {
  assert.deepEqual(view('image/png', null), { as: 'binary' })
  assert.deepEqual(view(null, '', 0), { as: 'nothing' })
})
