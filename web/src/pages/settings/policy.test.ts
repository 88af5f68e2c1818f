import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policyOf } from './policy.ts'

test('an amount is a number above 0, and nothing is no limit', () => {
  assert.deepEqual(policyOf('30', ''), { keepDays: 30, maxGb: null })
  assert.deepEqual(policyOf(' 0,5 ', '2.5'), { keepDays: 0.5, maxGb: 2.5 })
  assert.deepEqual(policyOf('', ' '), { keepDays: null, maxGb: null })
  for (const wrong of ['0', '-1', 'soon', '1e9', 'Infinity', 'NaN', '36501'])
    assert.equal(policyOf(wrong, ''), null, wrong)
})
