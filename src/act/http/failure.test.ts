import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { codeOf, connectFailure, exchangeFailure, tlsFailure } from './failure.ts'
import type { FailureCode, OutgoingRequest } from './outgoing.ts'
import { answerOf, errorOf, fakeDns, get, openWorld, post } from './test-world.ts'

/** What a server does with a request, and what the caller makes of it. */
const answers: [
  name: string,
  FailureCode,
  message: RegExp,
  (socket: Socket) => void,
  Partial<OutgoingRequest>?,
][] = [
  ['hangs up without a word', 'target.reset', /closed the connection before/, socket => socket.end()],
  ['resets the connection', 'target.reset', /may or may not have acted/, socket => socket.resetAndDestroy()],
  ['hangs up in mid-headers', 'target.reset', /closed/, socket => socket.end('HTTP/1.1 200 OK\r\nContent-')],
  [
    'hangs up in mid-body',
    'target.reset',
    /closed/,
    socket => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'),
  ],
  [
    'hangs up in mid-chunk',
    'target.reset',
    /closed|not HTTP/,
    socket => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'),
  ],
  [
    'resets in mid-body',
    'target.reset',
    /closed/,
    socket =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', () => socket.resetAndDestroy()),
  ],
  [
    'resets a body that would end with the connection',
    'target.reset',
    /closed/,
    socket =>
      socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc', () =>
        setImmediate(() => socket.resetAndDestroy()),
      ),
  ],
  [
    'does not speak HTTP',
    'target.bad-answer',
    /is not HTTP\/1\.1/,
    socket => socket.write('220 mail.example ESMTP\r\n'),
  ],
  [
    'speaks binary',
    'target.bad-answer',
    /is not HTTP\/1\.1/,
    socket => socket.write(Buffer.from([0x15, 0x03, 0x01, 0, 2, 2, 70])),
  ],
  ['speaks HTTP/2', 'target.bad-answer', /is not HTTP\/1\.1/, socket => socket.write('HTTP/2 200\r\n\r\n')],
  [
    'has a bad status',
    'target.bad-answer',
    /is not HTTP\/1\.1/,
    socket => socket.write('HTTP/1.1 2x0 OK\r\n\r\n'),
  ],
  [
    'has a bad header',
    'target.bad-answer',
    /is not HTTP\/1\.1/,
    socket => socket.write('HTTP/1.1 200 OK\r\nA B: c\r\n\r\n'),
  ],
  [
    'hangs up in mid-body, as it announced for the end',
    'target.bad-answer',
    /not as long as announced/,
    socket => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nabc'),
  ],
  [
    'gives two lengths',
    'target.bad-answer',
    /not as long as announced/,
    socket => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
  ],
  [
    'gives a length and chunks',
    'target.bad-answer',
    /not as long as announced/,
    socket =>
      socket.write(
        'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
      ),
  ],
  [
    'sends chunks of no size',
    'target.bad-answer',
    /is not HTTP\/1\.1/,
    socket => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'),
  ],
  [
    'sends one huge header',
    'target.bad-answer',
    /more than 16 KiB/,
    socket => socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`),
  ],
  [
    'says 100 Continue unasked',
    'target.bad-answer',
    /not asked for/,
    socket => socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
  ],
  [
    'switches protocols unasked',
    'target.bad-answer',
    /not asked for/,
    socket =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'),
  ],
  [
    'never answers',
    'target.timeout',
    /cut off after 0\.06 s while waiting for its answer/,
    () => {},
    { timeoutMs: 60 },
  ],
  [
    'stops in mid-body',
    'target.timeout',
    /while reading its answer/,
    socket => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'),
    { timeoutMs: 60 },
  ],
  [
    'closes only its half after part of the headers',
    'target.reset',
    /closed/,
    socket => socket.end('HTTP/1.1 200 OK\r\n'),
    { timeoutMs: 500 },
  ],
]

for (const [name, code, message, onRequest, changes] of answers) {
  test(`a target that ${name} is a ${code}`, async t => {
    const world = openWorld(t)
    const server = await world.raw(socket => socket.once('data', () => onRequest(socket)))
    const result = await world.caller().call(post(server.url, changes))
    const error = errorOf(result)
    assert.equal(error.code, code, error.cause)
    assert.match(error.message, message)
    assert.equal(error.permanent, false)
    assert.ok(result.timings.totalMs > 0)
    assert.equal(server.connections, 1, 'a POST is sent once')
  })
}

/** Writes something each 10 ms for as long as the other side listens. */
function drip(socket: Socket, first: string, piece: string): void {
  socket.write(first)
  const timer = setInterval(() => socket.write(piece), 10)
  socket.once('close', () => clearInterval(timer))
}

for (const [name, first, piece] of [
  ['body', 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', 'x'],
  ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nx\r\n'],
  ['headers', 'HTTP/1.1 200 OK\r\n', 'X-Again: x\r\n'],
  ['interim answers', '', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ['status line', 'HTTP/1.1 200 ', 'O'],
] as const) {
  test(`a target that drips ${name} is cut off at the deadline all the same`, async t => {
    const world = openWorld(t)
    const server = await world.raw(socket => socket.once('data', () => drip(socket, first, piece)))
    const result = await world.caller().call(post(server.url, { timeoutMs: 80 }))
    assert.equal(errorOf(result).code, 'target.timeout')
    assert.ok(result.timings.totalMs >= 75 && result.timings.totalMs < 2_000, String(result.timings.totalMs))
  })
}

test('the deadline covers redirects together', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => {
    setTimeout(() => {
      response.writeHead(302, { location: '/again' })
      response.end()
    }, 20)
  })
  const result = await world.caller().call(get(server.url, { timeoutMs: 90, followRedirects: 1_000 }))
  assert.equal(errorOf(result).code, 'target.timeout')
  assert.ok(result.redirects.length >= 1 && result.redirects.length <= 5)
})

test('nothing listening, no such name, and a silent name server are told apart', async t => {
  const world = openWorld(t)
  const gone = await world.raw(() => {})
  const slowDns = () => new Promise<never>(() => {})
  const busyDns = async () => {
    throw Object.assign(new Error('getaddrinfo EAI_AGAIN x.example'), { code: 'EAI_AGAIN' })
  }
  const refused = errorOf(await world.caller().call(get('http://127.0.0.1:1/')))
  assert.deepEqual([refused.code, refused.permanent], ['target.refused', false])
  assert.match(refused.message, /Nothing listens on 127\.0\.0\.1:1/)
  assert.match(refused.cause, /ECONNREFUSED/)

  const unknown = errorOf(await world.caller({ dnsLookup: fakeDns({}) }).call(get('http://typo.example/')))
  assert.equal(unknown.code, 'target.dns')
  assert.match(unknown.message, /typo\.example does not exist/)

  const busy = errorOf(await world.caller({ dnsLookup: busyDns }).call(get('http://x.example/')))
  assert.equal(busy.code, 'target.dns')
  assert.match(busy.message, /name server gave no answer/)

  const empty = errorOf(
    await world.caller({ dnsLookup: fakeDns({ 'x.example': [] }) }).call(get('http://x.example/')),
  )
  assert.equal(empty.code, 'target.dns')

  const silent = errorOf(
    await world.caller({ dnsLookup: slowDns }).call(get('http://x.example/', { timeoutMs: 40 })),
  )
  assert.equal(silent.code, 'target.timeout')
  assert.match(silent.message, /while looking up the name/)
  assert.equal(gone.connections, 0)
})

test('port 0 and a port that speaks no TLS are errors like any other', async t => {
  const world = openWorld(t)
  const server = await world.raw(socket =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  )
  assert.ok(errorOf(await world.caller().call(get('http://127.0.0.1:0/'))).code.startsWith('target.'))
  const plain = errorOf(await world.caller().call(get(server.url.replace('http:', 'https:'))))
  assert.equal(plain.code, 'target.tls')
  assert.match(plain.message, /does not speak TLS/)
})

test('a kept connection that is closed as it is used again: a GET is sent once more, a POST is not', async t => {
  const world = openWorld(t)
  let requests = 0
  const server = await world.raw(socket => {
    let onThisSocket = 0
    socket.on('data', () => {
      requests += 1
      onThisSocket += 1
      if (onThisSocket === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      else socket.resetAndDestroy()
    })
  })
  const caller = world.caller()
  assert.equal(answerOf(await caller.call(get(server.url))).status, 200)
  assert.equal(answerOf(await caller.call(get(server.url))).status, 200)
  assert.deepEqual([requests, server.connections], [3, 2])

  assert.equal(errorOf(await caller.call(post(server.url))).code, 'target.reset')
  assert.deepEqual([requests, server.connections], [4, 2])
})

test('a GET that is reset twice is an error: it is sent again once, never more', async t => {
  const world = openWorld(t)
  let requests = 0
  const server = await world.raw(socket => {
    socket.on('data', () => {
      requests += 1
      if (requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      else socket.resetAndDestroy()
    })
  })
  const caller = world.caller()
  await caller.call(get(server.url))
  assert.equal(errorOf(await caller.call(get(server.url))).code, 'target.reset')
  assert.equal(requests, 3)
})

test('a GET on a fresh connection that is reset is not sent again', async t => {
  const world = openWorld(t)
  const server = await world.raw(socket => socket.once('data', () => socket.resetAndDestroy()))
  assert.equal(errorOf(await world.caller().call(get(server.url))).code, 'target.reset')
  assert.equal(server.connections, 1)
})

test('a connection that the target closed while it was idle costs nothing, also a POST', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => {
    response.end('ok')
    response.once('finish', () => response.socket?.end())
  })
  const caller = world.caller()
  for (let round = 0; round < 5; round++) {
    assert.equal(answerOf(await caller.call(post(server.url))).status, 200)
    await new Promise(resolve => setImmediate(resolve))
  }
})

test('a thousand dead targets leave nothing behind', async t => {
  const world = openWorld(t)
  const caller = world.caller()
  const results = await Promise.all(
    Array.from({ length: 1_000 }, (_, index) =>
      caller.call(post(`http://127.0.${index % 250}.${1 + (index >> 8)}:1/`)),
    ),
  )
  assert.deepEqual(new Set(results.map(result => errorOf(result).code)), new Set(['target.refused']))
  await caller.close()
  const open = () => process.getActiveResourcesInfo().filter(name => /^(TCP|TLS|Timeout)/.test(name))
  for (let turn = 0; turn < 1_000 && open().length > 0; turn++)
    await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(open(), [])
})

test('what the machine says is put into sentences', () => {
  const coded = (code: string) => Object.assign(new Error(`it said ${code}`), { code })
  assert.equal(connectFailure(coded('EHOSTUNREACH'), 'h:1').code, 'target.unreachable')
  assert.equal(connectFailure(coded('ETIMEDOUT'), 'h:1').code, 'target.timeout')
  assert.match(connectFailure(coded('EMFILE'), 'h:1').message, /operator raises the limit/)
  assert.equal(
    connectFailure(new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]), 'h:1').code,
    'target.refused',
  )
  assert.match(
    connectFailure(new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]), 'h:1').cause,
    /ECONNREFUSED.*ENETUNREACH/,
  )
  assert.equal(connectFailure('what?', 'h:1').code, 'target.failed')
  assert.equal(exchangeFailure(coded('ETIMEDOUT'), 'h').code, 'target.timeout')
  assert.equal(exchangeFailure(coded('E_NEW'), 'h').code, 'target.failed')
  assert.equal(
    tlsFailure(coded('E_NEW'), 'h').message,
    'No TLS connection to h could be made: it said E_NEW.',
  )
  assert.equal(codeOf(new AggregateError([])), '')
})
