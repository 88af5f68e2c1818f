import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clock, formatDuration, parseDurationMs, parseTime, relative } from './times.ts'

const nowMs = Date.parse('2026-11-21T07:00:00.000Z')

test('durations are read with their units', () => {
  const read = ['500ms', '5s', '2m', '1h30m', '7d', ' 0.5s '].map(parseDurationMs)
  assert.deepEqual(read, [500, 5000, 120_000, 5_400_000, 604_800_000, 500])
  assert.deepEqual(['', '5', 's', '5 s', '-5s', '5x'].map(parseDurationMs), [
    null,
    null,
    null,
    null,
    null,
    null,
  ])
})

test('a time is absolute, or a duration before now', () => {
  assert.equal(parseTime('2h', nowMs), '2026-11-21T05:00:00.000Z')
  assert.equal(parseTime('2026-11-20', nowMs), '2026-11-20T00:00:00.000Z')
  assert.equal(parseTime('yesterday-ish', nowMs), null)
})

test('times are told from now', () => {
  assert.equal(relative('2026-11-21T06:59:48.000Z', nowMs), '12 s ago')
  assert.equal(relative('2026-11-21T07:05:00.000Z', nowMs), 'in 5 min')
  assert.equal(relative('2026-11-21T07:00:00.400Z', nowMs), 'now')
  assert.equal(relative('2026-11-18T07:00:00.000Z', nowMs), '3 d ago')
  assert.equal(relative(null, nowMs), '')
  assert.deepEqual([250, 1500, 59_999, 90_000].map(formatDuration), ['250 ms', '1.5 s', '59 s', '1 min'])
  assert.deepEqual([5_400_000, 259_199_000, 86_400_000].map(formatDuration), [
    '1 h 30 min',
    '2 d 23 h',
    '1 d',
  ])
})

test('a clock shows the date of another day', () => {
  assert.match(clock('2026-11-21T07:00:00.000Z', nowMs), /^\d\d:\d\d:\d\d$/)
  assert.match(clock('2026-11-01T07:00:00.000Z', nowMs), /^2026-11-01 \d\d:\d\d:\d\d$/)
})
