import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Change } from './change.ts'
import { positionOf } from './cursor.ts'
import { framesOf } from './frame.ts'

const changesOf = (lengths: readonly number[]): Change[] =>
  lengths.map((length, index) => ({
    position: 2 * index + 1,
    topic: index % 3 === 0 ? 'runs' : 'events',
    team: null,
    endpointId: null,
    kindName: null,
    reactionId: null,
    failed: false,
    text: JSON.stringify({ position: 2 * index + 1, text: 'x'.repeat(length) }),
  }))

test('frames hold every change once, in order, and each cursor covers exactly what was told', () => {
  const lengths = fc.array(
    fc.oneof({ weight: 9, arbitrary: fc.nat(50) }, fc.integer({ max: 300_000, min: 9 })),
    {
      maxLength: 350,
    },
  )
  fc.assert(
    fc.property(lengths, all => {
      const changes = changesOf(all)
      const end = 2 * changes.length + 7
      const frames = framesOf(changes, end)
      const told: number[] = []
      for (const { bytes, position, events, runs } of frames) {
        const message = JSON.parse(bytes.toString('utf8'))
        told.push(...message.changes.map((change: { position: number }) => change.position))
        assert.equal(positionOf(message.cursor), position)
        assert.ok(told.every(one => one <= position))
        assert.ok(frames.at(-1)?.position === position || told.at(-1) === position)
        assert.ok(message.changes.length <= 100 && events + runs === message.changes.length)
        assert.ok(bytes.length <= 300 * 1024 || message.changes.length === 1)
      }
      assert.deepEqual(
        told,
        changes.map(({ position }) => position),
      )
      assert.equal(frames.at(-1)?.position, changes.length === 0 ? undefined : end)
    }),
    { numRuns: 50 },
  )
})
