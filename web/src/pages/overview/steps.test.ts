import assert from 'node:assert/strict'
import { test } from 'node:test'
import { perTime, rangeBetween, successRate } from './steps.ts'

test('a rate is told as finely as it can be read', () => {
  assert.equal(perTime(0, 60_000), '0 /s')
  assert.equal(perTime(6_000, 60_000), '100 /s')
  assert.equal(perTime(3, 60_000), '3 /min')
})

test('a single failure among many is not rounded away', () => {
  assert.equal(successRate({ succeeded: 0, failed: 0 }), '–')
  assert.equal(successRate({ succeeded: 3, failed: 1 }), '75%')
  assert.equal(successRate({ succeeded: 99_999, failed: 1 }), '> 99.9%')
})

test('a range between two times is one that addresses can hold', () => {
  assert.equal(rangeBetween(0, 60_000), '1970-01-01T00:00:00.000Z/1970-01-01T00:01:00.000Z')
})
