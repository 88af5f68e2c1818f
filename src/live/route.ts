import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Clock, systemClock } from './clock.ts'
import { createHub, type HubOptions } from './hub.ts'
import { closeCodes, maxMessageBytes } from './protocol.ts'
import type { Viewer } from './viewer.ts'
import type { Watcher } from './watcher.ts'

export interface LiveOptions extends Omit<HubOptions, 'clock'> {
  /**
   * Who a request is from; null: nobody, which is answered with 401. What it throws (a foreign origin, an unknown
   * host) is answered by the error handler of the scope. Asked again every 30 s while a watcher is connected.
   */
  identify(request: { headers: IncomingHttpHeaders }): Promise<Viewer | null>
  clock?: Clock
  /** Where Signalbox is mounted; nothing for the root. */
  basePath?: string
}

const path = '/api/live'
const maxWatchers = 10_000
/** Anybody can be a visitor: they leave room for whoever is signed in. */
const maxVisitors = 2_000
/** A watcher that does not answer to being closed is not waited for any longer. */
const closeGraceMs = 1000

type Watch = typeof import('./watcher.ts').watch
/** Loaded for the first watcher: what checks their messages is 300 modules, 75 ms of the start. */
const loadWatch = async (): Promise<Watch> => (await import('./watcher.ts')).watch

/** ④ live: mounts the WebSocket feed at GET /api/live. Closing the server closes the watchers with 1001. */
export async function registerLive(fastify: FastifyInstance, options: LiveOptions): Promise<void> {
  const clock = options.clock ?? systemClock
  const hub = createHub({ ...options, clock })
  const watchers = new Map<Watcher, Viewer>()
  const admitted = new WeakMap<FastifyRequest, { viewer: Viewer; watch: Watch }>()
  upgradeOnlyHere(fastify, [path, (options.basePath ?? '') + path])

  await fastify.register(async scope => {
    await scope.register(websocket, {
      options: { maxPayload: maxMessageBytes, perMessageDeflate: false },
      // ws has answered a broken message with a close frame already; what is left is a fault of ours.
      errorHandler(error, socket) {
        if (socket.readyState !== socket.OPEN) return
        options.onError(error)
        socket.close(closeCodes.internal, 'the feed failed')
      },
      // The plugin's own would wait for ever on watchers that do not answer; below is ours.
      preClose: done => done(),
    })
    scope.addHook('preClose', async () => {
      scope.websocketServer.close()
      await closeAll([...watchers.keys()], clock)
    })
    scope.route({
      method: 'GET',
      url: path,
      schema: { hide: true },
      async preValidation(request, reply) {
        const viewer = await options.identify(request)
        if (viewer === null) return refuse(reply, 'access.unauthenticated')
        if (isFull(watchers, viewer)) return refuse(reply, 'live.full')
        admitted.set(request, { viewer, watch: await loadWatch() })
      },
      handler: (_request, reply) => refuse(reply, 'live.upgrade-required'),
      wsHandler(socket, request) {
        const { viewer, watch } = admitted.get(request) ?? {}
        if (viewer === undefined || watch === undefined) return socket.close(closeCodes.internal)
        const { headers } = request
        const watcher = watch(socket, {
          hub,
          viewer,
          clock,
          identifyAgain: () => options.identify({ headers }),
          onError: options.onError,
        })
        watchers.set(watcher, viewer)
        void watcher.closed.then(() => watchers.delete(watcher))
      },
    })
  })
}

/**
 * Node hands every request that asks for an upgrade to whoever listens for upgrades, without its body. Some senders
 * (Java's HttpClient) offer HTTP/2 in that way with every first request: theirs stay ordinary requests.
 */
function upgradeOnlyHere({ server }: FastifyInstance, paths: readonly string[]): void {
  Object.assign(server, {
    shouldUpgradeCallback: ({ headers, url }: IncomingMessage) =>
      headers.upgrade?.toLowerCase() === 'websocket' && paths.includes(url?.split('?', 1)[0] ?? ''),
  })
}

function isFull(watchers: ReadonlyMap<Watcher, Viewer>, viewer: Viewer): boolean {
  if (watchers.size < maxVisitors) return false
  if (viewer.kind === 'member') return watchers.size >= maxWatchers
  return watchers.values().reduce((count, { kind }) => count + (kind === 'visitor' ? 1 : 0), 0) >= maxVisitors
}

async function closeAll(watchers: readonly Watcher[], clock: Clock): Promise<void> {
  for (const watcher of watchers) watcher.close(closeCodes.goingAway, 'Signalbox is stopping')
  const cancel = clock.later(() => watchers.forEach(watcher => watcher.terminate()), closeGraceMs)
  await Promise.all(watchers.map(({ closed }) => closed))
  cancel()
}

const refusals = {
  'access.unauthenticated': {
    status: 401,
    title: 'Not signed in',
    detail: 'The feed needs a token, an API key or a session, or a visitor’s own endpoint',
  },
  'live.full': {
    status: 503,
    title: 'Too many watchers',
    detail: `This Signalbox has as many watchers as it takes (${maxWatchers}); connect again later`,
  },
  'live.upgrade-required': {
    status: 426,
    title: 'A WebSocket',
    detail: `${path} is a WebSocket; connect with a WebSocket client`,
  },
} as const

function refuse(reply: FastifyReply, code: keyof typeof refusals): FastifyReply {
  const { status, title, detail } = refusals[code]
  if (status === 426) reply.header('upgrade', 'websocket')
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="signalbox"')
  const problem = { type: `/docs/errors#${code}`, title, status, code, detail }
  return reply.code(status).type('application/problem+json').send(JSON.stringify(problem))
}
