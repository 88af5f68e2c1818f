import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { someEvent } from '../../test/support/examples.ts'
import type { Storage } from '../storage/port.ts'
import { toAppend } from '../storage/rows.ts'
import type { EventTable } from '../storage/schema.ts'
import { createEventQueue } from './event-queue.ts'

const eventAt = (position: number) => someEvent({ id: `evt_${position}`, position })

/** A store that has all events at these positions, as eventsAfter reads them. */
function storeOf(positions: readonly number[]) {
  const reads: number[] = []
  const storage = {
    async read(_name: string, { position, limit }: { position: number; limit: number }) {
      reads.push(position)
      const after = positions.filter(one => one > position).slice(0, limit)
      return after.map(one => ({ event: rowAt(one), body: Buffer.from(String(one)) }))
    },
  }
  return { storage: storage as unknown as Storage, reads, positions }
}

function rowAt(position: number): EventTable {
  const { id, kindType, kindName, detail } = toAppend(eventAt(position), new Uint8Array())
  return {
    id,
    position,
    partition: 0,
    received_at: 0,
    kind_type: kindType,
    kind_name: kindName,
    endpoint_id: null,
    team: null,
    actor: '',
    error: null,
    hops: 0,
    content_type: null,
    body_bytes: 1,
    detail,
  }
}

const seenBy = async (queue: ReturnType<typeof createEventQueue>, from = 0) => {
  const seen: number[] = []
  for (let position = from; ; ) {
    const batch = await queue.next(position)
    if (batch.length === 0) return seen
    for (const { event, body } of batch) {
      assert.equal(Buffer.from(body).toString(), String(event.position))
      seen.push(event.position)
    }
    position = seen.at(-1)!
  }
}

const offer = (queue: ReturnType<typeof createEventQueue>, position: number, previous: number | null) =>
  queue.offer(eventAt(position), Buffer.from(String(position)), previous)

test('events that follow each other are taken from memory, and the store is asked at the end', async () => {
  const { storage, reads } = storeOf([3, 5, 6])
  const queue = createEventQueue(storage, 0)
  offer(queue, 3, 0)
  offer(queue, 5, 3)
  offer(queue, 6, 5)
  assert.deepEqual(await seenBy(queue), [3, 5, 6])
  assert.deepEqual(reads, [6])
})

test('an event that nobody offered is found once it is expected', async () => {
  const positions = [3]
  const { storage, reads } = storeOf(positions)
  const queue = createEventQueue(storage, 0)
  assert.deepEqual(await seenBy(queue), [3])
  positions.push(4)
  assert.deepEqual(await seenBy(queue, 3), [], 'the store is not asked for nothing')
  const before = reads.length
  queue.expectStored()
  assert.deepEqual(await seenBy(queue, 3), [4])
  assert.ok(reads.length > before)
})

test('what lies in a gap comes from the store, in its place', async () => {
  const { storage } = storeOf([3, 4, 5, 6])
  const queue = createEventQueue(storage, 0)
  offer(queue, 3, 0)
  offer(queue, 5, 4)
  offer(queue, 6, 5)
  assert.deepEqual(await seenBy(queue), [3, 4, 5, 6])
})

test('more than is kept in memory comes from the store', async () => {
  const positions = Array.from({ length: 5_000 }, (_, at) => at + 1)
  const { storage, reads } = storeOf(positions)
  const queue = createEventQueue(storage, 0)
  for (const position of positions) offer(queue, position, position - 1)
  assert.deepEqual(await seenBy(queue), positions)
  assert.ok(reads.length > 5)
})

test('large bodies are not kept without bound', async () => {
  const positions = Array.from({ length: 40 }, (_, at) => at + 1)
  const { storage, reads } = storeOf(positions)
  const queue = createEventQueue(storage, 0)
  const megabyte = Buffer.alloc(1024 * 1024)
  for (const position of positions) queue.offer(eventAt(position), megabyte, position - 1)
  const first = await queue.next(0)
  assert.deepEqual(reads, [0], 'the first ones are forgotten')
  assert.ok(first.length > 0)
})

test('whatever is offered, in whatever order and however often, each event is seen once and in order', async () => {
  const plans = fc.record({
    gaps: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 60 }),
    from: fc.nat(3),
    steps: fc.array(
      fc.oneof(
        fc.record({ offer: fc.nat(59), knowsPrevious: fc.boolean() }),
        fc.constant('read' as const),
        fc.constant('offer the next' as const),
      ),
      { maxLength: 120 },
    ),
  })
  await fc.assert(
    fc.asyncProperty(plans, async ({ gaps, from, steps }) => {
      const positions: number[] = []
      for (const gap of gaps) positions.push((positions.at(-1) ?? 0) + gap)
      // The store has what was committed: the offers of events can only follow.
      const { storage } = storeOf(positions)
      const queue = createEventQueue(storage, 0)
      const start = positions[from] ?? 0
      const seen: number[] = []
      let position = start
      let next = 0
      const offerAt = (at: number, knows: boolean) => {
        const one = positions[at]
        if (one !== undefined) offer(queue, one, knows ? (positions[at - 1] ?? 0) : null)
      }
      for (const step of steps) {
        if (step === 'read') {
          const batch = await queue.next(position)
          seen.push(...batch.map(({ event }) => event.position))
          position = seen.at(-1) ?? position
        } else if (step === 'offer the next') offerAt(next++, true)
        else offerAt(step.offer, step.knowsPrevious)
      }
      seen.push(...(await seenBy(queue, position)))
      assert.deepEqual(
        seen,
        positions.filter(one => one > start),
      )
    }),
    { numRuns: 500 },
  )
})
