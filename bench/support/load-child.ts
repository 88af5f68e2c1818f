import { connect, type Socket } from 'node:net'
import { monotonicMs } from './clock.ts'

/**
 * A sender in a process of its own: plain sockets with requests made ahead, so that measuring costs little. Gets a
 * Load by message, answers with Sent. A journal keeps when each request left, when it was answered and with which id.
 */
export interface Load {
  port: number
  /** Requests go to each in turn. */
  paths: readonly string[]
  headers: Record<string, string>
  body: string
  connections: number
  /** Requests a second, at fixed times; null: each connection sends as soon as it was answered. */
  rate: number | null
  durationMs: number
  /** Stop earlier, after this many. */
  count: number | null
}

export interface Sent {
  /** By request: the place of its path, when it was to leave, how long until its answer (ms), the status, the event's id. */
  pathAt: number[]
  startedAt: number[]
  tookMs: number[]
  statuses: number[]
  ids: string[]
  elapsedMs: number
}

interface Connection {
  socket: Socket
  busy: boolean
  pathAt: number
  startedAt: number
  buffer: string
}

const head = Buffer.from('\r\n\r\n')

async function run(load: Load): Promise<Sent> {
  const requests = load.paths.map(path => requestBytes(load, path))
  const sent: Sent = { pathAt: [], startedAt: [], tookMs: [], statuses: [], ids: [], elapsedMs: 0 }
  const startedAt = monotonicMs()
  const endAt = startedAt + load.durationMs
  let left = load.count ?? Number.POSITIVE_INFINITY
  let underWay = 0
  const idle: Connection[] = []
  const due: number[] = []
  let finish!: () => void
  const finished = new Promise<void>(resolve => (finish = resolve))
  let stopped = false
  let nextPathAt = 0

  const send = (connection: Connection, at: number) => {
    connection.busy = true
    connection.startedAt = at
    connection.pathAt = nextPathAt++ % requests.length
    underWay++
    left--
    connection.socket.write(requests[connection.pathAt]!)
  }
  const next = (connection: Connection) => {
    connection.busy = false
    if (load.rate === null) {
      if (left > 0 && monotonicMs() < endAt) return send(connection, monotonicMs())
    } else if (due.length > 0) return send(connection, due.shift()!)
    else idle.push(connection)
    if (underWay === 0 && (load.rate === null || stopped)) finish()
  }
  const answered = (connection: Connection, status: number, body: string) => {
    underWay--
    sent.pathAt.push(connection.pathAt)
    sent.startedAt.push(connection.startedAt)
    sent.tookMs.push(monotonicMs() - connection.startedAt)
    sent.statuses.push(status)
    sent.ids.push(/"id":"([^"]+)"/.exec(body)?.[1] ?? '')
    next(connection)
  }
  const connections = await Promise.all(
    Array.from({ length: load.connections }, () => open(load.port, answered)),
  )
  for (const connection of connections) {
    if (load.rate === null) next(connection)
    else idle.push(connection)
  }
  if (load.rate !== null) {
    const stepMs = 1000 / load.rate
    let nextAt = startedAt
    const tick = () => {
      const now = monotonicMs()
      for (; nextAt <= now && nextAt < endAt && due.length + underWay < left; nextAt += stepMs) {
        const connection = idle.pop()
        if (connection) send(connection, nextAt)
        else due.push(nextAt)
      }
      if (nextAt < endAt && left > 0) return void setTimeout(tick, Math.max(0, nextAt - monotonicMs() - 0.5))
      stopped = true
      if (underWay === 0) finish()
    }
    tick()
  }
  await finished
  sent.elapsedMs = monotonicMs() - startedAt
  for (const { socket } of connections) socket.destroy()
  return sent
}

function requestBytes({ headers, body }: Load, path: string): Buffer {
  const lines = Object.entries({
    host: '127.0.0.1',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  })
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  )
}

function open(
  port: number,
  answered: (connection: Connection, status: number, body: string) => void,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const connection: Connection = { socket, busy: false, pathAt: 0, startedAt: 0, buffer: '' }
    socket.once('connect', () => resolve(connection))
    socket.once('error', reject)
    socket.on('data', chunk => {
      connection.buffer += chunk.toString('latin1')
      const end = connection.buffer.indexOf(head.toString())
      if (end === -1) return
      const length = Number(/content-length: *(\d+)/i.exec(connection.buffer.slice(0, end))?.[1] ?? 0)
      if (connection.buffer.length < end + 4 + length) return
      const text = connection.buffer
      connection.buffer = ''
      answered(connection, Number(text.slice(9, 12)), text.slice(end + 4))
    })
  })
}

process.on('message', (load: Load) => void run(load).then(sent => process.send!(sent)))
