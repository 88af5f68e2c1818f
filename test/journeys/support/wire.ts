// HTTP as bytes: what a client writes, and what a target reads, header case and all.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { until } from '../../kill/support/until.ts'
import { atEnd, type Scope } from './at-end.ts'

export interface WireAnswer {
  status: number
  headers: string[]
  body: string
}

/** Writes a request as it stands, but for `HOST`, and reads until the other side ends. */
export async function overTheWire(url: string, head: string, body = ''): Promise<WireAnswer> {
  const { hostname, port, host } = new URL(url)
  const chunks: Buffer[] = []
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    socket.once('error', reject).once('close', () => resolve())
    socket.on('data', chunk => chunks.push(chunk))
    const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
    const lines = [...head.replace('HOST', host).trimEnd().split('\n'), ...length, 'Connection: close']
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  })
  const text = Buffer.concat(chunks).toString('utf8')
  const [start = '', ...headers] = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n')
  return { status: Number(start.split(' ')[1]), headers, body: unchunked(text, headers) }
}

function unchunked(text: string, headers: readonly string[]): string {
  const rest = text.slice(text.indexOf('\r\n\r\n') + 4)
  if (!headers.some(line => /^transfer-encoding: chunked$/i.test(line))) return rest
  let body = ''
  for (let bytes = Buffer.from(rest); ; ) {
    const end = bytes.indexOf('\r\n')
    const length = Number.parseInt(bytes.subarray(0, end).toString(), 16)
    if (!(length > 0)) return body
    body += bytes.subarray(end + 2, end + 2 + length).toString('utf8')
    bytes = bytes.subarray(end + 4 + length)
  }
}

export interface WireRequest {
  line: string
  /** As they came: their case, their order, each line of a repeated one. */
  headers: string[]
  body: string
}

export interface WireTarget {
  url: string
  received: WireRequest[]
  /** The whole answer; a 200 unless a test says otherwise. */
  answer(request: WireRequest): string
  have(count: number): Promise<WireRequest[]>
}

export async function startWireTarget(scope: Scope): Promise<WireTarget> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket.once('close', () => sockets.delete(socket)).on('error', () => socket.destroy()))
    let text = Buffer.alloc(0)
    socket.on('data', chunk => {
      text = Buffer.concat([text, chunk])
      const request = readRequest(text)
      if (request === null) return
      text = Buffer.alloc(0)
      target.received.push(request)
      socket.write(target.answer(request))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const target: WireTarget = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    answer: () => 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    have: count =>
      until(
        () => `the target has ${count} requests; it has ${JSON.stringify(target.received)}`,
        () => (target.received.length >= count ? target.received : null),
      ),
  }
  atEnd(scope, async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise<void>(resolve => server.close(() => resolve()))
  })
  return target
}

/** Null until the whole of it is there. */
function readRequest(bytes: Buffer): WireRequest | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return null
  const [line = '', ...headers] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const length = Number(/^content-length: *(\d+)$/im.exec(headers.join('\n'))?.[1] ?? 0)
  const body = bytes.subarray(end + 4)
  return body.length < length ? null : { line, headers, body: body.toString('utf8') }
}
