import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Change } from './change.ts'
import { createRing } from './ring.ts'

const change = (position: number, length = 0): Change => ({
  position,
  topic: 'events',
  team: null,
  endpointId: null,
  kindName: null,
  reactionId: null,
  failed: false,
  text: 'x'.repeat(length),
})

const positions = (page: { changes: readonly Change[] } | null) =>
  page?.changes.map(({ position }) => position)

test('a ring tells what came after a position, in pages', () => {
  const ring = createRing(10)
  ring.push([change(12), change(15)], 16)
  ring.push([], 20)
  assert.deepEqual(ring.after(10, 1), { changes: [ring.after(10, 9)?.changes[0]], position: 12, more: true })
  assert.deepEqual(positions(ring.after(12, 9)), [15])
  assert.deepEqual(ring.after(12, 9)?.position, 20)
  assert.deepEqual(ring.after(20, 9), { changes: [], position: 20, more: false })
})

test('a ring says when it does not reach back far enough, or forward', () => {
  const ring = createRing(10, { maxChanges: 2, maxBytes: 10_000 })
  assert.equal(ring.after(9, 9), null)
  ring.push([change(11), change(12), change(13)], 13)
  assert.equal(ring.after(10, 9), null)
  assert.deepEqual(positions(ring.after(11, 9)), [12, 13])
  assert.equal(ring.after(14, 9), null)
})

test('a ring is bounded in bytes, down to nothing', () => {
  const ring = createRing(0, { maxChanges: 100, maxBytes: 500 })
  ring.push([change(1, 50), change(2, 50)], 2)
  assert.equal(ring.after(0, 9), null)
  assert.deepEqual(positions(ring.after(1, 9)), [2])
  ring.push([change(3, 200)], 3)
  assert.deepEqual(positions(ring.after(3, 9)), [])
  assert.equal(ring.after(2, 9), null)
})

test('whatever was pushed, a ring answers with a whole tail of it or not at all', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 6 })),
      fc.nat(),
      (pages, at) => {
        const ring = createRing(0, { maxChanges: 7, maxBytes: 1500 })
        const all: Change[] = []
        let end = 0
        for (const page of pages) {
          const changes = page.map(length => change((end += 2), length))
          all.push(...changes)
          ring.push(changes, ++end)
        }
        const from = at % (end + 1)
        const page = ring.after(from, 1000)
        if (page === null) return
        assert.deepEqual(page, {
          changes: all.filter(one => one.position > from),
          position: end,
          more: false,
        })
      },
    ),
  )
})
