import assert from 'node:assert/strict'
import type { Count } from '../../core/statistics.ts'
import type { Storage } from '../port.ts'
import { anAttempt, anEvent, append, claim, commitReacted, makeRuns } from './builders.ts'
import { type Scenario, settled } from './store.ts'

/** Counts all that is committed, in pages of this size; answers how many it took. */
async function countAll(storage: Storage, limit: number): Promise<number> {
  for (let pages = 1; ; pages++) {
    const { from, to, more, counts } = await storage.query('uncounted', { limit })
    await storage.execute('addStatistics', { from, to, counts, waiting: null })
    if (!more) return pages
  }
}

const rowsOf = async (storage: Storage, stepMs = 60_000, by: 'reaction' | 'endpoint' | null = null) =>
  (await storage.query('statistics', { fromMs: 0, toMs: 10 * 86_400_000, stepMs, by })).map(
    ({ at, key, measure, outcome, count }) => [at, key, measure, outcome, count].join(' '),
  )

const total = async (storage: Storage, measure: Count['measure']): Promise<number> =>
  (await storage.query('statistics', { fromMs: 0, toMs: 1e12, stepMs: 60_000, by: null }))
    .filter(row => row.measure === measure)
    .reduce((sum, row) => sum + row.count, 0)

const settledAll = async (storage: Storage): Promise<void> => {
  const { position } = await append(storage, { kindType: 'signalbox' })
  await settled(storage, position)
}

export function statisticScenarios(scenario: Scenario): void {
  scenario('what happened is counted by minute, source, reaction and outcome', async ({ storage }) => {
    await append(storage, { receivedAtMs: 30_000, endpointId: 'ep_1' })
    await append(storage, { receivedAtMs: 59_999, endpointId: 'ep_1' })
    await append(storage, { receivedAtMs: 60_000, endpointId: 'ep_2', error: 'no' })
    await makeRuns(storage, { reactionId: 'rea_1' }, { reactionId: 'rea_2' })
    const [first, second] = await claim(storage, 2_000)
    assert.ok(first && second)
    await storage.execute('recordAttempt', anAttempt(first.run))
    await storage.execute(
      'recordAttempt',
      anAttempt(second.run, {
        outcome: 'failed',
        errorCode: 'target.status',
        endedAtMs: 61_000,
        next: { state: 'failed', dueAtMs: null, label: '500' },
      }),
    )
    await settledAll(storage)
    await countAll(storage, 100)
    assert.deepEqual((await rowsOf(storage)).toSorted(), [
      '0  attempt succeeded 1',
      '0  event success 3',
      '0  run succeeded 1',
      '60000  attempt target.status 1',
      '60000  event error 1',
      '60000  run failed 1',
    ])
    assert.deepEqual(
      (await rowsOf(storage, 3_600_000, 'reaction')).filter(row => / run /.test(row)).toSorted(),
      ['0 rea_1 run succeeded 1', '0 rea_2 run failed 1'],
    )
    assert.deepEqual(
      (await rowsOf(storage, 86_400_000, 'endpoint')).filter(row => /ep_/.test(row)).toSorted(),
      ['0 ep_1 event success 2', '0 ep_2 event error 1'],
    )
  })

  scenario('in pages of any size everything is counted exactly once', async ({ storage }) => {
    for (let round = 0; round < 12; round++) {
      await append(storage)
      await makeRuns(storage, { lane: 'a' }, { lane: 'b' })
      for (const { run } of await claim(storage, 2_000, [{ lane: 'a', limit: 10 }]))
        await storage.execute('recordAttempt', anAttempt(run))
    }
    await settledAll(storage)
    assert.ok((await countAll(storage, 5)) > 3)
    assert.deepEqual(
      [await total(storage, 'event'), await total(storage, 'attempt'), await total(storage, 'run')],
      [24, 12, 12],
    )
    await countAll(storage, 5)
    assert.equal(await total(storage, 'event'), 24, 'a second time adds nothing')
  })

  scenario('of two who counted the same, one is told that it came too late', async ({ storage, node }) => {
    await append(storage)
    await settledAll(storage)
    const other = await node()
    const counted = await storage.query('uncounted', { limit: 10 })
    const input = { from: counted.from, to: counted.to, counts: counted.counts, waiting: null }
    const results = await Promise.all([
      storage.execute('addStatistics', input),
      other.execute('addStatistics', input),
    ])
    assert.deepEqual(
      results.filter(isCounted => isCounted),
      [true],
    )
    assert.equal(await total(storage, 'event'), 1)
  })

  scenario('a cancelled run is counted as one that ended, once', async ({ storage }) => {
    const [run] = await makeRuns(storage, {})
    await storage.execute('cancelRun', { id: run!.id, nowMs: 5_000, by: 'Ada' })
    await settledAll(storage)
    await countAll(storage, 100)
    assert.deepEqual(await rowsOf(storage), ['0  event success 1', '0  run cancelled 1'])
  })

  scenario('what waits is kept as it was last seen, and at its height', async ({ storage }) => {
    const note = (atMs: number, held: number) =>
      storage.execute('addStatistics', { from: 0, to: 0, counts: [], waiting: { atMs, runs: { held } } })
    await note(1_000, 7)
    await note(2_000, 3)
    assert.deepEqual((await rowsOf(storage)).toSorted(), ['0  waiting held 3', '0  waiting-peak held 7'])
    assert.deepEqual(await storage.query('waitingBefore', { atMs: 60_000 }), { held: 3 })
    assert.deepEqual(await storage.query('waitingBefore', { atMs: 0 }), {})
  })

  scenario('runs that wait are counted, held ones apart', async ({ storage }) => {
    await makeRuns(storage, {}, { state: 'held', dueAtMs: null }, {})
    assert.deepEqual(await storage.query('waitingRuns', null), { open: 2, held: 1 })
  })

  scenario('statistics go by themselves, the finer ones first', async ({ storage }) => {
    const event = anEvent({ receivedAtMs: 1_000 })
    const { position } = await storage.execute('appendEvent', event)
    await commitReacted(storage, { position })
    await settledAll(storage)
    await countAll(storage, 10)
    await storage.execute('sweepStatistics', { nowMs: 5 * 86_400_000 })
    assert.deepEqual(await rowsOf(storage, 60_000), [])
    assert.deepEqual(await rowsOf(storage, 3_600_000), ['0  event success 1'])
    await storage.execute('sweepStatistics', { nowMs: 100 * 86_400_000 })
    assert.deepEqual(await rowsOf(storage, 3_600_000), [])
    assert.deepEqual(await rowsOf(storage, 86_400_000), ['0  event success 1'])
  })
}
