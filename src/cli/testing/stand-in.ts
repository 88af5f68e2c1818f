import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { type WebSocket, WebSocketServer } from 'ws'

/** A server that speaks as much of the API as a test asks of it. */

export interface Received {
  method: string
  /** With its query. */
  path: string
  headers: IncomingMessage['headers']
  body: string
  json: unknown
}

/** An object is sent as JSON with 200; for anything else say the status. */
type Reply =
  | object
  | { status: number; problem?: object; text?: string; json?: object; headers?: Record<string, string> }

export interface StandIn {
  url: string
  token: string
  received: Received[]
  /** Watchers that came to /api/live, oldest first. */
  onWatcher(listener: (socket: WebSocket, request: IncomingMessage) => void): void
  /** Breaks every connection and answers nobody until `listen` is called again. */
  close(): Promise<void>
  listen(): Promise<void>
}

export const adminToken = 'sba_test-token'

/** Routes are `METHOD /path`, without the query; another token than the stand-in's is a 401. Closed with the test. */
export async function startStandIn(
  context: TestContext,
  routes: Record<string, Reply | ((request: Received) => Reply)>,
): Promise<StandIn> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const body = (await buffer(request)).toString('utf8')
    const { method = '', url = '' } = request
    const one = { method, path: url, headers: request.headers, body, json: parse(body) }
    received.push(one)
    const reply = answerTo(routes, one)
    const isRaw = 'status' in reply && typeof reply.status === 'number'
    const {
      status = 200,
      problem,
      text,
      json,
      headers = {},
    } = (isRaw ? reply : { json: reply }) as {
      status?: number
      problem?: object
      text?: string
      json?: object
      headers?: Record<string, string>
    }
    response.writeHead(status, {
      'content-type': problem ? 'application/problem+json' : 'application/json',
      ...headers,
    })
    response.end(text ?? (problem || json ? JSON.stringify(problem ?? json) : ''))
  })
  const sockets = new WebSocketServer({ noServer: true })
  let watcher: (socket: WebSocket, request: IncomingMessage) => void = () => {}
  server.on('upgrade', (request, socket, head) => {
    if (request.headers.authorization !== `Bearer ${adminToken}`) {
      const text = JSON.stringify(unauthorized.problem)
      socket.end(
        `HTTP/1.1 401 Unauthorized\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`,
      )
      return
    }
    sockets.handleUpgrade(request, socket, head, ws => watcher(ws, request))
  })

  let port = 0
  const listen = (): Promise<void> =>
    new Promise(resolve => {
      server.listen(port, '127.0.0.1', () => {
        port = (server.address() as AddressInfo).port
        resolve()
      })
    })
  const close = (): Promise<void> =>
    new Promise(resolve => {
      for (const socket of sockets.clients) socket.terminate()
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await listen()
  context.after(close)
  return {
    url: `http://127.0.0.1:${port}`,
    token: adminToken,
    received,
    onWatcher(listener) {
      watcher = listener
    },
    close,
    listen,
  }
}

const unauthorized = {
  status: 401,
  problem: {
    title: 'Not signed in',
    status: 401,
    code: 'access.unauthorized',
    detail: 'The token is not known.',
  },
}
const notFound = {
  status: 404,
  problem: { title: 'Not found', status: 404, code: 'not-found', detail: 'There is nothing with this name.' },
}

function answerTo(routes: Record<string, Reply | ((request: Received) => Reply)>, request: Received): Reply {
  const path = request.path.replace(/\?.*$/, '')
  if (path.startsWith('/api/') && request.headers.authorization !== `Bearer ${adminToken}`)
    return unauthorized
  const route = routes[`${request.method} ${path}`]
  if (route === undefined) return notFound
  return typeof route === 'function' ? route(request) : route
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
