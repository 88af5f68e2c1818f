import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bucketOf, createTally, percentile, startOf, type Count } from './statistics.ts'

const scaled = (durations: readonly number[]): Map<number, number> => {
  const buckets = new Map<number, number>()
  for (const ms of durations) buckets.set(bucketOf(ms), (buckets.get(bucketOf(ms)) ?? 0) + 1)
  return buckets
}

test('a percentile that is read off the scale is at most a fifth away from one that was counted', () => {
  const durations = fc.array(fc.integer({ min: 1, max: 86_400_000 }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.95, 1), (times, share) => {
      const sorted = times.toSorted((a, b) => a - b)
      const exact = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!
      const read = percentile(scaled(times), share)!
      assert.ok(read >= exact / 1.2 && read <= exact * 1.2, `${read} instead of ${exact}`)
    }),
  )
})

test('nothing has no percentile, and what took no time took less than a millisecond', () => {
  assert.equal(percentile(new Map(), 0.5), null)
  assert.ok(percentile(scaled([0, 0, 0]), 0.95)! < 1)
  assert.equal(bucketOf(Number.MAX_SAFE_INTEGER), bucketOf(1e12))
})

test('a longer time never stands lower on the scale', () => {
  fc.assert(fc.property(fc.nat(1e9), fc.nat(1e9), (a, b) => a > b || bucketOf(a) <= bucketOf(b)))
})

test('a tally adds up what has the same names, and keeps the rest apart', () => {
  const one: Count = {
    atMs: startOf(61_000, 60_000),
    measure: 'event',
    team: '',
    endpointId: 'ep_1',
    reactionId: '',
    outcome: 'success',
    bucket: 0,
    count: 1,
  }
  const tally = createTally()
  for (const outcome of ['success', 'error', 'success']) tally.add({ ...one, outcome })
  assert.deepEqual(tally.counts(), [
    { ...one, atMs: 60_000, count: 2 },
    { ...one, atMs: 60_000, outcome: 'error' },
  ])
})
