// Ingest behind the real server, on a real store; spoken to in bytes, so that nothing is put right on the way.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { openStore, type TestStore } from './store.ts'
import { createEmbeddedBus } from '../../src/bus/embedded/bus.ts'
import { readConfig } from '../../src/config.ts'
import { deriveKey } from '../../src/core/cause.ts'
import { type Endpoint, type EndpointDefinition, mapEndpointSecrets } from '../../src/core/endpoint.ts'
import { newId } from '../../src/core/ids.ts'
import { createSealer, hashToken } from '../../src/core/seal.ts'
import { createServer } from '../../src/server.ts'
import type { CommandInput } from '../../src/storage/port.ts'
import { watchConfiguration } from '../../src/storage/configuration-view.ts'
import { toEvent } from '../../src/storage/rows.ts'
import { createAccept } from '../../src/ingest/accept.ts'
import { openEndpoints } from '../../src/ingest/open-endpoints.ts'
import { registerIngest } from '../../src/ingest/receive.ts'
import { countFormerTokenUses } from '../../src/ingest/former-tokens.ts'
import { countRejections } from '../../src/ingest/rejections.ts'

export const sealer = createSealer(randomBytes(32))
export const causeKey = deriveKey(randomBytes(32), 'cause')

/** `POST /hooks/shop` with a body and headers, one a line. */
export function request(line: string, headers: string[] = [], body: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(body)
  const length = bytes.length > 0 || /^(POST|PUT|PATCH)/.test(line) ? [`Content-Length: ${bytes.length}`] : []
  const head = [`${line} HTTP/1.1`, 'Host: box', ...length, ...headers].join('\r\n')
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), bytes])
}

export interface World {
  store: TestStore
  port: number
  rejections: { flush(): Promise<void> }
  formerTokenUses: { flush(): Promise<void> }
  endpoint(set?: Partial<EndpointDefinition>, row?: Partial<EndpointRow>): Promise<Endpoint['id']>
  set(id: string, set: CommandInput<'updateEndpoint'>['set']): Promise<void>
  /** Sends bytes as they are and reads one answer. */
  send(text: string | Buffer, socket?: Socket): Promise<Answer>
  connect(): Promise<Socket>
  event(id: string): Promise<{ event: ReturnType<typeof toEvent>; body: Buffer }>
  counted(endpointId: string): Promise<{ reason: string; count: number; detail: string; sender: string }[]>
}
export interface EndpointRow {
  path: string
  token: string
  view_key_hash: string | null
}

export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
  json: { id?: string; duplicate?: boolean; code?: string; detail?: string }
}

export async function startWorld(t: TestContext, args: string[] = []): Promise<World> {
  const store = await openStore(t)
  const bus = createEmbeddedBus()
  const configuration = await watchConfiguration(store, bus)
  const config = readConfig(['--port', '0', '--body-timeout-ms', '400', ...args], {})
  const rejections = countRejections(store, Date.now)
  const formerTokenUses = countFormerTokenUses(store, Date.now)
  const server = createServer(config)
  await server.register(scope =>
    registerIngest(scope, {
      endpoints: openEndpoints(configuration, sealer, () => 'https://hub.example'),
      accept: createAccept({ storage: store, offer: () => {}, failpoint: () => {} }),
      rejections,
      formerTokenUses,
      causeKey,
      bodyTimeoutMs: config.bodyTimeoutMs,
      now: Date.now,
    }),
  )
  await server.listen({ host: '127.0.0.1', port: 0 })
  const address = server.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const sockets: Socket[] = []
  t.after(async () => {
    for (const socket of sockets) socket.destroy()
    configuration.stop()
    await rejections.stop()
    await formerTokenUses.stop()
    await server.close()
  })
  const open = async () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    sockets.push(socket)
    await new Promise(resolve => socket.once('connect', resolve))
    return socket
  }
  return {
    store,
    port,
    rejections,
    formerTokenUses,
    connect: open,
    async send(text, socket) {
      const on = socket ?? (await open())
      const answer = readAnswer(on, String(text).startsWith('HEAD '))
      on.write(text)
      return answer
    },
    async endpoint(set = {}, row = {}) {
      const definition: EndpointDefinition = {
        name: 'shop',
        description: '',
        path: null,
        methods: ['POST'],
        authentication: [{ type: 'none' }],
        kindName: 'webhook.received',
        deliveryId: null,
        contentTypes: [],
        eventShape: null,
        allowedAddresses: [],
        allowedOrigins: [],
        allowedRate: null,
        maxBytes: 1000,
        rateLimit: null,
        silentAfterMs: null,
        answer: null,
        ...set,
      }
      const id = newId('ep')
      const stored = await store.execute('createEndpoint', {
        id,
        name: definition.name,
        path: row.path ?? '/hooks/shop',
        state: 'active',
        definition: JSON.stringify(mapEndpointSecrets(definition, sealer.seal)),
        token_hash: hashToken(row.token ?? id),
        token_sealed: sealer.seal(row.token ?? id),
        view_key_hash: row.view_key_hash ?? null,
        team: null,
        actor: 'admin',
        created_at: 0,
        expires_at: null,
        limitOfActor: null,
      })
      await configuration.refresh(stored.config_version)
      return id
    },
    async set(id, set) {
      const row = await store.execute('updateEndpoint', { id, expectedVersion: null, atMs: 1, set })
      await configuration.refresh(row.config_version)
    },
    async event(id) {
      const stored = await store.read('event', { id })
      assert.ok(stored, `there is no event ${id}`)
      return { event: toEvent(stored.event), body: Buffer.from(stored.body) }
    },
    async counted(endpointId) {
      await rejections.flush()
      const [activity] = await store.query('endpointActivity', { endpointIds: [endpointId], nowMs: 0 })
      return (activity?.rejections ?? []).map(row => ({
        reason: row.reason,
        count: row.count,
        detail: row.last_detail,
        sender: row.last_sender,
      }))
    },
  }
}

function readAnswer(socket: Socket, isHead: boolean): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let text = ''
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      if (end === -1) return
      const [first = '', ...lines] = text.slice(0, end).split('\r\n')
      const headers = Object.fromEntries(
        lines.map(line => [
          line.slice(0, line.indexOf(':')).toLowerCase(),
          line.slice(line.indexOf(':') + 2),
        ]),
      )
      const body = text.slice(end + 4)
      const status = Number(first.split(' ')[1])
      if (status === 100) {
        text = body
        return
      }
      if (!isHead && body.length < Number(headers['content-length'] ?? 0)) return
      socket.off('data', take).off('close', fail)
      resolve({
        status,
        headers,
        body,
        json: body.startsWith('{') ? (JSON.parse(body) as Answer['json']) : {},
      })
    }
    const fail = () => reject(new Error(`The connection was closed after ${JSON.stringify(text)}`))
    socket.on('data', take).on('close', fail)
  })
}
