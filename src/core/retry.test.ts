import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { decide, defaultRetryDelaysMs, parseRetryAfter, type Result, type RetryPolicy } from './retry.ts'

const nowMs = 1_700_000_000_000
const hour = 3_600_000
const far = nowMs + 1000 * 24 * hour

const policy = (set: Partial<RetryPolicy> = {}): RetryPolicy => ({
  delaysMs: defaultRetryDelaysMs,
  permanentStatuses: [],
  retryStatuses: [],
  ...set,
})
const answer = (status: number, retryAfterMs: number | null = null): Result => ({
  kind: 'answer',
  status,
  retryAfterMs,
  label: `The target answered ${status}`,
})
const error = (permanent = false): Result => ({ kind: 'error', permanent, label: 'No answer' })

const stateAfter = (result: Result, set: Partial<RetryPolicy> = {}) =>
  decide(result, policy(set), 1, nowMs, far, 0.5).state

test('a success ends the run, however many tries it took', () => {
  const next = decide({ kind: 'success', label: '200 OK' }, policy(), 99, nowMs, nowMs - 1, 0)
  assert.deepEqual(next, { state: 'succeeded', dueAtMs: null, label: '200 OK' })
})

test('each delay is spread by 20 % and no more, and the tries use up the delays', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(7 * 24 * hour), { maxLength: 50 }),
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.constantFrom(answer(500), answer(503), answer(200), error()),
      (delaysMs, tries, jitter, result) => {
        const { state, dueAtMs } = decide(result, policy({ delaysMs }), tries, nowMs, far, jitter)
        const delayMs = delaysMs[tries - 1]
        if (delayMs === undefined) {
          assert.deepEqual([state, dueAtMs], ['failed', null])
          return
        }
        assert.equal(state, 'due')
        assert.ok(dueAtMs !== null && Number.isInteger(dueAtMs))
        assert.ok(dueAtMs >= nowMs + Math.floor(delayMs * 0.8) && dueAtMs <= nowMs + Math.ceil(delayMs * 1.2))
      },
    ),
  )
})

test('the spread reaches both ends', () => {
  const at = (jitter: number) =>
    decide(error(), policy({ delaysMs: [10_000] }), 1, nowMs, far, jitter).dueAtMs
  assert.equal(at(0), nowMs + 8_000)
  assert.equal(at(0.5), nowMs + 10_000)
  assert.equal(at(0.999999), nowMs + 12_000)
})

test('by default ten attempts are made in about 23 hours', () => {
  let attempts = 1
  let atMs = nowMs
  for (;;) {
    const next = decide(error(), policy(), attempts, atMs, far, 0.5)
    if (next.dueAtMs === null) {
      assert.deepEqual([next.state, next.label], ['failed', 'No answer; all 10 attempts spent'])
      break
    }
    atMs = next.dueAtMs
    attempts++
  }
  assert.equal(attempts, 10)
  assert.ok(Math.abs((atMs - nowMs) / hour - 23) < 1)
})

test('without delays there is a single attempt', () => {
  const { state, label } = decide(error(), policy({ delaysMs: [] }), 1, nowMs, far, 0)
  assert.deepEqual([state, label], ['failed', 'No answer; no retry is set'])
})

test('which answers are final', () => {
  const finals = [300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 409, 410, 413, 415, 422, 451]
  for (const status of finals) assert.equal(stateAfter(answer(status)), 'failed', String(status))
  // A 2xx comes here only when the reaction does not count it as a success.
  for (const status of [200, 202, 408, 425, 429, 500, 501, 502, 503, 504, 599])
    assert.equal(stateAfter(answer(status)), 'due', String(status))
})

test('the policy makes answers final, or worth another try; final beats both', () => {
  assert.equal(stateAfter(answer(501), { permanentStatuses: [501] }), 'failed')
  assert.equal(stateAfter(answer(429), { permanentStatuses: [429] }), 'failed')
  for (const status of [404, 409, 410, 302])
    assert.equal(stateAfter(answer(status), { retryStatuses: [status] }), 'due')
  assert.equal(stateAfter(answer(404), { permanentStatuses: [404], retryStatuses: [404] }), 'failed')
})

test('an error is final when it says so', () => {
  assert.equal(stateAfter(error(true)), 'failed')
  assert.equal(stateAfter(error(false)), 'due')
})

test('a final answer keeps its own label', () => {
  assert.equal(decide(answer(410), policy(), 1, nowMs, far, 0).label, 'The target answered 410')
})

test('Retry-After is obeyed when it asks for more than the delay, up to a day', () => {
  const dueIn = (retryAfterMs: number, delayMs = 5_000) =>
    decide(answer(503, retryAfterMs), policy({ delaysMs: [delayMs] }), 1, nowMs, far, 0.5).dueAtMs! - nowMs
  assert.equal(dueIn(60_000), 60_000)
  assert.equal(dueIn(1_000), 5_000)
  assert.equal(dueIn(0), 5_000)
  assert.equal(dueIn(Number.POSITIVE_INFINITY), 24 * hour)
  assert.equal(dueIn(48 * hour), 24 * hour)
  assert.equal(dueIn(48 * hour, 7 * 24 * hour), 7 * 24 * hour)
})

test('Retry-After gives no further attempt than the delays', () => {
  const next = decide(answer(429, 1000), policy({ delaysMs: [0] }), 2, nowMs, far, 0)
  assert.equal(next.state, 'failed')
})

test('a run whose next try would come after its deadline is timed out now', () => {
  const delays = policy({ delaysMs: [10_000] })
  assert.equal(decide(error(), delays, 1, nowMs, nowMs + 10_000, 0.5).state, 'due')
  const late = decide(error(), delays, 1, nowMs, nowMs + 9_999, 0.5)
  assert.deepEqual([late.state, late.dueAtMs], ['timed-out', null])
  assert.match(late.label, /^No answer; its deadline passes before the next try$/)
  assert.equal(decide(answer(503, hour), delays, 1, nowMs, nowMs + 60_000, 0).state, 'timed-out')
})

test('Retry-After is seconds or a date; what is neither says nothing', () => {
  assert.equal(parseRetryAfter(undefined, nowMs), null)
  assert.equal(parseRetryAfter('120', nowMs), 120_000)
  assert.equal(parseRetryAfter(' 0 ', nowMs), 0)
  assert.equal(parseRetryAfter('9'.repeat(400), nowMs), Number.POSITIVE_INFINITY)
  assert.equal(parseRetryAfter(new Date(nowMs + 90_000).toUTCString(), nowMs), 90_000)
  assert.equal(parseRetryAfter('Wed, 21 Oct 2015 07:28:00 GMT', nowMs), 0)
  for (const text of ['', 'soon', '120, 240', '-5', '1.5', '5s', '1e3', '2030-01-01'])
    assert.equal(parseRetryAfter(text, nowMs), null, text)
})
