import assert from 'node:assert/strict'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { parseAllowList } from './address-guard.ts'
import { type Caller, type CallerOptions, createCaller } from './call.ts'
import type { OutgoingAnswer, OutgoingError, OutgoingRequest, OutgoingResult } from './outgoing.ts'

/** Real servers on loopback, callers, and at the end of the test the proof that no socket was left open. */
export interface World {
  http(onRequest: (request: IncomingMessage, response: ServerResponse) => void): Promise<TestServer>
  /** Answers with whatever it writes to the socket. */
  raw(onSocket: (socket: Socket) => void): Promise<TestServer>
  listen(server: Server, host?: string): Promise<TestServer>
  caller(options?: Partial<Omit<CallerOptions, 'allowPrivate'>> & { allow?: string[] }): Caller
}

export interface TestServer {
  url: string
  port: number
  /** How many sockets it has seen. */
  readonly connections: number
}

/** Generous: only a test that fails waits for it. */
const leakDeadlineMs = 3_000

export function openWorld(t: TestContext): World {
  const callers: Caller[] = []
  const servers: Server[] = []
  const sockets = new Map<Socket, Promise<void>>()

  const listen = async (server: Server, host = '127.0.0.1'): Promise<TestServer> => {
    let connections = 0
    server.on('connection', (socket: Socket) => {
      connections += 1
      socket.on('error', () => {})
      sockets.set(socket, new Promise(resolve => socket.once('close', () => resolve())))
    })
    servers.push(server)
    await new Promise<void>(resolve => server.listen(0, host, resolve))
    const { port } = server.address() as AddressInfo
    return {
      url: `http://${host}:${port}`,
      port,
      get connections() {
        return connections
      },
    }
  }

  t.after(async () => {
    await Promise.all(callers.map(caller => caller.close()))
    const allClosed = Promise.all(sockets.values())
    const outcome = await Promise.race([allClosed.then(() => 'closed'), delay(leakDeadlineMs)])
    for (const socket of sockets.keys()) socket.destroy()
    await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
    assert.equal(outcome, 'closed', 'the caller left a socket open')
  })

  return {
    listen,
    http: onRequest => listen(createHttpServer(onRequest)),
    raw: onSocket => listen(createTcpServer(onSocket)),
    caller: ({ allow = [], ...options } = {}) => {
      const caller = createCaller({
        allowPrivate: parseAllowList(allow),
        allowLoopback: true,
        maxConnectionsPerOrigin: 8,
        userAgent: 'Signalbox/test',
        ...options,
      })
      callers.push(caller)
      return caller
    },
  }
}

const delay = (ms: number): Promise<string> =>
  new Promise(resolve => {
    setTimeout(() => resolve('late'), ms).unref()
  })

export const get = (url: string, changes: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  method: 'GET',
  url,
  headers: [],
  body: null,
  timeoutMs: 5_000,
  followRedirects: 0,
  insecure: false,
  proxyUrl: null,
  maxAnswerBytes: 65_536,
  ...changes,
})

export const post = (url: string, changes: Partial<OutgoingRequest> = {}): OutgoingRequest =>
  get(url, { method: 'POST', body: '{"n":1}', ...changes })

export function answerOf(result: OutgoingResult): OutgoingAnswer {
  assert.ok(result.ok, `no answer: ${JSON.stringify(result)}`)
  return result
}

export function errorOf(result: OutgoingResult): OutgoingError['error'] {
  assert.ok(!result.ok, `an answer where none was expected: ${JSON.stringify(result)}`)
  return result.error
}

/** Names that resolve as a test wants; every other does not exist. */
export function fakeDns(names: Record<string, string[]>): CallerOptions['dnsLookup'] & { asked: string[] } {
  const asked: string[] = []
  const lookup = async (hostname: string) => {
    asked.push(hostname)
    const addresses = names[hostname]
    if (!addresses) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' })
    return addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  return Object.assign(lookup, { asked })
}

export async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}
