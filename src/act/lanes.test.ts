import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Work } from '../core/intake.ts'
import {
  isIdle,
  isWorthWaiting,
  type Lane,
  mayStart,
  mustGiveBack,
  newLane,
  noteBody,
  noteCall,
  fairRoom,
  planClaims,
  room,
} from './lanes.ts'

const works = (count: number): Work[] => Array.from({ length: count }, () => ({}) as Work)
const lane = (set: Partial<Lane> = {}, name = 'host'): Lane => ({ ...newLane(name, 8, 0), ...set })

const lanes: fc.Arbitrary<Lane> = fc
  .record({
    name: fc.constantFrom('host', 'host|rea_1', 'host|once', 'host|rea_1|once'),
    limit: fc.integer({ min: 1, max: 100 }),
    underWay: fc.nat(100),
    reserved: fc.nat(600),
    claimed: fc.nat(600).map(works),
    backlog: fc.boolean(),
    paceMs: fc.double({ min: 0, max: 100_000, noNaN: true }),
    bodyBytes: fc.double({ min: 1e-6, max: 32e6, noNaN: true }),
    breaker: fc.record({
      state: fc.constantFrom('closed' as const, 'open' as const, 'probing' as const),
      failuresInARow: fc.nat(20),
      restMs: fc.constant(2_000),
      probeAtMs: fc.nat(2_000),
    }),
  })
  .map(set => lane(set))

test('room is never less than none, nor more than the limit and 500 ahead of it', () => {
  fc.assert(
    fc.property(lanes, fc.nat(2_000), (one, nowMs) => {
      const free = room(one, nowMs)
      const taken = one.underWay + one.reserved + one.claimed.length
      assert.ok(Number.isInteger(free) && free >= 0)
      assert.ok(free === 0 || free + taken <= one.limit + 500)
      if (one.name.endsWith('|once') && free > 0) assert.ok(free + taken <= one.limit)
      if (one.breaker.state !== 'closed') assert.ok(free <= 1)
      if (one.breaker.state === 'probing' || nowMs < one.breaker.probeAtMs)
        assert.ok(one.breaker.state === 'closed' || free === 0)
    }),
  )
})

test('one claim brings no more than there is room for, whatever the number of lanes', () => {
  fc.assert(
    fc.property(fc.array(lanes, { maxLength: 30 }), fc.nat(2_000), fc.nat(2_000), (some, free, nowMs) => {
      const wanted = planClaims(some, free, nowMs)
      const total = wanted.reduce((sum, { limit }) => sum + limit, 0)
      assert.ok(total <= free)
      for (const { limit } of wanted) assert.ok(Number.isInteger(limit) && limit > 0)
      assert.ok(wanted.length <= some.filter(({ backlog }) => backlog).length)
    }),
  )
})

test('of large bodies fewer are claimed at a time, all lanes together', () => {
  const large = { backlog: true, paceMs: 1, bodyBytes: 4 * 1024 * 1024 }
  const wanted = planClaims([lane(large, 'a'), lane(large, 'b'), lane(large, 'c')], 2_000, 0)
  assert.deepEqual(wanted, [{ lane: 'a', limit: 4 }])
  const small = { backlog: true, paceMs: 1, bodyBytes: 1000 }
  assert.deepEqual(planClaims([lane(small, 'a')], 8_000, 0), [{ lane: 'a', limit: 508 }])
})

test('no lane takes more than an eighth of what is free, a quick one a third: some is left for the next one', () => {
  const small = { backlog: true, paceMs: 1, bodyBytes: 1000 }
  assert.deepEqual(planClaims([lane(small, 'a')], 1_200, 0), [{ lane: 'a', limit: 400 }])
  const slow = { ...small, paceMs: 60, limit: 600 }
  assert.deepEqual(planClaims([lane(slow, 'a')], 2_000, 0), [{ lane: 'a', limit: 250 }])
  const hogs = Array.from({ length: 50 }, (_, at) => lane(small, `hog-${at}`))
  const taken = planClaims(hogs, 2_000, 0).reduce((sum, { limit }) => sum + limit, 0)
  assert.ok(taken < 2_000)
  assert.equal(fairRoom(lane({ underWay: 5, reserved: 3, claimed: works(2) }), 800), 90)
  assert.equal(fairRoom(lane({ underWay: 200 }), 800), 0)
})

test('a quick lane keeps some runs claimed ahead, a slow one hardly any', () => {
  assert.equal(room(lane({ paceMs: 0 }), 0), 508)
  assert.equal(room(lane({ paceMs: 10 }), 0), 88)
  assert.equal(room(lane({ paceMs: 5_000 }), 0), 8)
  assert.equal(room(lane({ paceMs: 0 }, 'host|once'), 0), 8)
})

test('a lane whose limit only the reaction tells begins with one at a time', () => {
  assert.equal(newLane('host|rea_1', 32, 0).limit, 1)
  assert.equal(newLane('host|rea_1|once', 32, 0).limit, 1)
  for (const name of ['host', 'host|once', 'reaction:rea_1']) assert.equal(newLane(name, 32, 0).limit, 32)
})

test('only a lane that frees its places soon is waited for', () => {
  const full = { underWay: 8, claimed: works(400), paceMs: 10 }
  assert.ok(isWorthWaiting(lane(full), 200, 0))
  assert.ok(
    isWorthWaiting(lane({ underWay: 8, paceMs: 10, backlog: true }), 1, 0),
    'older runs wait in the store',
  )
  assert.ok(!isWorthWaiting(lane({ underWay: 8, paceMs: 1 }), 200, 0), 'there is room')
  assert.ok(!isWorthWaiting(lane({ ...full, paceMs: 5_000, calls: 1_000 }), 200, 0), 'it is slow')
  assert.ok(!isWorthWaiting(lane({ ...full, underWay: 0 }), 200, 0), 'nothing will end')
  assert.ok(!isWorthWaiting(lane(full, 'host|once'), 200, 0), 'nothing may wait claimed')
  const open = { state: 'open' as const, failuresInARow: 10, restMs: 2_000, probeAtMs: 5_000 }
  assert.ok(!isWorthWaiting(lane({ ...full, breaker: open }), 200, 0), 'it rests')
})

test('a lane that nobody knows yet is waited for, but not for long', () => {
  const hanging = { ...newLane('host', 8, 10_000), underWay: 8, claimed: works(400), paceMs: 100 }
  assert.ok(isWorthWaiting(hanging, 200, 11_000))
  assert.ok(!isWorthWaiting(hanging, 200, 12_000))
})

test('who was let through an open breaker is alone', () => {
  const open = { state: 'open' as const, failuresInARow: 10, restMs: 2_000, probeAtMs: 5_000 }
  assert.equal(room(lane({ breaker: open }), 4_999), 0)
  assert.equal(room(lane({ breaker: open }), 5_000), 1)
  assert.equal(room(lane({ breaker: open, reserved: 1 }), 5_000), 0)
  assert.equal(room(lane({ breaker: open, claimed: works(1) }), 5_000), 0)
  assert.equal(mayStart(lane({ breaker: open, claimed: works(2) }), 5_000), true)
  assert.equal(mayStart(lane({ breaker: { ...open, state: 'probing' }, claimed: works(2) }), 5_000), false)
  assert.equal(mustGiveBack(lane({ breaker: open })), true)
  assert.equal(mustGiveBack(lane()), false)
})

test('pace and size follow what was seen lately', () => {
  const one = lane()
  for (let count = 0; count < 200; count++) {
    noteCall(one, 20)
    noteBody(one, 0)
  }
  assert.ok(Math.abs(one.paceMs - 20) < 1)
  assert.ok(one.bodyBytes >= 1 && one.bodyBytes < 2)
})

test('a lane is idle when nothing is there, reserved or waiting', () => {
  assert.ok(isIdle(lane()))
  for (const set of [{ underWay: 1 }, { reserved: 1 }, { claimed: works(1) }, { backlog: true }])
    assert.ok(!isIdle(lane(set)))
})
