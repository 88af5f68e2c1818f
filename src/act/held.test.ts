import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Work } from '../core/intake.ts'
import { createHeld } from './held.ts'

const work = (claimNo: number): Work =>
  ({ run: { id: 'r_1', claimNo }, body: new Uint8Array(10), event: {}, reaction: {} }) as Work

test('A run that is claimed again while its older attempt is under way stays held when that one ends', () => {
  const held = createHeld()
  const [older, newer] = [work(1), work(3)]
  held.add(older)
  held.add(newer)
  assert.equal(held.signalOf(older).aborted, true, 'the older attempt counts for nothing')
  held.remove(older)
  assert.deepEqual(held.claims(), [{ runId: 'r_1', claimNo: 3 }])
  assert.equal(held.signalOf(newer).aborted, false)
  held.remove(newer)
  assert.deepEqual([held.size, held.claims()], [0, []])
})

test('A claim that is gone aborts its own work, not that of a newer claim on the same run', () => {
  const held = createHeld()
  const newer = work(3)
  held.add(newer)
  held.abort({ runId: 'r_1', claimNo: 1 })
  assert.equal(held.signalOf(newer).aborted, false)
  held.abort({ runId: 'r_1', claimNo: 3 })
  assert.equal(held.signalOf(newer).aborted, true)
})
