import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ExactNumber, parseJson, pretty } from './exact-json.ts'

test('a number keeps the digits that it was written with', () => {
  assert.deepEqual(parseJson('{"id":12345678901234567890,"price":1.10,"n":7}'), {
    id: new ExactNumber('12345678901234567890'),
    price: new ExactNumber('1.10'),
    n: 7,
  })
  assert.equal(pretty('{"id":12345678901234567890}'), '{\n  "id": 12345678901234567890\n}')
})

test('any JSON is indented the way that JSON.stringify does it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.object(), fc.array(fc.jsonValue())), value => {
      const text = JSON.stringify(value)
      assert.equal(pretty(text), JSON.stringify(JSON.parse(text), null, 2))
    }),
  )
})

test('what only looks like JSON stays as it is', () => {
  for (const text of ['{oops', '[1,', '{{ .body }}', 'plain', '']) assert.equal(pretty(text), text)
})
