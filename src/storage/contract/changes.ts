import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Storage } from '../port.ts'
import type { ChangeRow } from '../queries/changes.ts'
import { anAttempt, anEvent, append, claim, createEndpoint, createReaction, makeRuns } from './builders.ts'
import { type Scenario, settled } from './store.ts'

/** Everything from a position on, in pages of the given lengths over and over. */
async function tail(storage: Storage, position: number, limits: () => number): Promise<ChangeRow[]> {
  const seen: ChangeRow[] = []
  for (;;) {
    const page = await storage.read('changesAfter', { position, limit: limits() })
    seen.push(...page.changes)
    assert.ok(page.position >= position, 'a cursor never goes back')
    position = page.position
    if (!page.more) return seen
  }
}

/** SQLite answers reads at once: without a turn of the event loop a poll would keep the writers from running. */
const turn = () => new Promise(resolve => setImmediate(resolve))

/** Whoever waits for what was lost would wait for ever. */
function patience(forMs: number): () => Promise<void> {
  const untilMs = Date.now() + forMs
  return async () => {
    assert.ok(Date.now() < untilMs, `Not everything was seen within ${forMs} ms`)
    await turn()
  }
}

const summary = (change: ChangeRow): string => {
  if (change.type === 'event') return `event ${change.event.kind_name}`
  if (change.type === 'run') return `run ${change.run.state}`
  if (change.type === 'attempt')
    return `attempt ${change.attempt.number} ${change.attempt.outcome} ${change.run.state}`
  return change.topic
}

/** Writes something of every kind; answers when it is all committed. */
async function writeSome(storage: Storage, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const reactionId = `rea_${index}`
    const [run] = await makeRuns(
      storage,
      { reactionId, lane: reactionId },
      { reactionId: `${reactionId}b`, state: 'held', dueAtMs: null },
    )
    const [claimed] = await claim(storage, 1_000, [{ lane: reactionId, limit: 1 }])
    await storage.execute('recordAttempt', anAttempt(claimed!.run))
    await storage.execute('releaseHeld', { reactionId: `${reactionId}b`, nowMs: 5_000, limit: 1 })
    assert.equal(claimed!.run.id, run!.id)
  }
}

export function changeScenarios(scenario: Scenario): void {
  scenario('every change is told in the order of commits', async ({ storage }) => {
    const [run] = await makeRuns(storage, {})
    const [claimed] = await claim(storage, 1_000)
    const failed = { outcome: 'failed', next: { state: 'failed', dueAtMs: null, label: 'no' } } as const
    await storage.execute('recordAttempt', anAttempt(claimed!.run, failed))
    await storage.execute('retryRun', { id: run!.id, nowMs: 5_000, deadlineAtMs: 9_000, by: 'Ada' })
    await createEndpoint(storage)
    await createReaction(storage)
    const last = await append(storage, { kindName: 'last', body: Buffer.alloc(1000, 'x') })
    await settled(storage, last.position)
    const changes = await tail(storage, 0, () => 100)
    assert.deepEqual(changes.map(summary), [
      'event webhook.received',
      'run due',
      'attempt 1 failed due',
      'run due',
      'endpoint',
      'reaction',
      'event last',
    ])
    const told = changes.at(-1)!
    assert.ok(told.type === 'event' && told.preview.length === 256 && told.event.body_bytes === 1000)
  })

  scenario('an event without a body is told as any other', async ({ storage }) => {
    await append(storage, { body: new Uint8Array() })
    const [told] = await tail(storage, 0, () => 100)
    assert.ok(told?.type === 'event')
    assert.equal(told.preview?.length, 0)
  })

  scenario('whoever starts at the last position sees only what comes', async ({ storage }) => {
    const before = await append(storage)
    await settled(storage, before.position)
    const start = await storage.read('lastPosition', null)
    const nothing = await storage.read('changesAfter', { position: start, limit: 10 })
    assert.deepEqual([nothing.changes, nothing.more], [[], false])
    const after = await append(storage)
    await settled(storage, after.position)
    const changes = await tail(storage, start, () => 10)
    assert.deepEqual(
      changes.map(change => change.position),
      [after.position],
    )
  })

  scenario('pages of changes of any length are together the whole', async ({ storage }) => {
    await writeSome(storage, 12)
    await settled(storage, (await append(storage)).position)
    const whole = (await tail(storage, 0, () => 10_000)).map(change => change.position)
    assert.equal(whole.length, 12 * 5 + 1)
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 1, max: 25 })), async limits => {
        const seen = await tail(storage, 0, () => limits.next().value)
        assert.deepEqual(
          seen.map(change => change.position),
          whole,
        )
      }),
      { numRuns: 20 },
    )
  })

  scenario('a reader who polls while eight write sees everything once, in order', async store => {
    const writers = [store.storage, await store.node(), await store.node(), await store.node()]
    const reader = await store.node()
    const write = async (writer: number) => {
      for (let index = 0; index < 25; index++) {
        const storage = writers[writer % writers.length]!
        if (index % 5 === 4) await createEndpoint(storage)
        else await Promise.all([append(storage), append(storage)])
        const event = anEvent()
        await storage.execute('appendEvent', event)
        await storage.execute('replayEvent', { eventId: event.id, runs: [] })
      }
    }
    const seen: ChangeRow[] = []
    let position = 0
    let writing = true
    const wait = patience(20_000)
    const poll = async () => {
      for (let limit = 1; ; limit = (limit % 17) + 1) {
        const last = !writing
        await wait()
        const page = await reader.read('changesAfter', { position, limit })
        seen.push(...page.changes)
        position = page.position
        if (last && !page.more && seen.length >= expected) return
      }
    }
    const expected = 8 * (25 + 20 * 2 + 5)
    const polling = poll()
    await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)))
    writing = false
    await polling
    const positions = seen.map(change => change.position)
    assert.deepEqual(
      positions,
      [...new Set(positions)].sort((a, b) => a - b),
      'in order, and none twice',
    )
    const whole = await tail(reader, 0, () => 100_000)
    assert.deepEqual(
      positions,
      whole.map(change => change.position),
      'no gap',
    )
    assert.equal(positions.length, expected)
  })

  scenario('a reactor that follows while eight write misses no event', async store => {
    const writers = [store.storage, await store.node(), await store.node()]
    const reader = await store.node()
    const written: string[] = []
    const write = async (writer: number) => {
      for (let index = 0; index < 40; index++) {
        const event = anEvent()
        await writers[writer % writers.length]!.execute('appendEvent', event)
        written.push(event.id)
      }
    }
    const seen: string[] = []
    const wait = patience(20_000)
    const follow = async () => {
      for (let position = 0; seen.length < 320; ) {
        await wait()
        const page = await reader.read('eventsAfter', { partition: 0, position, limit: 7, maxBytes: 1e6 })
        seen.push(...page.map(({ event }) => event.id))
        position = page.at(-1)?.event.position ?? position
      }
    }
    await Promise.all([follow(), ...Array.from({ length: 8 }, (_, writer) => write(writer))])
    assert.deepEqual(new Set(seen), new Set(written))
    assert.equal(seen.length, written.length)
  })
}
