import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerChange, headerText } from './header-text.ts'

const headers = { accept: '*/*', 'x-many': ['a', 'b'] }

test('headers that are not touched change nothing', () => {
  assert.equal(headerText(headers), 'accept: */*\nx-many: a\nx-many: b')
  assert.deepEqual(headerChange(headers, headerText(headers)), { change: {} })
})

test('what is edited, added and taken away is told', () => {
  assert.deepEqual(headerChange(headers, 'X-Many: a\n\nX-New:  1 \n'), {
    change: { accept: null, 'x-many': 'a', 'x-new': '1' },
  })
})

test('a line that is no header is told', () => {
  assert.match(JSON.stringify(headerChange(headers, 'accept: */*\nnonsense')), /nonsense.* is no header/)
})
