import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutgoingRequest } from './outgoing.ts'
import { answerOf, errorOf, fakeDns, get, openWorld, readBody, type World } from './test-world.ts'

/** `/<status>/<n>` redirects to `/<status>/<n-1>`, and `/…/0` answers with what came in. */
async function redirector(world: World, elsewhere?: string) {
  return world.http(async (request, response) => {
    const [, status = '', left = ''] = request.url?.split('/') ?? []
    const { method, headers } = request
    const seen = { method, headers, body: await readBody(request) }
    if (left === '0') response.end(JSON.stringify(seen))
    else {
      const path = `/${status}/${Number(left) - 1}`
      response.writeHead(Number(status), { location: elsewhere ? elsewhere + path : path })
      response.end('moved')
    }
  })
}

const request = (url: string, changes: Partial<OutgoingRequest>) =>
  get(url, {
    followRedirects: 5,
    headers: [
      ['Content-Type', 'text/plain'],
      ['X-Kept', 'yes'],
    ],
    ...changes,
  })

for (const [status, method, then] of [
  [301, 'POST', 'GET'],
  [302, 'POST', 'GET'],
  [303, 'POST', 'GET'],
  [307, 'POST', 'POST'],
  [308, 'POST', 'POST'],
  [301, 'PUT', 'PUT'],
  [302, 'DELETE', 'DELETE'],
  [303, 'PUT', 'GET'],
  [308, 'PATCH', 'PATCH'],
  [302, 'GET', 'GET'],
] as const) {
  test(`${method} redirected with ${status} goes on as ${then}`, async t => {
    const world = openWorld(t)
    const server = await redirector(world)
    const result = answerOf(
      await world.caller().call(request(`${server.url}/${status}/2`, { method, body: 'payload' })),
    )
    const seen = JSON.parse(result.body.toString())
    assert.equal(seen.method, then)
    assert.equal(seen.body, then === 'GET' && method !== 'GET' ? '' : 'payload')
    assert.equal(seen.headers['content-type'], then === 'GET' && method !== 'GET' ? undefined : 'text/plain')
    assert.equal(seen.headers['x-kept'], 'yes')
    assert.deepEqual(result.redirects, [
      { status, location: `/${status}/1`, droppedHeaders: [] },
      { status, location: `/${status}/0`, droppedHeaders: [] },
    ])
  })
}

test('HEAD stays HEAD', async t => {
  const world = openWorld(t)
  const methods: (string | undefined)[] = []
  const server = await world.http(({ method, url }, response) => {
    methods.push(method)
    response.writeHead(url === '/end' ? 200 : 303, { location: '/end' })
    response.end()
  })
  assert.equal(answerOf(await world.caller().call(request(server.url, { method: 'HEAD' }))).status, 200)
  assert.deepEqual(methods, ['HEAD', 'HEAD'])
})

test('a redirect that is not followed is the answer', async t => {
  const world = openWorld(t)
  const server = await redirector(world)
  const result = answerOf(await world.caller().call(get(`${server.url}/302/1`)))
  assert.deepEqual([result.status, result.body.toString(), result.redirects], [302, 'moved', []])
})

test('300, 304 and a redirect that says no place are answers', async t => {
  const world = openWorld(t)
  const server = await world.http((incoming, response) => {
    const status = Number(incoming.url?.slice(1))
    response.writeHead(status, status === 302 ? {} : { location: '/200' })
    response.end()
  })
  for (const status of [300, 304, 302]) {
    assert.equal(answerOf(await world.caller().call(request(`${server.url}/${status}`, {}))).status, status)
  }
})

test('more redirects than allowed are a permanent error that tells the last place', async t => {
  const world = openWorld(t)
  const server = await redirector(world)
  const caller = world.caller()
  assert.equal(
    answerOf(await caller.call(request(`${server.url}/302/3`, { followRedirects: 3 }))).status,
    200,
  )
  const result = await caller.call(request(`${server.url}/302/4`, { followRedirects: 3 }))
  const error = errorOf(result)
  assert.deepEqual([error.code, error.permanent], ['target.too-many-redirects', true])
  assert.match(error.message, /more than 3 times, last to "\/302\/0"/)
  assert.equal(result.redirects.length, 3)
})

const credentials: [string, string][] = [
  ['Authorization', 'Bearer t'],
  ['COOKIE', 'a=b'],
  ['X-Api-Key', 'k'],
  ['Private-Token', 'p'],
  ['webhook-signature', 'v1,x'],
  ['X-Hub-Signature-256', 'sha256=x'],
  ['webhook-id', 'msg_1'],
]

test('on another origin credentials and signatures stay behind, and the record says so', async t => {
  const world = openWorld(t)
  const second = await redirector(world)
  const first = await redirector(world, second.url)
  const result = answerOf(
    await world
      .caller()
      .call(request(`${first.url}/307/1`, { method: 'POST', headers: credentials, body: 'b' })),
  )
  const { headers } = JSON.parse(result.body.toString())
  for (const [name] of credentials.slice(0, -1)) assert.equal(headers[name.toLowerCase()], undefined, name)
  assert.equal(headers['webhook-id'], 'msg_1')
  assert.deepEqual(
    result.redirects.map(({ droppedHeaders }) => droppedHeaders),
    [credentials.slice(0, -1).map(([name]) => name)],
  )
})

test('on the same origin they are kept, also when the URL spells it differently', async t => {
  const world = openWorld(t)
  const server = await world.http((incoming, response) => {
    if (incoming.url === '/end') response.end(JSON.stringify(incoming.headers))
    else {
      response.writeHead(307, { location: `HTTP://127.1:${server.port}/end` })
      response.end()
    }
  })
  const result = answerOf(await world.caller().call(request(server.url, { headers: credentials })))
  assert.equal(JSON.parse(result.body.toString()).authorization, 'Bearer t')
})

test('what was dropped once does not come back, and credentials of the first URL are not carried over', async t => {
  const world = openWorld(t)
  const home = await world.http((incoming, response) => {
    if (incoming.url === '/back') response.end(JSON.stringify(incoming.headers))
    else {
      response.writeHead(307, { location: `${away.url}/` })
      response.end()
    }
  })
  const away = await world.http((incoming, response) => {
    assert.equal(incoming.headers.authorization, undefined)
    response.writeHead(307, { location: `${home.url}/back` })
    response.end()
  })
  const result = answerOf(await world.caller().call(request(home.url.replace('//', '//ann:secret@'), {})))
  assert.equal(JSON.parse(result.body.toString()).authorization, undefined)
})

for (const location of ['file:///etc/passwd', 'javascript:alert(1)', 'http://[::1', 'ftp://127.0.0.1/']) {
  test(`a redirect to ${location} is an error, not followed`, async t => {
    const world = openWorld(t)
    const server = await world.http((_incoming, response) => {
      response.writeHead(302, { location })
      response.end()
    })
    const error = errorOf(await world.caller().call(request(server.url, {})))
    assert.equal(error.code, 'target.bad-url')
    assert.match(error.message, /redirects to/)
  })
}

test('a Location with raw UTF-8 in it is understood', async t => {
  const world = openWorld(t)
  const server = await world.raw(socket =>
    socket.on('data', data => {
      const path = data.toString().split(' ')[1]
      if (path === '/')
        socket.write(Buffer.from('HTTP/1.1 302 Found\r\nLocation: /zoë\r\nContent-Length: 0\r\n\r\n'))
      else socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path?.length}\r\n\r\n${path}`)
    }),
  )
  assert.equal(answerOf(await world.caller().call(request(server.url, {}))).body.toString(), '/zo%C3%AB')
})

test('a redirect to a name that does not exist says so', async t => {
  const world = openWorld(t)
  const server = await world.http((_incoming, response) => {
    response.writeHead(302, { location: 'http://gone.example/' })
    response.end()
  })
  const result = await world.caller({ dnsLookup: fakeDns({}) }).call(request(server.url, {}))
  assert.match(errorOf(result).message, /gone\.example does not exist/)
  assert.equal(result.redirects.length, 1)
})
