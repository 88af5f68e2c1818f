import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cursorOf, positionOf } from './cursor.ts'

test('a cursor leads back to its position', () => {
  fc.assert(fc.property(fc.maxSafeNat(), position => positionOf(cursorOf(position)) === position))
})

test('a cursor fits into a URL, and does not show what it holds', () => {
  assert.match(cursorOf(Number.MAX_SAFE_INTEGER), /^[\w-]{1,40}$/)
  assert.doesNotMatch(cursorOf(1234567), /1234567/)
})

test('whatever is no cursor of ours is none', () => {
  const foreign = ['', ' ', 'MQ', 'beginning', '12', cursorOf(7) + '=', ` ${cursorOf(7)}`]
  const crooked = ['2:7', '1:', '1:-1', '1:07', '1:1e3', `1:${2 ** 53}`, '1:7 '].map(text =>
    Buffer.from(text).toString('base64url'),
  )
  for (const text of [...foreign, ...crooked]) assert.equal(positionOf(text), null, text)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const position = positionOf(text)
      return position === null || cursorOf(position) === text
    }),
  )
})
