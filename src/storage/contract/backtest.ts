import assert from 'node:assert/strict'
import { newEventId } from '../../core/ids.ts'
import type { Reaction, ReactionDefinition } from '../../core/reaction.ts'
import type { AppendEvent } from '../hot.ts'
import type { Storage } from '../port.ts'
import type { BacktestPage } from '../queries/backtest.ts'
import { append } from './builders.ts'
import type { Scenario } from './store.ts'

const nowMs = 1_800_000_000_000
const dayMs = 86_400_000

const aDraft = (
  filter: Partial<ReactionDefinition['filter']>,
  trigger: ReactionDefinition['trigger'] = { type: 'events' },
): Reaction =>
  ({
    id: 'draft',
    state: 'active',
    team: null,
    sincePosition: 0,
    definition: {
      trigger,
      filter: {
        kindTypes: [],
        kindNames: [],
        targetTypes: [],
        targetValues: [],
        targets: {},
        outcome: 'any',
        where: '',
        ...filter,
      },
    },
  }) as unknown as Reaction

/** As many pages as it takes when the time for each is over at once. */
async function backtest(storage: Storage, reaction: Reaction, sinceMs = 0): Promise<BacktestPage> {
  const all: BacktestPage = { looked: 0, fires: 0, reasons: {}, events: [], before: null, searchedToMs: null }
  do {
    const page = await storage.query('backtest', {
      reaction,
      maxHops: 8,
      sinceMs,
      before: all.before,
      limit: 5 - all.events.length,
      deadlineAtMs: 0,
    })
    all.looked += page.looked
    all.fires += page.fires
    all.events.push(...page.events)
    all.before = page.before
    for (const [code, count] of Object.entries(page.reasons))
      all.reasons[code] = (all.reasons[code] ?? 0) + count
  } while (all.before !== null)
  return all
}

/** One an hour, the last one now. */
const hourly = async (storage: Storage, count: number, of: (n: number) => Partial<AppendEvent>) => {
  for (let n = count - 1; n >= 0; n--) {
    const receivedAtMs = nowMs - n * 3_600_000
    await append(storage, {
      id: newEventId(receivedAtMs),
      receivedAtMs,
      contentType: 'application/json',
      ...of(n),
    })
  }
}

export function backtestScenarios(scenario: Scenario): void {
  scenario(
    'a reaction is tried on all of the past, however little is looked at in one go',
    async ({ storage }) => {
      await hourly(storage, 1200, n => ({
        body: Buffer.from(JSON.stringify({ n })),
        error: n % 3 === 0 ? 'no' : null,
      }))
      const { looked, fires, reasons, events } = await backtest(
        storage,
        aDraft({ outcome: 'success', where: 'body.n % 2 == 0' }),
      )
      assert.deepEqual([looked, fires], [1200, 400])
      assert.deepEqual(reasons, { 'filter.outcome': 400, 'filter.where': 400 })
      assert.deepEqual(
        events.map(event => (nowMs - event.received_at) / 3_600_000),
        [2, 4, 8, 10, 14],
      )
    },
  )

  scenario('a time bounds how far back a reaction is tried', async ({ storage }) => {
    await hourly(storage, 100, () => ({}))
    assert.equal((await backtest(storage, aDraft({}), nowMs - dayMs)).fires, 25)
    assert.equal((await backtest(storage, aDraft({}), nowMs + dayMs)).looked, 0)
  })

  scenario('a reaction is tried on the events of its endpoint or of its kinds alone', async ({ storage }) => {
    await hourly(storage, 60, n => ({
      endpointId: n % 2 === 0 ? 'ep_even' : 'ep_odd',
      kindName: n % 3 === 0 ? 'app.update.env' : 'app.updated',
    }))
    const ofEndpoint = aDraft({}, { type: 'endpoint', endpoint: 'ep_even' } as never)
    assert.deepEqual((await backtest(storage, ofEndpoint)).looked, 30)
    const { looked, fires } = await backtest(storage, aDraft({ kindNames: ['app.update'] }))
    assert.deepEqual([looked, fires], [20, 20])
  })
}
