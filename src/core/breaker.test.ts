import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { allowed, failuresToOpen, newBreaker, observe, openBreaker, probe } from './breaker.ts'

const opened = (nowMs = 0) => {
  const breaker = newBreaker()
  for (let count = 0; count < failuresToOpen; count++) observe(breaker, false, nowMs)
  return breaker
}

test('it opens with the tenth failure in a row, and tells so once', () => {
  const breaker = newBreaker()
  const told = Array.from({ length: 12 }, () => observe(breaker, false, 1_000))
  assert.deepEqual(told, [...Array<null>(9).fill(null), 'opened', null, null])
  assert.equal(breaker.probeAtMs, 3_000)
})

test('a success in between starts the count again', () => {
  const breaker = newBreaker()
  for (let round = 0; round < 5; round++) {
    for (let count = 0; count < failuresToOpen - 1; count++) observe(breaker, false, 0)
    observe(breaker, true, 0)
  }
  assert.deepEqual(breaker, newBreaker())
})

test('while it rests nothing passes, then one', () => {
  const breaker = opened()
  assert.equal(allowed(breaker, 50, 1_999), 0)
  assert.equal(allowed(breaker, 50, 2_000), 1)
  assert.equal(allowed(breaker, 0, 2_000), 0)
  probe(breaker)
  assert.equal(allowed(breaker, 50, 2_001), 0)
})

test('each failed probe doubles the rest, up to a minute', () => {
  const breaker = opened()
  const rests = []
  let nowMs = 0
  for (let count = 0; count < 8; count++) {
    nowMs = breaker.probeAtMs
    probe(breaker)
    assert.equal(observe(breaker, false, nowMs), 'stays-open')
    rests.push(breaker.probeAtMs - nowMs)
  }
  assert.deepEqual(rests, [4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000])
  probe(breaker)
  assert.equal(observe(breaker, true, nowMs), 'closed')
  assert.deepEqual(breaker, newBreaker())
})

test('calls that were under way when it opened neither open it anew nor lengthen its rest', () => {
  const breaker = opened()
  const { probeAtMs, restMs } = breaker
  for (let count = 0; count < 30; count++) assert.equal(observe(breaker, false, 500), null)
  assert.deepEqual([breaker.probeAtMs, breaker.restMs, breaker.state], [probeAtMs, restMs, 'open'])
})

test('one that was open before a restart is probed at once, and rests longer when that fails', () => {
  const breaker = openBreaker(1_000)
  assert.equal(allowed(breaker, 50, 1_000), 1)
  probe(breaker)
  assert.equal(observe(breaker, false, 1_000), 'stays-open')
  assert.equal(breaker.probeAtMs, 5_000)
})

type Step = { name: 'failure' | 'success' | 'start' } | { name: 'wait'; ms: number }
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant({ name: 'failure' as const }) },
    { weight: 1, arbitrary: fc.constant({ name: 'success' as const }) },
    { weight: 4, arbitrary: fc.constant({ name: 'start' as const }) },
    fc.record({ name: fc.constant('wait' as const), ms: fc.nat(40_000) }),
  ),
  { maxLength: 120 },
)

/** Told in the words of its head comment, with a history instead of states. */
test('whatever happens, it does what its diagram says', () => {
  fc.assert(
    fc.property(steps, all => {
      const breaker = newBreaker()
      let nowMs = 0
      let inARow = 0
      let rest: { untilMs: number; lengthMs: number; probing: boolean } | null = null
      for (const step of all) {
        if (step.name === 'wait') nowMs += step.ms
        const mayPass: number = rest === null ? 5 : !rest.probing && nowMs >= rest.untilMs ? 1 : 0
        assert.equal(allowed(breaker, 5, nowMs), mayPass)
        if (step.name === 'start' && mayPass > 0) {
          probe(breaker)
          if (rest) rest.probing = true
        }
        if (step.name === 'success') {
          assert.equal(observe(breaker, true, nowMs), rest === null ? null : 'closed')
          inARow = 0
          rest = null
        }
        if (step.name === 'failure') {
          inARow++
          const opens: boolean = rest === null ? inARow >= 10 : rest.probing
          const change: string = rest === null ? 'opened' : 'stays-open'
          assert.equal(observe(breaker, false, nowMs), opens ? change : null)
          const lengthMs: number = rest === null ? 2_000 : Math.min(60_000, rest.lengthMs * 2)
          if (opens) rest = { untilMs: nowMs + lengthMs, lengthMs, probing: false }
        }
      }
    }),
    { numRuns: 1000 },
  )
})
