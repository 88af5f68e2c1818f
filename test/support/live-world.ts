// The feed on a real store in a folder of its own, over real WebSockets on the loopback.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import { WebSocket } from 'ws'
import { createEmbeddedBus } from '../../src/bus/embedded/bus.ts'
import type { Bus } from '../../src/bus/port.ts'
import type { ChangeMessage } from '../../src/live/change.ts'
import type { Clock } from '../../src/live/clock.ts'
import { registerLive } from '../../src/live/route.ts'
import type { Viewer } from '../../src/live/viewer.ts'
import { type Configuration, watchConfiguration } from '../../src/storage/configuration-view.ts'
import type { Storage } from '../../src/storage/port.ts'
import { openSqliteStorage } from '../../src/storage/sqlite/storage.ts'

export interface LiveStore {
  storage: Storage
  bus: Bus
  configuration: Configuration
  close(): Promise<void>
}

/** A store that signals each commit, as the app's does. */
export async function openLiveStore(): Promise<LiveStore> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-live-'))
  const bus = createEmbeddedBus()
  const storage = await openSqliteStorage({
    directory,
    readers: 1,
    onCommitted: () => bus.publish('configuration'),
  })
  const configuration = await watchConfiguration(storage, bus)
  return {
    storage,
    bus,
    configuration,
    async close() {
      configuration.stop()
      await bus.close()
      await storage.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export interface ManualClock extends Clock {
  /** Moves the time, and does what falls due on the way. */
  advance(ms: number): void
}

export function manualClock(): ManualClock {
  let now = 1_000_000
  let waiting: { atMs: number; work: () => void }[] = []
  return {
    nowMs: () => now,
    later(work, delayMs) {
      const entry = { atMs: now + delayMs, work }
      waiting.push(entry)
      return () => {
        waiting = waiting.filter(other => other !== entry)
      }
    },
    advance(ms) {
      const endMs = now + ms
      for (;;) {
        const next = waiting.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0]
        if (next === undefined) break
        waiting = waiting.filter(other => other !== next)
        now = Math.max(now, next.atMs)
        next.work()
      }
      now = endMs
    },
  }
}

export interface LiveWorld extends LiveStore {
  server: FastifyInstance
  url: string
  /** The server's ends of the connections that are open now. */
  connections: ReadonlySet<Socket>
  /** Faults of ours that the feed ran into. */
  faults: unknown[]
}

/** Who says "admin" is one, who says "visitor" may see the endpoints that follow, and "foreign" is another site. */
export async function identifyByHeader({
  headers,
}: {
  headers: IncomingHttpHeaders
}): Promise<Viewer | null> {
  if (headers.origin !== undefined) {
    throw Object.assign(new Error('The page is of another site'), { statusCode: 403 })
  }
  const [kind, ...endpointIds] = (headers.authorization ?? '').split(' ')
  if (kind === 'admin') return { kind: 'member', sees: { events: 'all', runs: 'all', configuration: 'all' } }
  return kind === 'visitor' ? { kind, endpointIds: new Set(endpointIds) } : null
}

export async function startLiveWorld(
  identify: (request: { headers: IncomingHttpHeaders }) => Promise<Viewer | null> = identifyByHeader,
): Promise<LiveWorld> {
  const store = await openLiveStore()
  const faults: unknown[] = []
  const server = Fastify({ forceCloseConnections: true })
  await registerLive(server, { ...store, identify, onError: error => void faults.push(error) })
  server.post('/echo', async request => ({ body: request.body }))
  const connections = new Set<Socket>()
  server.server.on('connection', socket => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  await server.listen({ host: '127.0.0.1', port: 0 })
  return {
    ...store,
    server,
    url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    connections,
    faults,
    async close() {
      await server.close()
      await store.close()
      assert.deepEqual(faults, [], 'the feed ran into nothing')
    },
  }
}

export type Told =
  | { type: 'frame'; cursor: string; changes: ChangeMessage[] }
  | { type: 'subscribed' | 'caught-up'; cursor: string }
  | { type: 'behind'; cursor: string; skipped: { events: number; runs: number } }
  | { type: 'error'; code: string; detail: string }
  | { type: 'pong' }

export interface Client {
  socket: WebSocket
  told: Told[]
  say(message: unknown): void
  /** Resolves with the first message that fits, told already or still to come. */
  hears<T extends Told['type']>(
    type: T,
    fits?: (told: Extract<Told, { type: T }>) => boolean,
  ): Promise<Extract<Told, { type: T }>>
  /** All changes so far, in order. */
  changes(): ChangeMessage[]
  /** Resolves when at least so many changes were told. */
  hearsChanges(count: number): Promise<ChangeMessage[]>
  closed: Promise<{ code: number; reason: string }>
}

export async function connect(
  world: Pick<LiveWorld, 'url'>,
  headers: Record<string, string> = { authorization: 'admin' },
): Promise<Client> {
  const socket = new WebSocket(`${world.url.replace('http', 'ws')}/api/live`, {
    headers,
    perMessageDeflate: false,
  })
  const told: Told[] = []
  const checks = new Set<() => void>()
  const closed = new Promise<{ code: number; reason: string }>(resolve =>
    socket.on('close', (code, reason) => {
      resolve({ code, reason: reason.toString() })
      for (const check of checks) check()
    }),
  )
  socket.on('message', (data, isBinary) => {
    assert.equal(isBinary, false)
    told.push(JSON.parse((data as Buffer).toString('utf8')) as Told)
    for (const check of checks) check()
  })
  await once(socket, 'open')

  function when<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = find()
        const isOver = socket.readyState === WebSocket.CLOSED
        if (found === undefined && !isOver) return
        checks.delete(check)
        if (found === undefined) reject(new Error(`The connection ended; told: ${JSON.stringify(told)}`))
        else resolve(found)
      }
      checks.add(check)
      check()
    })
  }
  const changes = () => told.flatMap(message => (message.type === 'frame' ? message.changes : []))
  return {
    socket,
    told,
    say: message => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    hears: <T extends Told['type']>(
      type: T,
      fits: (told: Extract<Told, { type: T }>) => boolean = () => true,
    ) =>
      when(() =>
        told.find(
          (message): message is Extract<Told, { type: T }> =>
            message.type === type && fits(message as Extract<Told, { type: T }>),
        ),
      ),
    changes,
    hearsChanges: count => when(() => (changes().length >= count ? changes() : undefined)),
    closed,
  }
}

/** Connects and subscribes; resolves when the server has said so. */
export async function follow(
  world: Pick<LiveWorld, 'url'>,
  { filter = {}, cursor = null, headers }: FollowOptions = {},
): Promise<Client> {
  const client = await connect(world, headers)
  client.say({ type: 'subscribe', filter, cursor })
  await client.hears('subscribed')
  return client
}

interface FollowOptions {
  filter?: object
  cursor?: string | null
  headers?: Record<string, string>
}
