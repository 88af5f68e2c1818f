import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cursorOf } from './cursor.ts'
import { readMessage } from './message.ts'

const read = (message: unknown) => readMessage(JSON.stringify(message))

function refusal(message: unknown): string {
  const incoming = read(message)
  assert.ok(incoming.type === 'invalid', JSON.stringify(message))
  return `${incoming.code}: ${incoming.detail}`
}

test('a subscription starts from now, from the beginning or from a cursor', () => {
  const from = (cursor?: string | null) => read({ type: 'subscribe', filter: { topics: ['runs'] }, cursor })
  const filter = { topics: ['runs'] }
  assert.deepEqual(from(null), { type: 'subscribe', filter, from: null })
  assert.deepEqual(from(), { type: 'subscribe', filter, from: null })
  assert.deepEqual(from('beginning'), { type: 'subscribe', filter, from: 0 })
  assert.deepEqual(from(cursorOf(42)), { type: 'subscribe', filter, from: 42 })
  assert.deepEqual(read({ type: 'subscribe' }), { type: 'subscribe', filter: {}, from: null })
})

test('a mistake is named with its place', () => {
  const subscribe = (filter: unknown) => refusal({ type: 'subscribe', filter })
  assert.match(subscribe({ topic: [] }), /^message\.malformed: \/filter\/topic is not known here$/)
  assert.match(subscribe({ topics: ['event'] }), /^message\.malformed: \/filter\/topics\/0 /)
  assert.match(subscribe({ endpoints: [] }), /^message\.malformed: \/filter\/endpoints /)
  assert.match(subscribe({ kinds: Array(201).fill('a') }), /^message\.malformed: \/filter\/kinds /)
  assert.match(subscribe({ outcome: 'success' }), /^message\.malformed: \/filter\/outcome /)
  assert.match(
    refusal({ type: 'subscribe', cursors: '' }),
    /^message\.malformed: \/cursors is not known here$/,
  )
  assert.match(refusal({ type: 'subscribe', cursor: 'x' }), /^cursor\.invalid: /)
  assert.match(refusal({ type: 'unsubscribe' }), /^message\.unknown: "unsubscribe" /)
  for (const none of [null, 1, 'ping', [], {}, { type: 1 }])
    assert.match(refusal(none), /^message\.malformed/)
})

test('names of the prototype are unknown names like any other', () => {
  const message = readMessage('{"type":"subscribe","filter":{"__proto__":{"topics":["events"]}}}')
  assert.ok(message.type === 'invalid' && message.detail === '/filter/__proto__ is not known here')
  assert.equal(read({ type: 'constructor' }).type, 'invalid')
})

test('no text whatever brings the reader down', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), text => {
      assert.equal(typeof readMessage(text).type, 'string')
    }),
  )
})
