import type { Event } from '../src/core/event.ts'
import { eventContext } from '../src/core/context.ts'
import { judge } from '../src/core/filter.ts'
import { createReactionIndex } from '../src/core/reaction-index.ts'
import type { Reaction } from '../src/core/reaction.ts'
import { atMost, ms, ratio, type Row, told } from './support/measure.ts'

/** What matching costs an event when 10, 1,000 or 100,000 reactions exist, three of which match; and a crowded endpoint. */
export async function match({ rounds }: { rounds: number }): Promise<Row[]> {
  const costs = new Map([10, 1_000, 100_000].map(count => [count, [] as number[]]))
  const bytes: number[] = []
  const crowded: number[] = []
  for (let round = 0; round < rounds; round++) {
    for (const [count, values] of costs) {
      const reactions = Array.from({ length: count }, (_, at) =>
        reaction(at, { kindNames: [at < 3 ? 'app.update' : `app-${at}.update`] }),
      )
      const before = collectedHeap()
      const index = createReactionIndex()
      reactions.forEach(index.add)
      if (count === 100_000) bytes.push((collectedHeap() - before) / count)
      values.push(costOf(event, () => judgeAll(index.candidates(event))))
    }
    const index = createReactionIndex()
    for (let at = 0; at < 1000; at++)
      index.add(reaction(at, { where: `body.number == ${at} && body.action == "opened"` }, 'ep_1'))
    crowded.push(costOf(received, () => judgeAll(index.candidates(received), received), 200) / 1000)
  }
  const relative = costs.get(100_000)!.map((value, at) => value / costs.get(10)![at]!)
  const microseconds = (value: number) => `${value.toFixed(2)} µs`
  return [
    ...[...costs].map(([count, values]) =>
      told('match', `an event among ${count.toLocaleString('en')} reactions`, values, microseconds),
    ),
    atMost('match', '100,000 of them against 10', relative, 1.5, ratio),
    atMost('match', 'index, a reaction', bytes, 1024, value => `${Math.round(value)} bytes`),
    atMost('match', '1,000 candidates with `where` on one endpoint', crowded, 1.5, ms),
  ]
}

const body = new TextEncoder().encode(
  JSON.stringify({ action: 'opened', number: 7, sender: { login: 'octo' }, pad: 'p'.repeat(900) }),
)

const event: Event = {
  id: 'evt_000000000000000000000000',
  position: 2,
  receivedAtMs: 0,
  kind: { type: 'platform', name: 'app.update.env.set' },
  targets: [{ type: 'app', value: 'shop' }],
  owner: { type: 'user', name: 'me' },
  error: null,
  team: null,
  actor: 'bench',
  endpointId: null,
  cause: null,
  hops: 0,
  request: null,
  contentType: 'application/json',
  bodyBytes: body.length,
}
const received: Event = { ...event, endpointId: 'ep_1', kind: { type: 'external', name: 'webhook.received' } }

function judgeAll(reactions: readonly Reaction[], on = event): number {
  let context: object | null = null
  return reactions.filter(one => judge(one, on, () => (context ??= eventContext(on, body)), 8).fires).length
}

/** Microseconds a call. */
function costOf(_on: Event, work: () => number, times = 20_000): number {
  for (let at = 0; at < times / 10; at++) work()
  const startedAt = performance.now()
  for (let at = 0; at < times; at++) work()
  return ((performance.now() - startedAt) * 1000) / times
}

function collectedHeap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function reaction(at: number, filter: object, endpoint?: string): Reaction {
  return {
    id: `rea_${at}`,
    version: 1,
    state: 'active',
    stateReason: '',
    team: null,
    actor: 'bench',
    configVersion: 1,
    sincePosition: 1,
    createdAtMs: 0,
    updatedAtMs: 0,
    definition: {
      name: `reaction-${at}`,
      description: '',
      trigger: endpoint === undefined ? { type: 'events' } : { type: 'endpoint', endpoint },
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
      action: {
        type: 'http',
        language: 'go',
        method: 'POST',
        url: 'http://127.0.0.1/',
        headers: [],
        bodyFrom: 'event',
        body: '',
        timeoutMs: 1000,
        successStatuses: ['200-299'],
        followRedirects: 0,
        insecure: false,
        proxyUrl: null,
        signingSecrets: [],
      },
      retry: { delaysMs: [], permanentStatuses: [], retryStatuses: [] },
      concurrency: null,
      deadlineMs: 1000,
      onLost: 'retry',
      failingAfter: 3,
      tellWhen: [],
    },
  }
}
