import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { atEnd, type Scope } from './at-end.ts'

export interface ReverseProxyOptions {
  /** Where Signalbox listens. */
  target(): URL
  /** What is below this path is passed on. */
  basePath: string
  /** Whether Signalbox gets to see the base path. */
  prefix: 'kept' | 'stripped'
}

/** A proxy as nginx is usually set up: it adds the address of who asks, says how it was asked, and passes upgrades. */
export async function startReverseProxy(
  scope: Scope,
  { target, basePath, prefix }: ReverseProxyOptions,
): Promise<{ url: string }> {
  const sockets = new Set<Socket>()
  const pathOf = ({ url = '/' }: IncomingMessage): string | null => {
    if (url !== basePath && !url.startsWith(`${basePath}/`)) return null
    return prefix === 'kept' ? url : url.slice(basePath.length) || '/'
  }
  const headersOf = ({ headers, socket }: IncomingMessage) => ({
    ...headers,
    'x-forwarded-for': [headers['x-forwarded-for'] ?? [], socket.remoteAddress].flat().join(', '),
    'x-forwarded-proto': 'http',
    'x-forwarded-host': headers.host,
  })
  const pass = (incoming: IncomingMessage, answer: ServerResponse) => {
    const path = pathOf(incoming)
    if (path === null) return void answer.writeHead(404).end('another site of this host')
    const { hostname, port } = target()
    const { method } = incoming
    const outgoing = request({ hostname, port, method, path, headers: headersOf(incoming), agent: false })
    outgoing.on('response', response => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
    })
    outgoing.on('error', () => answer.destroy())
    incoming.pipe(outgoing)
  }
  const server = createServer(pass)
  server.on('connection', socket => sockets.add(socket))
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    const { hostname, port } = target()
    const upstream = connect(Number(port), hostname, () => {
      const headers = Object.entries(headersOf(incoming)).map(([name, value]) => `${name}: ${String(value)}`)
      upstream.write(`GET ${pathOf(incoming) ?? '/'} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    sockets.add(upstream)
    for (const one of [socket, upstream]) one.on('error', () => one.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  atEnd(scope, async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise(resolve => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}` }
}
