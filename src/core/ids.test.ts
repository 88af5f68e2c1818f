import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { newEventId, newId, newOrganizationId, newRunId, randomAlphanumerics } from './ids.ts'

/** Until the 32 bits of seconds, and the seven digits of a run's time, are used up. */
const untilMs = 3_500_000_000_000
const times = fc.tuple(fc.nat(untilMs), fc.nat(untilMs)).filter(([one, other]) => one !== other)

test('an event’s id is an ObjectId that begins with its time', () => {
  assert.match(newEventId(1_700_000_000_123), /^evt_6553f100[0-9a-f]{16}$/)
  fc.assert(
    fc.property(fc.nat(untilMs), nowMs => {
      const id = newEventId(nowMs)
      assert.match(id, /^evt_[0-9a-f]{24}$/)
      assert.equal(Number.parseInt(id.slice(4, 12), 16), Math.floor(nowMs / 1000))
      assert.equal(Number.parseInt(id.slice(12, 16), 16) >>> 6, nowMs % 1000)
    }),
  )
})

test('a run’s id is 16 letters and digits', () => {
  fc.assert(fc.property(fc.nat(untilMs), nowMs => assert.match(newRunId(nowMs), /^r_[0-9A-Za-z]{16}$/)))
})

test('what was made later sorts later, to the millisecond', () => {
  fc.assert(
    fc.property(times, ([one, other]) => {
      assert.equal(newEventId(one) < newEventId(other), one < other)
      assert.equal(newRunId(one) < newRunId(other), one < other)
    }),
  )
})

test('no two are alike, though made in the same millisecond', () => {
  const nowMs = 1_700_000_000_000
  assert.equal(new Set(Array.from({ length: 50_000 }, () => newEventId(nowMs))).size, 50_000)
  assert.equal(new Set(Array.from({ length: 50_000 }, () => newRunId(nowMs))).size, 50_000)
  assert.equal(new Set(Array.from({ length: 5_000 }, () => newId('rea'))).size, 5_000)
})

test('other ids have a prefix and a UUIDv7', () => {
  assert.match(newId('ep'), /^ep_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/)
  assert.match(newOrganizationId(), /^org_[0-9A-Za-z]{16}$/)
})

test('each letter and digit is as likely as any other', () => {
  const draws = 62 * 2_000
  const counts = new Map<string, number>()
  for (const letter of randomAlphanumerics(draws)) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  assert.equal(counts.size, 62)
  // Seven standard deviations: one such failure in 10^10 runs.
  for (const [letter, count] of counts) assert.ok(Math.abs(count - 2_000) < 7 * Math.sqrt(2_000), letter)
})
