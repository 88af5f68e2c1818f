import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDuration, parseDurations, writeDuration } from './durations.ts'

test('durations are read as people write them', () => {
  const read = ['5s', '30 s', '2m', '1.5h', '250ms', '3d', '10'].map(parseDuration)
  assert.deepEqual(read, [5_000, 30_000, 120_000, 5_400_000, 250, 259_200_000, 10_000])
})

test('what is no duration is null, alone and in a list', () => {
  for (const text of ['', 'soon', '-1s', '5 weeks', '1h30m']) assert.equal(parseDuration(text), null)
  assert.equal(parseDurations('5s, soon'), null)
  assert.deepEqual(parseDurations(''), [])
})

test('a duration that is written can be read again', () => {
  for (const ms of [1, 999, 1_000, 90_000, 3_600_000, 86_400_000, 86_400_001]) {
    assert.equal(parseDuration(writeDuration(ms)), ms)
  }
})
