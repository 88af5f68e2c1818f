import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../kill/support/until.ts'
import { send } from './support/ask.ts'
import { atEnd, type Scope } from './support/at-end.ts'
import type { Endpoint } from './support/shapes.ts'
import { type Signalbox, startSignalbox } from './support/signalbox.ts'

const timeoutMs = 2_000
/** Node looks for late ones once a second; the rest is what a busy machine may take. */
const endsWithinMs = timeoutMs + 5_000
const timeouts = ['headers', 'body', 'keep-alive'].flatMap(name => [
  `--${name}-timeout-ms`,
  String(timeoutMs),
])

interface Slow {
  socket: Socket
  openedAtMs: number
  closedAtMs: number | null
  bytes: number
  text: string
}

function open(scope: Scope, url: string): Slow {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  const slow: Slow = { socket, openedAtMs: performance.now(), closedAtMs: null, bytes: 0, text: '' }
  const ended = () => (slow.closedAtMs ??= performance.now())
  socket.on('data', (chunk: Buffer) => {
    slow.bytes += chunk.length
    if (slow.text.length < 4096) slow.text += chunk.toString('latin1')
  })
  // What it has been told to end, it still holds half open: the other side must not wait for it.
  socket.on('end', ended).on('close', ended).on('error', ended)
  atEnd(scope, () => void socket.destroy())
  return slow
}

const head = (endpoint: Endpoint, length: number) =>
  `POST ${new URL(endpoint.url).pathname} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\n`

/** A character at a time, until the other side has had enough. */
async function drip(slow: Slow, text: string): Promise<void> {
  for (const one of text) {
    if (slow.closedAtMs !== null || slow.socket.destroyed) return
    slow.socket.write(one)
    await pause(100)
  }
}

const ways: Record<string, (slow: Slow, endpoint: Endpoint) => void> = {
  'says nothing': () => {},
  'sends its headers a character at a time': (slow, endpoint) =>
    void drip(slow, `${head(endpoint, 0)}X-Long: ${'x'.repeat(1000)}`),
  'stalls in the middle of its body': ({ socket }, endpoint) =>
    void socket.write(`${head(endpoint, 1000)}\r\nonly this`),
  'sends its body a character at a time': (slow, endpoint) => {
    slow.socket.write(`${head(endpoint, 1000)}\r\n`)
    void drip(slow, 'x'.repeat(1000))
  },
  'falls silent after its headers': ({ socket }, endpoint) =>
    void socket.write(`${head(endpoint, 1000)}\r\n`),
}

/** As the process itself counts them. */
async function connections(box: Signalbox): Promise<number> {
  const { text } = await box.ask('GET', '/metrics')
  const found = /^nodejs_active_resources\{type="TCPSocketWrap"\} (\d+)$/m.exec(text)?.[1]
  assert.ok(found, 'the metrics count the connections')
  return Number(found)
}

/** How long a sender waits for its 202 who does nothing wrong. */
async function honest(endpoint: Endpoint): Promise<number> {
  const startedAtMs = performance.now()
  assert.equal((await send(endpoint.url, '{"n":1}')).status, 202)
  return performance.now() - startedAtMs
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
const ofEach = 80

test('hundreds of slow senders are told 408 in bounded time, and honest ones beside them wait for none', async t => {
  const box = await startSignalbox(t, { args: timeouts })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', {
    name: 'in',
    authentication: [{ type: 'none' }],
  })
  const alone: number[] = []
  while (alone.length < 30) alone.push(await honest(endpoint))
  const slow = Object.entries(ways).flatMap(([way, begin]) =>
    Array.from({ length: ofEach }, () => {
      const one = open(t, box.url)
      begin(one, endpoint)
      return { way, one }
    }),
  )
  const besideMs: number[] = []
  while (slow.some(({ one }) => one.closedAtMs === null)) {
    besideMs.push(await honest(endpoint))
    assert.ok(performance.now() - slow[0]!.one.openedAtMs < 60_000, 'they are all closed within a minute')
    await pause(10)
  }
  const [aloneMs, typicalMs] = [median(alone), median(besideMs)]
  t.diagnostic(
    `${besideMs.length} honest requests beside ${slow.length} slow senders took ${typicalMs.toFixed(1)} ms, alone ${aloneMs.toFixed(1)} ms (medians)`,
  )
  assert.ok(typicalMs < aloneMs * 3 + 50, `an honest sender waited ${typicalMs} ms, alone ${aloneMs} ms`)
  for (const { way, one } of slow) {
    assert.match(
      one.text,
      /^HTTP\/1\.1 408 /,
      `who ${way} was answered ${JSON.stringify(one.text.slice(0, 200))}`,
    )
    const tookMs = one.closedAtMs! - one.openedAtMs
    assert.ok(tookMs >= timeoutMs - 100 && tookMs < endsWithinMs, `who ${way} was closed after ${tookMs} ms`)
  }
  await until(
    () => 'no connection is left open on their side',
    async () => (await connections(box)) < 10,
    {
      deadlineMs: 10_000,
    },
  )
})

test('who stays without asking more, or does not take an answer, loses the connection', async t => {
  const idleMs = 5_000
  const args = ['--keep-alive-timeout-ms', String(timeoutMs), '--idle-timeout-ms', String(idleMs)]
  const box = await startSignalbox(t, { args: [...args, '--max-body-bytes', '33554432'] })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', {
    name: 'in',
    authentication: [{ type: 'none' }],
  })
  const idle = Array.from({ length: 100 }, () => {
    const one = open(t, box.url)
    one.socket.write(`${head(endpoint, 2)}\r\nhi`)
    return one
  })
  await until(
    () => 'the idle ones are closed',
    () => idle.every(one => one.closedAtMs !== null),
    { deadlineMs: 20_000 },
  )
  for (const one of idle) {
    assert.match(one.text, /^HTTP\/1\.1 202 /)
    const tookMs = one.closedAtMs! - one.openedAtMs
    assert.ok(tookMs >= timeoutMs - 100 && tookMs < endsWithinMs, `closed after ${tookMs} ms`)
    one.socket.destroy()
  }

  const large = 16 * 1024 * 1024
  const { id } = (await send(endpoint.url, 'x'.repeat(large))).json() as { id: string }
  const asking = `GET /api/events/${id}/body HTTP/1.1\r\nHost: ${new URL(box.url).host}\r\nAuthorization: Bearer ${box.token}\r\n\r\n`
  const deaf = Array.from({ length: 3 }, () => {
    const one = open(t, box.url)
    one.socket.pause()
    one.socket.write(asking)
    return one
  })
  // What the system has taken for them counts as progress once; then the connection stands still.
  await pause(2 * idleMs + 3_000)
  for (const one of deaf) one.socket.resume()
  await until(
    () => 'they see that it was closed',
    () => deaf.every(one => one.closedAtMs !== null),
    { deadlineMs: 10_000 },
  )
  for (const one of deaf) assert.ok(one.bytes > 0 && one.bytes < large, `${one.bytes} bytes came`)
  assert.equal((await send(endpoint.url, 'still there')).status, 202)
})

test('beyond the most connections a further one is closed, and served again when there is room', async t => {
  const box = await startSignalbox(t, { args: [...timeouts, '--max-connections', '20'] })
  const many = Array.from({ length: 60 }, () => open(t, box.url))
  await until(
    () => 'forty are closed at once',
    () => many.filter(one => one.closedAtMs !== null).length >= 40,
    {
      deadlineMs: timeoutMs - 300,
    },
  )
  await until(
    () => 'the others are closed for being slow',
    () => many.every(one => one.closedAtMs !== null),
    {
      deadlineMs: 10_000,
    },
  )
  for (const { socket } of many) socket.destroy()
  assert.equal((await box.ask('GET', '/api/status')).status, 200)
})
