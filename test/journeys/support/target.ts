import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { until } from '../../kill/support/until.ts'
import { atEnd, type Scope } from './at-end.ts'

/** A request as it reached a target. */
export interface Received {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer
  atMs: number
}

export interface Reply {
  status: number
  body?: string
  headers?: Record<string, string>
}

/** Something that reactions call. */
export interface Target {
  url: string
  received: Received[]
  /** What a request is answered from now on; `hang` leaves it without an answer. */
  answer(received: Received): Reply | 'hang' | Promise<Reply | 'hang'>
  /** Nothing listens any more, until `up`. */
  down(): Promise<void>
  /** Listens again, at the same address. */
  up(): Promise<void>
  /** Waits until so many requests have come. */
  have(count: number, deadlineMs?: number): Promise<Received[]>
}

export async function startTarget(scope: Scope, chosen: { port?: number } = {}): Promise<Target> {
  const sockets = new Set<Socket>()
  let server: Server | null = null
  let port = chosen.port ?? 0
  const target: Target = {
    url: '',
    received: [],
    answer: () => ({ status: 200, body: 'thank you' }),
    async down() {
      const closing = server
      server = null
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => (closing === null ? resolve() : closing.close(() => resolve())))
    },
    async up() {
      const opening = createServer((request, response) => {
        void (async () => {
          const received = await read(request)
          target.received.push(received)
          const reply = await target.answer(received)
          if (reply !== 'hang') response.writeHead(reply.status, reply.headers).end(reply.body ?? '')
        })().catch(() => request.socket.destroy())
      })
      opening.on('connection', socket => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
      })
      server = opening
      await new Promise<void>((resolve, reject) =>
        opening.once('error', reject).listen(port, '127.0.0.1', resolve),
      )
      port = (opening.address() as AddressInfo).port
    },
    have: (count, deadlineMs = 15_000) =>
      until(
        () =>
          `the target has ${count} requests. It has: ${target.received.map(({ method, path }) => `${method} ${path}`).join(', ')}`,
        () => (target.received.length >= count ? target.received : null),
        { deadlineMs },
      ),
  }
  await target.up()
  target.url = `http://127.0.0.1:${port}`
  atEnd(scope, target.down)
  return target
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
  )
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers,
    body: Buffer.concat(chunks),
    atMs: Date.now(),
  }
}
