import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { answerOf, errorOf, fakeDns, get, openWorld, post, readBody } from './test-world.ts'

const lines = (raw: string[]): string[] =>
  raw.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${raw[at + 1]}`] : []))

test('a request leaves as it was given and the answer is recorded as it came', async t => {
  const world = openWorld(t)
  let seen: { method?: string; url?: string; headers: string[]; body: string } | null = null
  const server = await world.http(async (request, response) => {
    const { method = '', url = '', rawHeaders } = request
    seen = { method, url, headers: lines(rawHeaders), body: await readBody(request) }
    response.writeHead(
      201,
      'Made It',
      [
        ['Set-Cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['X-Odd', 'caf\u00e9'],
      ].flat(),
    )
    response.end('thanks')
  })
  const result = answerOf(
    await world.caller().call(
      post(`${server.url}/hook/%7Bid%7D?a=b%20c&d=%2f#not-sent`, {
        headers: [
          ['X-Casing-KEPT', 'one'],
          ['x-casing-kept', 'two'],
          ['Content-Type', 'application/json'],
          ['X-Empty', ''],
        ],
        body: '{"name":"Zoë"}',
      }),
    ),
  )
  assert.deepEqual(seen, {
    method: 'POST',
    url: '/hook/%7Bid%7D?a=b%20c&d=%2f',
    headers: [
      `host: 127.0.0.1:${server.port}`,
      'connection: keep-alive',
      'X-Casing-KEPT: one',
      'x-casing-kept: two',
      'Content-Type: application/json',
      'X-Empty: ',
      'User-Agent: Signalbox/test',
      'content-length: 15',
    ],
    body: '{"name":"Zoë"}',
  })
  assert.equal(result.status, 201)
  assert.equal(result.statusText, 'Made It')
  assert.deepEqual(
    result.headers.filter(([name]) => name.toLowerCase() === 'set-cookie'),
    [
      ['Set-Cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ],
  )
  assert.equal(result.body.toString(), 'thanks')
  assert.equal(result.bodyTruncated, false)
  assert.equal(result.bodyBytes, 6)
  assert.equal(result.remoteAddress, '127.0.0.1')
  assert.deepEqual(result.redirects, [])
  const { dnsMs = -1, connectMs = -1, firstByteMs = -1, totalMs } = result.timings
  assert.ok(
    dnsMs >= 0 && connectMs >= 0 && firstByteMs >= connectMs && totalMs >= firstByteMs,
    JSON.stringify(result.timings),
  )
})

test('header values leave as UTF-8', async t => {
  const world = openWorld(t)
  const server = await world.http((request, response) =>
    response.end(Buffer.from(String(request.headers['x-name']), 'latin1')),
  )
  const result = answerOf(await world.caller().call(get(server.url, { headers: [['X-Name', 'Zoë 🚦']] })))
  assert.equal(result.body.toString(), 'Zoë 🚦')
})

test('a 4xx or 5xx is an answer, not an error', async t => {
  const world = openWorld(t)
  const server = await world.http((request, response) => {
    response.statusCode = Number(request.url?.slice(1))
    response.end()
  })
  const caller = world.caller()
  for (const status of [200, 204, 304, 400, 404, 410, 429, 500, 503]) {
    assert.equal(answerOf(await caller.call(get(`${server.url}/${status}`))).status, status)
  }
})

test('a reaction’s own User-Agent replaces ours, and user:password in the URL becomes Basic credentials', async t => {
  const world = openWorld(t)
  const server = await world.http((request, response) =>
    response.end(`${request.headers['user-agent']} ${request.headers.authorization}`),
  )
  const caller = world.caller()
  const withUser = server.url.replace('//', '//ann:p%40ss@')
  assert.equal(
    answerOf(await caller.call(get(withUser, { headers: [['user-AGENT', 'mine']] }))).body.toString(),
    `mine Basic ${Buffer.from('ann:p@ss').toString('base64')}`,
  )
  const given = answerOf(await caller.call(get(withUser, { headers: [['Authorization', 'Bearer x']] })))
  assert.equal(given.body.toString(), 'Signalbox/test Bearer x')
})

test('headers that belong to the connection are left out, whatever the reaction says', async t => {
  const world = openWorld(t)
  const server = await world.http(async (request, response) =>
    response.end(JSON.stringify([request.rawHeaders, await readBody(request)])),
  )
  const headers: [string, string][] = [
    ['Content-Length', '999'],
    ['Transfer-Encoding', 'chunked'],
    ['Connection', 'close'],
    ['Expect', '100-continue'],
    ['Upgrade', 'h2c'],
    ['TE', 'trailers'],
  ]
  const [raw, body] = JSON.parse(
    answerOf(await world.caller().call(post(server.url, { headers }))).body.toString(),
  )
  assert.deepEqual(raw, [
    'host',
    `127.0.0.1:${server.port}`,
    'connection',
    'keep-alive',
    'User-Agent',
    'Signalbox/test',
    'content-length',
    '7',
  ])
  assert.equal(body, '{"n":1}')
})

test('a gzip answer is recorded as it is, and none is asked for', async t => {
  const world = openWorld(t)
  const zipped = gzipSync('hello '.repeat(50))
  const server = await world.http((request, response) => {
    assert.equal(request.headers['accept-encoding'], undefined)
    response.writeHead(200, { 'content-encoding': 'gzip' })
    response.end(zipped)
  })
  assert.deepEqual(answerOf(await world.caller().call(get(server.url))).body, zipped)
})

test('HEAD, and GET with a body, work', async t => {
  const world = openWorld(t)
  const server = await world.http(async (request, response) => {
    response.setHeader('content-length', '5')
    response.end(request.method === 'HEAD' ? undefined : (await readBody(request)).padEnd(5))
  })
  const caller = world.caller()
  assert.equal(answerOf(await caller.call(get(server.url, { method: 'HEAD' }))).bodyBytes, 0)
  assert.equal(
    answerOf(await caller.call(get(server.url, { body: Buffer.from('abc') }))).body.toString(),
    'abc  ',
  )
})

test('interim answers are passed over', async t => {
  const world = openWorld(t)
  const server = await world.raw(socket =>
    socket.once('data', () =>
      socket.write(
        'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      ),
    ),
  )
  const result = answerOf(await world.caller().call(post(server.url)))
  assert.deepEqual(
    [result.status, result.body.toString(), result.headers],
    [200, 'ok', [['Content-Length', '2']]],
  )
})

test('an open connection is used again, and its opening is not timed twice', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => response.end('x'))
  const caller = world.caller()
  const first = answerOf(await caller.call(post(server.url)))
  const second = answerOf(await caller.call(post(server.url)))
  assert.equal(server.connections, 1)
  assert.ok(first.timings.connectMs !== undefined)
  assert.ok(second.timings.connectMs === undefined && second.timings.dnsMs === undefined)
})

test('no more connections than allowed are opened to one origin; the other calls wait their turn', async t => {
  const world = openWorld(t)
  const held: ServerResponse[] = []
  const server = await world.http((_request, response) => {
    held.push(response)
    if (held.length === 3) for (const one of held.splice(0)) one.end()
  })
  const caller = world.caller({ maxConnectionsPerOrigin: 3 })
  const results = await Promise.all(Array.from({ length: 30 }, () => caller.call(post(server.url))))
  assert.deepEqual(new Set(results.map(result => answerOf(result).status)), new Set([200]))
  assert.equal(server.connections, 3)
})

test('a call that waits for a connection leaves at its deadline, and the next one gets the connection', async t => {
  const world = openWorld(t)
  const arrived = Promise.withResolvers<() => void>()
  const server = await world.http((request, response) => {
    if (request.url === '/slow') arrived.resolve(() => response.end('slow'))
    else response.end('fast')
  })
  const caller = world.caller({ maxConnectionsPerOrigin: 1 })
  const slow = caller.call(get(`${server.url}/slow`))
  const answerFirst = await arrived.promise
  const impatient = caller.call(get(`${server.url}/impatient`, { timeoutMs: 30 }))
  const patient = caller.call(get(`${server.url}/patient`))
  const error = errorOf(await impatient)
  assert.equal(error.code, 'target.timeout')
  assert.match(error.message, /all connections to it were busy/)
  answerFirst()
  assert.equal(answerOf(await slow).body.toString(), 'slow')
  assert.equal(answerOf(await patient).body.toString(), 'fast')
  assert.equal(server.connections, 1)
})

test('when the call before it fails, a waiting call gets a new connection', async t => {
  const world = openWorld(t)
  const server = await world.http((request, response) =>
    request.url === '/bad' ? request.socket.destroy() : response.end('good'),
  )
  const caller = world.caller({ maxConnectionsPerOrigin: 1 })
  const [bad, good] = await Promise.all([
    caller.call(post(`${server.url}/bad`)),
    caller.call(post(`${server.url}/good`)),
  ])
  assert.equal(errorOf(bad).code, 'target.reset')
  assert.equal(answerOf(good).body.toString(), 'good')
})

test('an answer longer than the cap is kept up to it, read to its end, and the connection lives on', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => response.end(Buffer.alloc(300_000, 'x')))
  const caller = world.caller()
  for (let round = 0; round < 2; round++) {
    const result = answerOf(await caller.call(get(server.url, { maxAnswerBytes: 1_000 })))
    assert.deepEqual([result.body.length, result.bodyTruncated, result.bodyBytes], [1_000, true, 300_000])
    assert.equal(result.body.buffer.byteLength, 1_000, 'it owns its memory and holds no more')
  }
  assert.equal(server.connections, 1)
})

test('an answer of exactly the cap is whole; of a cap of 0 nothing is kept', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => response.end('12345'))
  const caller = world.caller()
  const exact = answerOf(await caller.call(get(server.url, { maxAnswerBytes: 5 })))
  assert.deepEqual([exact.body.toString(), exact.bodyTruncated, exact.bodyBytes], ['12345', false, 5])
  const none = answerOf(await caller.call(get(server.url, { maxAnswerBytes: 0 })))
  assert.deepEqual([none.body.toString(), none.bodyTruncated, none.bodyBytes], ['', true, 5])
})

test('an answer without end is cut off and counts', async t => {
  const world = openWorld(t)
  const server = await world.http((request, response) => {
    if (request.url === '/announced') response.setHeader('content-length', '1000000000')
    const chunk = Buffer.alloc(65_536)
    const pump = (): void => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on('drain', pump)
    pump()
  })
  const caller = world.caller()
  const endless = answerOf(await caller.call(get(server.url)))
  assert.deepEqual(
    [endless.status, endless.body.length, endless.bodyTruncated, endless.bodyBytes],
    [200, 65_536, true, null],
  )
  const announced = answerOf(await caller.call(get(`${server.url}/announced`)))
  assert.deepEqual([announced.bodyTruncated, announced.bodyBytes], [true, 1_000_000_000])
})

test('past the cap neither the deadline nor a reset fails the attempt', async t => {
  const world = openWorld(t)
  const server = await world.http((request, response) => {
    response.writeHead(200, { 'content-length': '5000' })
    response.write(Buffer.alloc(2_000), () => {
      if (request.url === '/reset') request.socket.destroy()
    })
  })
  const caller = world.caller()
  for (const path of ['/stalls', '/reset']) {
    const result = answerOf(
      await caller.call(get(server.url + path, { maxAnswerBytes: 1_000, timeoutMs: 100 })),
    )
    assert.deepEqual([result.body.length, result.bodyTruncated, result.bodyBytes], [1_000, true, 5_000], path)
  }
})

test('a call can be aborted before, while connecting, while waiting for a connection, and in mid-answer', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => {
    response.writeHead(200, { 'content-length': '10' })
    response.write('abc', () => midAnswer.abort())
  })
  const midAnswer = new AbortController()
  const caller = world.caller({ maxConnectionsPerOrigin: 1 })
  const before = await caller.call(get(server.url), AbortSignal.abort())
  assert.equal(errorOf(before).code, 'target.aborted')
  assert.equal(server.connections, 0)

  const waiting = new AbortController()
  const first = caller.call(get(server.url), midAnswer.signal)
  const second = caller.call(get(server.url), waiting.signal)
  waiting.abort()
  assert.match(errorOf(await second).message, /busy/)
  assert.match(errorOf(await first).message, /cancelled while (waiting for|reading) its answer/)

  const lookingUp = new AbortController()
  let answerDns = (_addresses: { address: string; family: number }[]): void => {}
  const slowDns = world.caller({ dnsLookup: () => new Promise(resolve => (answerDns = resolve)) })
  const third = slowDns.call(get(`http://slow.example:${server.port}/`), lookingUp.signal)
  lookingUp.abort()
  assert.match(errorOf(await third).message, /cancelled while looking up the name/)
  answerDns([{ address: '127.0.0.1', family: 4 }])
  assert.equal(server.connections, 1, 'no socket is opened for a call that has gone')
})

test('after close, calls under way finish and new ones are refused', async t => {
  const world = openWorld(t)
  let finish = (): void => {}
  const arrived = Promise.withResolvers<void>()
  const server = await world.http((_request, response) => {
    finish = () => response.end('done')
    arrived.resolve()
  })
  const caller = world.caller()
  const underWay = caller.call(post(server.url))
  await arrived.promise
  const closing = caller.close()
  assert.match(errorOf(await caller.call(post(server.url))).message, /shutting down/)
  finish()
  assert.equal(answerOf(await underWay).body.toString(), 'done')
  await closing
})

test('bad methods and headers are errors that say which, and nothing is sent', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => response.end())
  const caller = world.caller()
  const wrong: [Parameters<typeof get>[1], string, RegExp][] = [
    [{ method: 'GET / HTTP/1.1\r\nX: ' }, 'target.bad-method', /is not a method/],
    [{ method: '' }, 'target.bad-method', /is not a method/],
    [{ method: 'CONNECT' }, 'target.bad-method', /is not a method/],
    [{ headers: [['X Y', 'z']] }, 'target.bad-header', /"X Y" is not a header name/],
    [{ headers: [['', 'z']] }, 'target.bad-header', /"" is not a header name/],
    [{ headers: [['Ü', 'z']] }, 'target.bad-header', /"Ü" is not a header name/],
    [{ headers: [['X', 'a\r\nY: b']] }, 'target.bad-header', /value of the header X has a line break/],
    [{ headers: [['X', 'a\nb']] }, 'target.bad-header', /header X/],
    [{ headers: [['X', 'a\0b']] }, 'target.bad-header', /header X/],
    [{ headers: [['X', 'a\u007fb']] }, 'target.bad-header', /header X/],
    [{ proxyUrl: 'ftp://proxy.example' }, 'target.bad-url', /The proxy is not a URL/],
    [{ proxyUrl: 'http://' }, 'target.bad-url', /The proxy is not a URL/],
  ]
  for (const [changes, code, message] of wrong) {
    const error = errorOf(await caller.call(get(server.url, changes)))
    assert.equal(error.code, code, JSON.stringify(changes))
    assert.match(error.message, message)
    assert.equal(error.permanent, true)
  }
  assert.equal(server.connections, 0)
})

test('headers named like what objects inherit are headers like any other', async t => {
  const world = openWorld(t)
  const server = await world.http((request, response) => response.end(request.rawHeaders.join(' ')))
  const result = answerOf(
    await world.caller().call(
      get(server.url, {
        headers: [
          ['__proto__', 'a'],
          ['constructor', 'b'],
        ],
      }),
    ),
  )
  assert.match(result.body.toString(), /__proto__ a constructor b/)
})

test('of the addresses of a name the first that answers is used', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => response.end('here'))
  // Nothing listens on 127.0.0.3.
  const caller = world.caller({ dnsLookup: fakeDns({ 'two.example': ['127.0.0.3', '127.0.0.1'] }) })
  assert.equal(
    answerOf(await caller.call(get(`http://two.example:${server.port}/`))).remoteAddress,
    '127.0.0.1',
  )
})

test('idle connections are bounded over all origins together', async t => {
  const world = openWorld(t)
  const open = new Set<Socket>()
  const server = createServer((_request, response) => response.end())
  server.on('connection', socket => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  const { port } = await world.listen(server, '0.0.0.0')
  const caller = world.caller()
  for (let at = 0; at < 530; at++) {
    answerOf(await caller.call(get(`http://127.0.${1 + Math.floor(at / 200)}.${1 + (at % 200)}:${port}/`)))
  }
  for (let turn = 0; turn < 1_000 && open.size > 512; turn++)
    await new Promise(resolve => setImmediate(resolve))
  assert.equal(open.size, 512)
})

test('a time limit longer than any timer is no limit, not none at all', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => setImmediate(() => response.end()))
  assert.equal(answerOf(await world.caller().call(get(server.url, { timeoutMs: 1e12 }))).status, 200)
})
