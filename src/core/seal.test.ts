import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createSealer, hashToken, newToken, SealError } from './seal.ts'

const key = randomBytes(32)
const sealer = createSealer(key)

test('what was sealed is opened again, and looks different each time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), secret => {
      const sealed = sealer.seal(secret)
      assert.equal(sealer.open(sealed), Buffer.from(secret, 'utf8').toString('utf8'))
      assert.notEqual(sealed, sealer.seal(secret))
      assert.match(sealed, /^sealed:1:[A-Za-z0-9+/]+=*$/)
    }),
  )
})

test('a sealed secret does not show', () => {
  const sealed = sealer.seal('correct horse battery staple')
  assert.ok(!Buffer.from(sealed.slice(9), 'base64').includes('horse'))
})

const refuses = (sealed: string, reason: RegExp) =>
  assert.throws(
    () => sealer.open(sealed),
    (error: unknown) => {
      assert.ok(error instanceof SealError)
      assert.equal(error.code, 'secret.unreadable')
      assert.match(error.message, reason)
      return true
    },
  )

test('with another key, or any bit changed, it stays closed and says what to do', () => {
  refuses(createSealer(randomBytes(32)).seal('secret'), /Put back the former secret\.key/)
  const bytes = Buffer.from(sealer.seal('secret').slice(9), 'base64')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 1
    refuses(`sealed:1:${changed.toString('base64')}`, /cannot be read/)
  }
})

test('cut short it stays closed: a shorter tag would be easier to guess', () => {
  const bytes = Buffer.from(sealer.seal('').slice(9), 'base64')
  for (let length = 0; length < bytes.length; length++)
    refuses(`sealed:1:${bytes.subarray(0, length).toString('base64')}`, /cannot be read/)
})

test('what was never sealed is told apart from what the key does not open', () => {
  for (const text of ['', 'secret', 'sealed:2:abcd']) refuses(text, /not in a known form/)
})

test('a key of another length is refused', () => {
  for (const length of [0, 16, 31, 33])
    assert.throws(() => createSealer(randomBytes(length)), /must have 32 bytes/)
})

test('tokens are long, marked and all different; their hash tells nothing else', () => {
  const tokens = Array.from({ length: 1000 }, () => newToken('send'))
  assert.equal(new Set(tokens).size, 1000)
  for (const token of tokens) assert.match(token, /^sb_send_[\w-]{43}$/)
  assert.equal(hashToken(tokens[0]!), hashToken(tokens[0]!))
  assert.match(hashToken(''), /^[\w-]{43}$/)
})

test('while keys are changed both are known, and what the former one sealed is sealed anew', () => {
  const former = createSealer(randomBytes(32))
  const next = randomBytes(32)
  const definition = JSON.stringify({
    a: former.seal('one/"two"'),
    b: [former.seal('three')],
    c: 'sealed:1:lookalike',
  })
  former.use(next)
  const renewed = former.renew(definition)
  assert.ok(renewed !== null)
  assert.equal(former.renew(renewed), null, 'once is enough')
  const parts = JSON.parse(renewed)
  const alone = createSealer(next)
  assert.deepEqual(
    [alone.open(parts.a), alone.open(parts.b[0]), parts.c],
    ['one/"two"', 'three', 'sealed:1:lookalike'],
  )
  assert.equal(alone.renew(definition), null, 'what no key opens stays as it is')
  assert.equal(createSealer(next, [randomBytes(32)]).open(former.seal('x')), 'x')
})
