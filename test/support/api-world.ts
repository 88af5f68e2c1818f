// The native API on a real store in a folder of its own, with a clock that the test moves.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify, { type FastifyInstance, type InjectOptions, type LightMyRequestResponse } from 'fastify'
import { createReadSecrets } from '../../src/act/secrets.ts'
import { rehearse } from '../../src/act/rehearse.ts'
import { auditedStorage } from '../../src/api/audited.ts'
import { errorTable } from '../../src/api/errors.ts'
import { registerApi } from '../../src/api/register.ts'
import type { Services } from '../../src/api/services.ts'
import { createProxies } from '../../src/api/proxies.ts'
import { createSignInTokens } from '../../src/api/sign-in.ts'
import { createTrial } from '../../src/api/trial.ts'
import { createEmbeddedBus } from '../../src/bus/embedded/bus.ts'
import { readConfig, sourcesOf } from '../../src/config.ts'
import type { Event } from '../../src/core/event.ts'
import { newEventId } from '../../src/core/ids.ts'
import { deriveKey } from '../../src/core/cause.ts'
import { createSealer, hashToken, newToken } from '../../src/core/seal.ts'
import { createAccept } from '../../src/ingest/accept.ts'
import { defaultSetting } from '../../src/practice/behaviour.ts'
import { createPracticeTarget } from '../../src/practice/target.ts'
import { makeRun } from '../../src/react/make-run.ts'
import { replay } from '../../src/react/replay.ts'
import { startRetention } from '../../src/retention.ts'
import { secretKeys } from '../../src/keys.ts'
import { startRotation } from '../../src/secrets/rotation.ts'
import { watchConfiguration } from '../../src/storage/configuration-view.ts'
import { toRun } from '../../src/storage/rows.ts'
import { openSqliteStorage } from '../../src/storage/sqlite/storage.ts'

export interface World {
  server: FastifyInstance
  services: Services
  adminToken: string
  clock: { nowMs: number }
  /** Faults of ours that requests ran into. */
  faults: unknown[]
  /** As the administrator, by token; `null` as nobody. */
  call(method: string, url: string, body?: unknown, as?: Caller | null): Promise<Answer>
  inject(options: InjectOptions): Promise<LightMyRequestResponse>
  /** Puts an event into the store, as if it had come. */
  event(change?: Partial<Event>, body?: string | Uint8Array): Promise<Event>
  /** React's part: the event is reacted to, and these reactions fired on it. Answers the ids of their runs. */
  react(event: Event, reactionIds?: string[]): Promise<string[]>
  /** A visitor with one endpoint. */
  visitor(): Promise<{ caller: Caller; endpointId: string; viewKey: string }>
  close(): Promise<void>
}

/** What a test reads out of an answer, unchecked. */
type Json = ReturnType<typeof JSON.parse>

export interface Caller {
  headers: Record<string, string>
}

export interface Answer {
  status: number
  headers: LightMyRequestResponse['headers']
  body: Json
}

export const startMs = Date.UTC(2026, 10, 21, 6, 50)

export async function startWorld(
  args: string[] = [],
  replace: (services: Services) => Partial<Services> = () => ({}),
): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-api-'))
  const clock = { nowMs: startMs }
  const faults: unknown[] = []
  const config = readConfig(['--data', directory, ...args], {})
  const bus = createEmbeddedBus()
  const storage = auditedStorage(await openSqliteStorage({ directory, readers: 1 }))
  const configuration = await watchConfiguration(storage, bus)
  const adminToken = newToken('admin')
  await storage.execute('setInstallation', { key: 'adminTokenHash', value: hashToken(adminToken) })
  const now = () => clock.nowMs
  const sealer = createSealer(Buffer.alloc(32, 7))
  const retention = startRetention({
    storage,
    settings: { keepDays: config.keepEventsDays, maxBytes: null },
    now,
    onError: error => void faults.push(error),
  })
  const base: Services = {
    config,
    sources: sourcesOf(['--data', directory, ...args], {}),
    storage,
    configuration,
    sealer,
    rotation: startRotation({
      keys: secretKeys(config),
      keyring: sealer,
      storage,
      now,
      failpoint: () => {},
      onError: error => void faults.push(error),
    }),
    proxies: createProxies(config.trustedProxies),
    retention,
    disk: { level: 'ok', freeBytes: 9e9, totalBytes: 10e9, note: null },
    trial: createTrial({ listeningHost: config.host, publicUrl: config.publicUrl, onEnd: () => {} }),
    now,
    accept: createAccept({ storage, offer: () => {}, failpoint: () => {} }),
    rehearse: (definition, sample) =>
      rehearse(
        definition,
        sample,
        { causeKey: deriveKey(Buffer.alloc(32, 9), 'signalbox-cause'), nowMs: now() },
        createReadSecrets(storage, sealer),
      ),
    async replay(event, body, on, actor) {
      const { maxHops } = config
      const replayed = await replay({ storage, configuration, maxHops, now }, { event, body, ...on, actor })
      const rows = await Promise.all(replayed.runIds.map(id => storage.read('run', { id })))
      return { ...replayed, runs: rows.flatMap(row => (row === null ? [] : [toRun(row)])) }
    },
    // Nothing takes requests from outside here.
    deliverSample: async () => ({ answer: { status: 404, body: '' }, sampled: { eventId: null, told: [] } }),
    lanes: () => [],
    practice: createPracticeTarget({
      setting: defaultSetting,
      now,
      senderOf: async () => null,
      onError: error => void faults.push(error),
    }),
    baseUrl: () => config.publicUrl ?? 'http://127.0.0.1:4620',
    signIn: createSignInTokens(now),
    onError: error => void faults.push(error),
    wakeJobs: () => {},
    wakeSources: () => {},
    startedAtMs: startMs,
    organizationId: 'org_0123456789abcdef',
  }
  const services: Services = { ...base, ...replace(base) }
  const server = Fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 600 } })
  checkAnswers(server)
  await registerApi(server, services)
  await server.ready()

  const inject = (options: InjectOptions) =>
    server.inject({ ...options, headers: { host: '127.0.0.1:4620', ...options.headers } })
  const admin: Caller = { headers: { authorization: `Bearer ${adminToken}` } }
  const call = async (method: string, url: string, body?: unknown, as: Caller | null = admin) => {
    const response = await inject({
      method,
      url,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...as?.headers,
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    })
    return { status: response.statusCode, headers: response.headers, body: bodyOf(response) }
  }
  return {
    server,
    services,
    adminToken,
    clock,
    faults,
    call,
    inject,
    async event(change = {}, body = '{"ok": "hello"}') {
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
      const event = { ...plainEvent(clock.nowMs), bodyBytes: bytes.length, ...change }
      await services.accept(event, bytes)
      return event
    },
    async react(event, reactionIds = []) {
      const terms = { occasion: '', actor: 'react', leaseUntilMs: null, nowMs: clock.nowMs }
      const runs = reactionIds.flatMap(id => {
        const reaction = configuration.reactions.get(id)
        return reaction ? [makeRun(reaction, event, { ...terms, held: reaction.state === 'paused' })] : []
      })
      const reacted = await storage.execute('commitReacted', {
        partition: 0,
        position: event.position,
        configVersion: configuration.version,
        runs,
        ownEvents: [],
      })
      assert.equal(reacted.stale, false)
      return runs.map(run => run.id)
    },
    async visitor() {
      const made = await call('POST', '/api/visitor-endpoints', {}, null)
      assert.equal(made.status, 201, JSON.stringify(made.body))
      const cookie = String(made.headers['set-cookie']).split(';', 1)[0]!
      const headers = { cookie, 'sec-fetch-site': 'same-origin' }
      return { caller: { headers }, endpointId: made.body.endpoint.id, viewKey: made.body.viewKey }
    },
    async close() {
      await server.close()
      configuration.stop()
      await retention.stop()
      await storage.close()
      await bus.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const bodyOf = (response: LightMyRequestResponse): Json =>
  /\bjson\b/.test(String(response.headers['content-type'])) ? response.json() : response.body

/**
 * Two promises of every answer, whichever test asks for it: nothing that a handler gave is lost in its schema, and an
 * error is a problem with a code of the table.
 */
function checkAnswers(server: FastifyInstance): void {
  const given = new WeakMap<object, unknown>()
  server.addHook('preSerialization', async (request, _reply, payload) => {
    given.set(request, JSON.parse(JSON.stringify(payload)))
    return payload
  })
  server.addHook('onSend', async (request, reply, payload) => {
    if (given.has(request)) assert.deepEqual(JSON.parse(String(payload)), given.get(request), request.url)
    if (reply.statusCode >= 400 && request.url !== '/readyz') {
      assert.match(String(reply.getHeader('content-type')), /^application\/problem\+json/, request.url)
      const problem = JSON.parse(String(payload))
      assert.equal(errorTable[problem.code as keyof typeof errorTable]?.status, reply.statusCode)
      assert.ok(problem.title && problem.detail)
    }
    return payload
  })
}

function plainEvent(nowMs: number): Event {
  return {
    id: newEventId(nowMs),
    position: 0,
    receivedAtMs: nowMs,
    kind: { type: 'external', name: 'webhook.received' },
    targets: [{ type: 'endpoint', value: 'orders' }],
    owner: { type: 'endpoint', name: 'orders' },
    error: null,
    team: null,
    actor: 'endpoint',
    endpointId: null,
    cause: null,
    hops: 0,
    request: {
      method: 'POST',
      path: '/hooks/orders',
      query: 'a=1',
      headers: { 'content-type': 'application/json', 'x-twice': ['a', 'b'], ['__proto__']: 'plain' },
      params: { id: '7' },
      sender: '127.0.0.1',
      verified: 'none',
      deliveryId: null,
    },
    contentType: 'application/json',
    bodyBytes: 0,
  }
}
