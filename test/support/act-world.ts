// Act on a real store, calling real servers on loopback, with a clock that the test may set ahead.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { type Actor, type ActorOptions, startActor } from '../../src/act/actor.ts'
import { parseAllowList } from '../../src/act/http/address-guard.ts'
import { createCaller } from '../../src/act/http/call.ts'
import { deriveKey } from '../../src/core/cause.ts'
import type { Event } from '../../src/core/event.ts'
import { newEventId, newId } from '../../src/core/ids.ts'
import type { Reaction } from '../../src/core/reaction.ts'
import { makeRun } from '../../src/react/make-run.ts'
import { toAppend, toReaction, toRun } from '../../src/storage/rows.ts'
import { someDefinition, someEvent } from './examples.ts'
import { openStore, type TestStore, until } from './store.ts'

type Definition = Parameters<typeof someDefinition>[0]

export interface World {
  store: TestStore
  clock: { aheadMs: number }
  errors: unknown[]
  opened: string[]
  gone: string[]
  start(options?: Partial<ActorOptions>): Actor
  reaction(definition?: Definition): Promise<Reaction>
  /** Stores an event and a run for it that is due. */
  due(reaction: Reaction, body?: string, event?: Partial<Event>): Promise<string>
  run(id: string): Promise<ReturnType<typeof toRun>>
  /** Once the run is in this state. */
  ended(id: string, state: string): Promise<ReturnType<typeof toRun>>
  attempts(
    id: string,
  ): Promise<{ number: number; outcome: string; errorCode: string | null; message: string; record: Json }[]>
}
type Json = ReturnType<typeof JSON.parse>

export async function startWorld(t: TestContext): Promise<World> {
  const store = await openStore(t)
  const clock = { aheadMs: 0 }
  const now = () => Date.now() + clock.aheadMs
  const errors: unknown[] = []
  const opened: string[] = []
  const gone: string[] = []
  const reactions = new Map<string, Reaction>()
  const caller = createCaller({
    allowPrivate: parseAllowList([]),
    allowLoopback: true,
    maxConnectionsPerOrigin: 64,
    userAgent: 'signalbox/test',
  })
  t.after(() => caller.close())
  const runOf = async (id: string) => {
    const row = await store.read('run', { id })
    if (!row) throw new Error(`There is no run ${id}`)
    return toRun(row)
  }
  return {
    store,
    clock,
    errors,
    opened,
    gone,
    start(options = {}) {
      const actor = startActor({
        storage: store,
        caller,
        causeKey: deriveKey(randomBytes(32), 'cause'),
        now,
        random: () => 0.5,
        failpoint: () => {},
        hostConcurrency: 8,
        open: ({ definition }) => definition,
        secrets: () => null,
        onSecretsUsed: () => {},
        reactionOf: async id => reactions.get(id) ?? null,
        onAttempt: () => {},
        onGone: ({ reaction }) => gone.push(reaction.id),
        onBreaker: (change, { name }) => void (change === 'closed' || opened.push(name)),
        onError: error => errors.push(error),
        ...options,
      })
      t.after(() => actor.stop())
      return actor
    },
    async reaction(given = {}) {
      const id = newId('rea')
      const definition = someDefinition({ name: id, ...given })
      const row = await store.execute('createReaction', {
        id,
        name: id,
        definition: JSON.stringify(definition),
        state: 'active',
        team: null,
        actor: 'admin',
        atMs: now(),
      })
      const reaction = toReaction(row)
      reactions.set(id, reaction)
      return reaction
    },
    async due(reaction, body = '{"n":1}', change = {}) {
      const bytes = Buffer.from(body)
      const event = someEvent({
        id: newEventId(now()),
        receivedAtMs: now(),
        bodyBytes: bytes.length,
        ...change,
      })
      await store.execute('appendEvent', toAppend(event, bytes))
      const terms = { occasion: 'test', held: false, actor: 'admin', leaseUntilMs: null, nowMs: now() }
      const run = makeRun(reaction, event, terms)
      await store.execute('replayEvent', { eventId: event.id, runs: [run] })
      return run.id
    },
    run: runOf,
    ended: (id, state) =>
      until(`the run is ${state}`, async () => {
        const run = await runOf(id)
        return run.state === state ? run : null
      }),
    async attempts(id) {
      const rows = await store.query('attemptsOfRun', { runId: id })
      return rows.map((row: Json) => ({
        number: row.number,
        outcome: row.outcome,
        errorCode: row.error_code,
        message: row.message,
        record: { ...JSON.parse(row.record), requestBody: row.request, responseBody: row.response },
      }))
    },
  }
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (!done) act()
    done = true
  }
}

export interface Sink {
  url: string
  requests: { method: string; url: string; headers: IncomingMessage['headers']; body: Buffer }[]
  /** Most requests at once. */
  readonly most: number
  readonly underWay: number
}

/** A target: answers as told, 200 if nothing is. */
export async function startSink(
  t: TestContext,
  answer: (count: number, response: ServerResponse, request: IncomingMessage) => void | Promise<void> = (
    _count,
    response,
  ) => void response.end('ok'),
): Promise<Sink> {
  const requests: Sink['requests'] = []
  let underWay = 0
  let most = 0
  const server = createServer(async (request, response) => {
    underWay++
    most = Math.max(most, underWay)
    // Before the answer leaves: the caller may send its next request before `close` is told.
    const leave = once(() => underWay--)
    response.once('close', leave)
    const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse
    response.end = (...given: unknown[]) => {
      leave()
      return end(...given)
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    requests.push({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks),
    })
    await answer(requests.length, response, request)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get most() {
      return most
    },
    get underWay() {
      return underWay
    },
  }
}
