import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { EventDetail } from '../../../../api/types.ts'
import { comparable } from './comparable.ts'

const bodyOf = (text: string | null, set: Partial<EventDetail['body']> = {}) => {
  const body = {
    contentType: 'application/json',
    bytes: text?.length ?? 9,
    text,
    truncated: false,
    parts: null,
    ...set,
  }
  const event = {
    request: null,
    body,
    kind: { type: 'external', name: 'k' },
    targets: [],
  } as unknown as EventDetail
  return comparable(event).find(({ part }) => part === 'Body')?.text
}

test('JSON is compared with sorted keys, and every digit of its numbers', () => {
  assert.equal(
    bodyOf('{"b":[1,{}],"a":12345678901234567890}'),
    '{\n  "a": 12345678901234567890,\n  "b": [\n    1,\n    {}\n  ]\n}',
  )
})

test('whatever the order of its keys, the same JSON is the same text, and reads back as what it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), object => {
      const turned = Object.fromEntries(Object.entries(object).toReversed())
      const text = bodyOf(JSON.stringify(object))
      assert.equal(bodyOf(JSON.stringify(turned)), text)
      assert.deepEqual(JSON.parse(text ?? ''), JSON.parse(JSON.stringify(object)))
    }),
  )
})

test('what is no text, or not all of it, is not compared', () => {
  assert.equal(bodyOf(null), null)
  assert.equal(bodyOf('{"a"', { truncated: true }), null)
  assert.equal(bodyOf('', { bytes: 0 }), '')
  assert.equal(bodyOf('plain\ntext'), 'plain\ntext')
})
