import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countsOf } from './ci-counts.js'

const summary =
  'ℹ tests 7\nℹ suites 0\nℹ pass 3\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 1\nℹ duration_ms 9.5\n'

test('cancelled tests count as failed, and those to be done as skipped', () => {
  assert.deepEqual(countsOf(summary, 1), { passed: 3, failed: 2, skipped: 2 })
})

test('colours do not hide the counts', () => {
  assert.equal(countsOf('\u001B[34mℹ tests 2\u001B[39m\n\u001B[34mℹ pass 2\u001B[39m\n', 0).passed, 2)
})

test('only the closing summary counts when a test printed one of its own', () => {
  assert.equal(countsOf(`ℹ tests 90\nℹ pass 90\n${summary}`, 1).passed, 3)
})

test('a stage that ended badly without a failed test is one failure', () => {
  assert.deepEqual(countsOf('ℹ tests 2\nℹ pass 2\n', 137), { passed: 2, failed: 1, skipped: 0 })
})

test('a stage that ran no test is one failure', () => {
  assert.deepEqual(countsOf('ℹ tests 0\nℹ pass 0\n', 0), { passed: 0, failed: 1, skipped: 0 })
})
