import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { deriveKey, readCause, signCause } from './cause.ts'
import { newEventId, newRunId } from './ids.ts'

const anyKey = () => deriveKey(randomBytes(32), 'test')
const key = anyKey()
const cause = { runId: newRunId(1_700_000_000_000), eventId: newEventId(1_700_000_000_000) }

test('what was signed is read again', () => {
  fc.assert(
    fc.property(fc.nat(9999), fc.nat(4_000_000_000_000), (hops, nowMs) => {
      const some = { runId: newRunId(nowMs % 3_500_000_000_000), eventId: newEventId(nowMs) }
      assert.deepEqual(readCause(key, signCause(key, some, hops)), { cause: some, hops })
    }),
  )
})

test('with any character changed, left out or added it is nobody’s', () => {
  const signed = signCause(key, cause, 7)
  for (let at = 0; at < signed.length; at++) {
    const other = signed[at] === 'A' ? 'B' : 'A'
    assert.equal(readCause(key, signed.slice(0, at) + other + signed.slice(at + 1)), null, `at ${at}`)
    assert.equal(readCause(key, signed.slice(0, at) + signed.slice(at + 1)), null)
    assert.equal(readCause(key, `${signed.slice(0, at)}${other}${signed.slice(at)}`), null)
  }
  assert.equal(readCause(key, `${signed}, ${signed}`), null)
  assert.equal(readCause(key, signed.replace('.7.', '.0.')), null)
})

test('another installation’s signature counts for nothing, and so does any other text', () => {
  assert.equal(readCause(anyKey(), signCause(key, cause, 1)), null)
  for (const text of ['', '1', '1.a.b.2.c', `1.${cause.runId}.${cause.eventId}.1.${'A'.repeat(43)}`])
    assert.equal(readCause(key, text), null)
  fc.assert(fc.property(fc.string(), text => assert.equal(readCause(key, text), null)))
})

test('a key for each purpose comes from the one, always the same', () => {
  const one = randomBytes(32)
  const signed = signCause(deriveKey(one, 'a'), cause, 1)
  assert.deepEqual(readCause(deriveKey(one, 'a'), signed), { cause, hops: 1 })
  assert.equal(readCause(deriveKey(one, 'b'), signed), null)
})
