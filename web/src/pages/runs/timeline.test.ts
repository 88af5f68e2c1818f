import assert from 'node:assert/strict'
import { test } from 'node:test'
import { barOf, spanOf } from './timeline.ts'

const at = (ms: number): string => new Date(ms).toISOString()
const span = { fromMs: 0, toMs: 200_000 }

test('a bar goes from when a run was made to when it ended', () => {
  const run = { createdAt: at(50_000), endedAt: at(100_000), dueAt: null, state: 'succeeded' } as const
  assert.deepEqual(barOf(run, span, 150_000), { left: 25, width: 25, next: null })
})

test('a run that goes on reaches up to now, and shows its next try, or that it comes later', () => {
  const run = { createdAt: at(0), endedAt: null, dueAt: at(180_000), state: 'due' } as const
  assert.deepEqual(barOf(run, span, 100_000), { left: 0, width: 50, next: 90 })
  assert.equal(barOf({ ...run, dueAt: at(900_000) }, span, 100_000).next, 'later')
})

test('the span holds the oldest run and leaves room for what comes', () => {
  assert.deepEqual(spanOf([{ createdAt: at(0) }, { createdAt: at(60_000) }], 100_000), {
    fromMs: 0,
    toMs: 115_000,
  })
  const { fromMs, toMs } = spanOf([], 100_000)
  assert.ok(toMs - fromMs >= 10_000)
})
