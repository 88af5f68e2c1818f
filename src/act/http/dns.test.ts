import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDnsLookup, literal } from './dns.ts'

test('lookups of the same name are joined, and their answer is kept for a while', async () => {
  const lookup = createDnsLookup()
  const first = lookup('localhost')
  assert.equal(lookup('localhost'), first)
  const addresses = await first
  assert.ok(addresses.some(({ address }) => address === '127.0.0.1' || address === '::1'))
  assert.equal(lookup('localhost'), first)
})

test('a lookup that failed is not kept', async () => {
  const lookup = createDnsLookup()
  const tooLong = `${'x'.repeat(64)}.example`
  const first = lookup(tooLong)
  await assert.rejects(first)
  const second = lookup(tooLong)
  assert.notEqual(second, first)
  await assert.rejects(second)
})

test('literals are their own answer', () => {
  assert.deepEqual(literal('127.0.0.1'), [{ address: '127.0.0.1', family: 4 }])
  assert.deepEqual(literal('::1'), [{ address: '::1', family: 6 }])
  assert.equal(literal('localhost'), null)
})
