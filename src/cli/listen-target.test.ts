import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { forward, outgoingOf, parseListenTarget } from './listen-target.ts'
import type { Event } from './shapes.ts'
import { event } from './testing/examples.ts'

test('a target is a port, a host and port with or without a path, or a URL', () => {
  for (const [given, path, url] of [
    ['3000', undefined, 'http://localhost:3000/'],
    ['3000', '/in', 'http://localhost:3000/in'],
    ['localhost:3000/a?b=1', undefined, 'http://localhost:3000/a?b=1'],
    ['[::1]:3000', undefined, 'http://[::1]:3000/'],
    ['https://dev.example/a#b', '/c d', 'https://dev.example/c%20d'],
  ] as const)
    assert.equal(parseListenTarget(given, path).href, url)
  for (const given of ['', 'http://', 'http://user@host/', '99999999', '::::', 'a b'])
    assert.throws(() => parseListenTarget(given, undefined), /is no port and no URL/, given)
  assert.throws(() => parseListenTarget('3000', 'in'), /does not begin with \//)
})

type Request = NonNullable<Event['request']>
const received = (change: Partial<Request>): Event => ({
  ...event,
  request: { ...event.request!, query: '', headers: {}, ...change },
})
const target = new URL('http://localhost:3000/in')

test('a request goes on with its method, its query and its headers, but those of the connection', () => {
  const headers = {
    host: 'hooks.example.com',
    connection: 'close',
    'content-length': '7',
    'transfer-encoding': 'chunked',
    'x-twice': ['a', 'b'],
    'x-signature': 'sha256=1',
  }
  const outgoing = outgoingOf(received({ method: 'PUT', query: 'a=%20&a', headers }), target, 'r_1')
  assert.deepEqual(outgoing, {
    method: 'PUT',
    url: 'http://localhost:3000/in?a=%20&a',
    headers: [
      ['x-twice', 'a'],
      ['x-twice', 'b'],
      ['x-signature', 'sha256=1'],
      ['signalbox-run', 'r_1'],
    ],
    withheld: [],
  })
  const own = new URL('http://localhost:3000/?own=1')
  assert.equal(outgoingOf(received({ query: 'a=1' }), own, 'r_1').url, 'http://localhost:3000/?own=1&a=1')
})

test('what Signalbox does not keep is left out and named; an inflated body is called what it is', () => {
  const headers = { authorization: '•••', 'content-encoding': 'gzip', 'x-a': '1' }
  const inflated = { encoding: 'gzip', bytes: 3 }
  const outgoing = outgoingOf(received({ headers, inflated }), target, 'r_1')
  assert.deepEqual(outgoing.withheld, ['authorization'])
  assert.deepEqual(
    outgoing.headers.map(([name]) => name),
    ['x-a', 'signalbox-run'],
  )
})

async function listening(
  context: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const send = (url: string, headers: [string, string][] = [], timeoutMs = 5_000) =>
  forward({ method: 'POST', url, headers, withheld: [] }, Buffer.from('abc'), { timeoutMs, insecure: false })

test('an answer is taken with its headers, and the first 64 KiB of its body', async context => {
  const long = 'x'.repeat(100_000)
  const url = await listening(context, (_request, response) => {
    response
      .writeHead(
        418,
        'I am a teapot',
        [
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ].flat(),
      )
      .end(long)
  })
  const incoming = await send(url)
  assert.ok('status' in incoming)
  assert.deepEqual(
    [incoming.status, incoming.statusText, incoming.bodyBytes],
    [418, 'I am a teapot', 100_000],
  )
  assert.equal(incoming.body, long.slice(0, 64 * 1024))
  const cookies = incoming.headers.filter(([name]) => name === 'set-cookie')
  assert.deepEqual(cookies, [
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
  ])
})

test('no answer says why', async context => {
  const hangs = await listening(context, () => {})
  const breaksOff = await listening(context, request => request.socket.destroy())
  const inTheMidst = await listening(context, (_request, response) => {
    response.writeHead(200, { 'content-length': 10 }).write('abc')
    setImmediate(() => response.destroy())
  })
  const odd = await listening(context, request => request.socket.end('HTTP/1.1 042 Odd\r\n\r\n'))
  const gone = await listening(context, () => {})
  const closed = gone.replace(/:\d+/, ':1')
  for (const [sending, code] of [
    [send(hangs, [], 100), 'target.timeout'],
    [send(breaksOff), 'target.reset'],
    [send(inTheMidst), 'target.reset'],
    [send(odd), 'target.failed'],
    [send(closed), 'target.refused'],
    [send('http://nothing.invalid/'), 'target.dns'],
    [send(hangs, [['x-odd', 'line\nbreak']]), 'target.bad-header'],
  ] as const) {
    const incoming = await sending
    assert.ok('code' in incoming, JSON.stringify(incoming))
    assert.equal(incoming.code, code, incoming.message)
    assert.ok(incoming.message.length > 10)
  }
})
