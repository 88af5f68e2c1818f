import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type AppendEvent, maxRowsPerCommand } from '../hot.ts'
import type { Storage } from '../port.ts'
import { anEvent, append } from './builders.ts'
import { type OpenStore, type Scenario, settled } from './store.ts'

const everything = { partition: 0, position: 0, limit: 10_000, maxBytes: 100_000_000 }

const appendAll = async (storage: Storage, events: AppendEvent[]): Promise<number[]> => {
  const appended = await Promise.all(events.map(event => storage.execute('appendEvent', event)))
  const positions = appended.map(one => one.position)
  await settled(storage, Math.max(0, ...positions))
  return positions
}

export function eventScenarios(scenario: Scenario, open: OpenStore): void {
  scenario('an event is read back as it was appended, its body byte for byte', async ({ storage }) => {
    const body = Uint8Array.from({ length: 512 }, (_, index) => index % 256)
    const event = anEvent({
      endpointId: 'ep_1',
      team: 'core',
      error: 'It broke: "ü" \\ {}',
      hops: 3,
      contentType: 'application/octet-stream',
      targets: [{ type: '__proto__', value: 'constructor' }],
      body,
    })
    const { position } = await storage.execute('appendEvent', event)
    const found = await storage.read('event', { id: event.id })
    assert.ok(found)
    assert.deepEqual(Buffer.from(found.body), Buffer.from(body))
    assert.deepEqual(
      { ...found.event },
      {
        position,
        id: event.id,
        partition: 0,
        received_at: 1_000,
        kind_type: 'external',
        kind_name: 'webhook.received',
        endpoint_id: 'ep_1',
        team: 'core',
        actor: 'tester',
        error: 'It broke: "ü" \\ {}',
        hops: 3,
        content_type: 'application/octet-stream',
        body_bytes: 512,
        detail: event.detail,
      },
    )
    await settled(storage, position)
    assert.deepEqual(await storage.read('eventsAfter', everything), [found])
  })

  scenario('an event that is not there is null', async ({ storage }) => {
    assert.equal(await storage.read('event', { id: 'evt_none' }), null)
  })

  scenario('bodies that are appended together are not mixed up', async ({ storage }) => {
    const events = Array.from({ length: 50 }, (_, index) => anEvent({ body: Buffer.alloc(index, index) }))
    await appendAll(storage, events)
    for (const event of events) {
      const found = await storage.read('event', { id: event.id })
      assert.deepEqual(Buffer.from(found!.body), Buffer.from(event.body))
    }
  })

  scenario(
    'a later event has a higher position, and tells the one before it if the engine knows',
    async ({ storage }) => {
      const first = await append(storage)
      const second = await append(storage)
      assert.ok(first.position > 0)
      assert.ok(second.position > first.position)
      assert.ok(second.previous === null || second.previous === first.position)
    },
  )

  scenario('a delivery id is kept once for each endpoint', async ({ storage }) => {
    const [kept, repeated, elsewhere] = [
      anEvent({ endpointId: 'ep_1', deliveryId: 'd1' }),
      anEvent({ endpointId: 'ep_1', deliveryId: 'd1' }),
      anEvent({ endpointId: 'ep_2', deliveryId: 'd1' }),
    ]
    assert.equal((await storage.execute('appendEvent', kept)).duplicateOf, null)
    assert.deepEqual(await storage.execute('appendEvent', repeated), {
      position: 0,
      previous: null,
      duplicateOf: kept.id,
    })
    assert.equal((await storage.execute('appendEvent', elsewhere)).duplicateOf, null)
    assert.equal(await storage.read('event', { id: repeated.id }), null)
  })

  scenario('without an endpoint a delivery id belongs to who sent it', async ({ storage }) => {
    await append(storage, { actor: 'ci', deliveryId: 'd1' })
    assert.notEqual((await append(storage, { actor: 'ci', deliveryId: 'd1' })).duplicateOf, null)
    assert.equal((await append(storage, { actor: 'cd', deliveryId: 'd1' })).duplicateOf, null)
  })

  scenario('of deliveries that arrive at once, on any node, one is kept', async store => {
    const nodes = [store.storage, await store.node()]
    const events = Array.from({ length: 40 }, (_, index) =>
      anEvent({ endpointId: 'ep_1', deliveryId: `d${index % 4}` }),
    )
    const appended = await Promise.all(
      events.map((event, index) => nodes[index % 2]!.execute('appendEvent', event)),
    )
    const kept = events.filter((_, index) => appended[index]!.duplicateOf === null)
    assert.equal(kept.length, 4)
    for (const [index, event] of events.entries()) {
      const holder = kept.find(other => other.deliveryId === event.deliveryId)
      assert.equal(appended[index]!.duplicateOf ?? event.id, holder?.id)
    }
  })

  scenario('an event that is appended again is harmless', async ({ storage }) => {
    for (const event of [anEvent(), anEvent({ deliveryId: 'd1' })]) {
      const [first, again] = await Promise.all([
        storage.execute('appendEvent', event),
        storage.execute('appendEvent', event),
      ])
      const later = await storage.execute('appendEvent', event)
      assert.deepEqual(new Set([first.duplicateOf, again.duplicateOf]), new Set([event.id, null]))
      assert.deepEqual(later, { position: 0, previous: null, duplicateOf: event.id })
      const other = await append(storage)
      await settled(storage, other.position)
      const stored = await storage.read('eventsAfter', everything)
      assert.equal(stored.filter(one => one.event.id === event.id).length, 1)
    }
  })

  scenario('text with NULs, lone surrogates and quotes is taken', async ({ storage }) => {
    const event = anEvent({
      error: 'a\0b',
      targets: [{ type: 'app', value: '\ud800"\\{},' }],
      actor: "o'brien",
    })
    const { position } = await storage.execute('appendEvent', event)
    assert.ok(position > 0)
    assert.equal((await storage.read('event', { id: event.id }))?.event.actor, "o'brien")
  })

  scenario('events are read by partition', async ({ storage }) => {
    const [zero, one] = [anEvent(), anEvent({ partition: 1 })]
    await appendAll(storage, [zero, one])
    const found = await storage.read('eventsAfter', { ...everything, partition: 1 })
    assert.deepEqual(
      found.map(({ event }) => event.id),
      [one.id],
    )
  })

  scenario('a page of events ends at its bytes, but holds at least one', async ({ storage }) => {
    const events = [10, 10, 10, 10].map(length => anEvent({ body: new Uint8Array(length) }))
    for (const event of events) await storage.execute('appendEvent', event)
    await appendAll(storage, [])
    const count = async (maxBytes: number) =>
      (await storage.read('eventsAfter', { ...everything, maxBytes })).length
    await settled(storage, (await append(storage, { partition: 1 })).position)
    assert.equal(await count(1), 1)
    assert.equal(await count(11), 2)
    assert.equal(await count(20), 2)
    assert.equal(await count(1000), 4)
  })

  scenario('pages of events of any length are together the whole', async ({ storage }) => {
    const events = Array.from({ length: 60 }, (_, index) => anEvent({ body: new Uint8Array(index % 7) }))
    await appendAll(storage, events)
    const whole = (await storage.read('eventsAfter', everything)).map(({ event }) => event.id)
    assert.equal(whole.length, 60)
    const page = fc.record({
      limit: fc.integer({ min: 1, max: 20 }),
      maxBytes: fc.integer({ min: 1, max: 40 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(page), async pages => {
        const seen: string[] = []
        for (let position = 0; ; ) {
          const { limit, maxBytes } = pages.next().value
          const found = await storage.read('eventsAfter', { partition: 0, position, limit, maxBytes })
          if (found.length === 0) break
          assert.ok(found.length <= limit)
          seen.push(...found.map(({ event }) => event.id))
          position = found.at(-1)!.event.position
        }
        assert.deepEqual(seen, whole)
      }),
      { numRuns: 20 },
    )
  })

  test('commands that wait together share commits', { timeout: 60_000 }, async () => {
    const batches: number[] = []
    const store = await open({ onCommitted: commands => void batches.push(commands.length) })
    try {
      const positions = await appendAll(
        store.storage,
        Array.from({ length: 1000 }, () => anEvent()),
      )
      assert.equal(new Set(positions).size, 1000)
      assert.equal(
        batches.reduce((sum, count) => sum + count, 0),
        1000,
      )
      assert.ok(batches.length <= 3, `1,000 commands of one turn took ${batches.length} commits`)
    } finally {
      await store.close()
    }
  })

  scenario('a command that the engine cannot take fails alone', async ({ storage }) => {
    const good = Array.from({ length: 20 }, () => anEvent())
    const bad = anEvent({ kindName: null as never })
    const results = await Promise.allSettled(
      [...good.slice(0, 9), bad, ...good.slice(9)].map(event => storage.execute('appendEvent', event)),
    )
    const failed = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
    assert.equal(failed.length, 1)
    assert.equal(failed[0].code, 'storage.failed')
    assert.equal(failed[0].retryable, false)
    for (const event of good) assert.ok(await storage.read('event', { id: event.id }))
    assert.deepEqual(storage.health(), { ok: true })
  })

  scenario(
    'a command with more rows than a transaction can number is refused, or taken whole',
    async ({ storage }) => {
      const event = anEvent()
      const { position } = await storage.execute('appendEvent', event)
      const occasions = Array.from({ length: maxRowsPerCommand + 1_000 }, (_, index) => `occasion ${index}`)
      const runs = occasions.map(occasion => ({
        ...manyRun,
        id: `r_${occasion}`,
        eventId: event.id,
        occasion,
      }))
      const result = await storage
        .execute('commitReacted', { partition: 0, position, configVersion: 0, runs, ownEvents: [] })
        .catch((error: { code: string }) => error.code)
      const { runs: stored } = await storage.query('listRuns', { filter: {}, before: null, limit: 1 })
      if (result === 'storage.failed') assert.equal(stored.length, 0)
      else assert.equal(stored.length, 1)
      assert.ok((await append(storage)).position > 0, 'the next command is taken')
    },
  )

  test('a closed store takes nothing and answers nothing', { timeout: 60_000 }, async () => {
    const store = await open()
    await store.close()
    const closed = { code: 'storage.closed', retryable: false }
    await assert.rejects(append(store.storage), closed)
    await assert.rejects(store.storage.read('lastPosition', null), closed)
    await assert.rejects(store.storage.query('countWaitingRuns', null), closed)
  })
}

const manyRun = {
  reactionId: 'rea_1',
  reactionVersion: 1,
  team: null,
  actor: 'tester',
  state: 'held',
  onLost: 'retry',
  lane: 'x',
  dueAtMs: null,
  createdAtMs: 1,
  deadlineAtMs: 1,
  label: '',
} as const
