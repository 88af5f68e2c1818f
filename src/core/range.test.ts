import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isRange, timesOfRange } from './range.ts'

const nowMs = Date.UTC(2026, 10, 27, 12)

test('a length goes up to now, and two times are what they say', () => {
  assert.deepEqual(timesOfRange('1h', nowMs), { since: '2026-11-27T11:00:00.000Z' })
  assert.deepEqual(timesOfRange('2026-11-21T06:00:00Z/2026-11-21T07:00:00+01:00', nowMs), {
    since: '2026-11-21T06:00:00.000Z',
    until: '2026-11-21T06:00:00.000Z',
  })
  assert.deepEqual(timesOfRange('/2026-11-21T06:00:00Z', nowMs), { until: '2026-11-21T06:00:00.000Z' })
})

test('what is no range is refused, and what is one never fails', () => {
  for (const text of ['', '/', '2h', 'soon', 'a/b', '2026-11-21T06:00:00Z', '1h/', '//', '__proto__'])
    assert.equal(isRange(text), false, text)
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.tuple(fc.date(), fc.date()).map(([a, b]) => `${String(a)}/${String(b)}`),
      ),
      text => {
        if (isRange(text)) timesOfRange(text, nowMs)
      },
    ),
  )
})
