import assert from 'node:assert/strict'
import { createServer as createHttpServer, request as httpRequest } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { parseProxy } from './destination.ts'
import {
  answerOf,
  errorOf,
  fakeDns,
  get,
  openWorld,
  post,
  readBody,
  type TestServer,
  type World,
} from './test-world.ts'

interface TestProxy extends TestServer {
  asked: string[]
}

/** An http proxy whose names all lead to 127.0.0.1. Speaks both of its dialects: whole URLs, and CONNECT. */
async function httpProxy(world: World, authorization?: string): Promise<TestProxy> {
  const asked: string[] = []
  const server = createHttpServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url} ${incoming.headers.host}`)
    if (authorization !== undefined && incoming.headers['proxy-authorization'] !== authorization) {
      response.writeHead(407).end()
      return
    }
    const url = new URL(incoming.url ?? '')
    const { 'proxy-authorization': _, ...headers } = incoming.headers
    const onward = httpRequest({
      host: '127.0.0.1',
      port: url.port,
      path: url.pathname,
      method: incoming.method,
      headers,
      agent: false,
    })
    onward.once('response', answer => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    incoming.pipe(onward)
  })
  server.on('connect', ({ url = '', headers }, socket: Socket) => {
    asked.push(`CONNECT ${url}`)
    if (authorization !== undefined && headers['proxy-authorization'] !== authorization)
      socket.end('HTTP/1.1 407 No\r\n\r\n')
    else if (url.startsWith('forbidden.example'))
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno')
    else join(socket, Number(url.split(':').at(-1)), 'HTTP/1.1 200 Connection established\r\n\r\n')
  })
  return Object.assign(await world.listen(server), { asked })
}

function join(socket: Socket, port: number, greeting: string | Buffer): void {
  const onward = connect(port, '127.0.0.1', () => {
    socket.write(greeting)
    socket.pipe(onward).pipe(socket)
  })
  onward.on('error', () => socket.destroy())
  onward.on('close', () => socket.destroySoon())
  socket.on('close', () => onward.destroy())
}

/** RFC 1928 and 1929, as much as one CONNECT needs. */
async function socksProxy(world: World, password?: string): Promise<TestProxy> {
  const asked: string[] = []
  const server = createServer(async socket => {
    try {
      const [, methods = 0] = await take(socket, 2)
      await take(socket, methods)
      socket.write(Buffer.from([5, password === undefined ? 0 : 2]))
      if (password !== undefined) {
        const [, userLength = 0] = await take(socket, 2)
        const user = await take(socket, userLength)
        const [length = 0] = await take(socket, 1)
        const given = `${user.toString()}:${(await take(socket, length)).toString()}`
        socket.write(Buffer.from([1, given === password ? 0 : 1]))
        if (given !== password) return
      }
      const [, , , kind] = await take(socket, 4)
      const length = kind === 3 ? (await take(socket, 1))[0] : kind === 4 ? 16 : 4
      const host = await take(socket, length ?? 0)
      const port = (await take(socket, 2)).readUInt16BE()
      asked.push(`${kind === 3 ? host.toString() : host.join('.')}:${port}`)
      if (host.toString() === 'forbidden.example') socket.write(Buffer.from([5, 2, 0, 1, 0, 0, 0, 0, 0, 0]))
      else join(socket, port, Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
    } catch {
      socket.destroy()
    }
  })
  return Object.assign(await world.listen(server), { asked })
}

async function take(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const bytes: Buffer | null = length === 0 ? Buffer.alloc(0) : socket.read(length)
    if (bytes) return bytes
    await new Promise<void>((resolve, reject) => {
      socket.once('readable', resolve)
      socket.once('close', () => reject(new Error('closed')))
    })
  }
}

const echo = (world: World) =>
  world.http(async (incoming, response) => {
    response.end(`${incoming.method} ${incoming.url} ${incoming.headers.host} ${await readBody(incoming)}`)
  })

const outside = (port: number, path = '/x') => `http://outside.example:${port}${path}`

test('plain http goes through an http proxy as a request with the whole URL, and the connection is kept', async t => {
  const world = openWorld(t)
  const [target, proxy] = [await echo(world), await httpProxy(world)]
  const caller = world.caller({ dnsLookup: fakeDns({}) })
  for (let round = 0; round < 2; round++) {
    const result = answerOf(await caller.call(post(outside(target.port), { proxyUrl: proxy.url, body: 'b' })))
    assert.equal(result.body.toString(), `POST /x outside.example:${target.port} b`)
  }
  assert.deepEqual(proxy.asked, Array(2).fill(`POST ${outside(target.port)} outside.example:${target.port}`))
  assert.equal(proxy.connections, 1)
})

test('a proxy without a scheme is an http proxy', async t => {
  const world = openWorld(t)
  const [target, proxy] = [await echo(world), await httpProxy(world)]
  const result = await world.caller().call(get(outside(target.port), { proxyUrl: `127.0.0.1:${proxy.port}` }))
  assert.equal(answerOf(result).status, 200)
})

test('https goes through an http proxy in a tunnel', async t => {
  const world = openWorld(t)
  const [target, proxy] = [await world.raw(socket => socket.resume().end()), await httpProxy(world)]
  const result = await world
    .caller()
    .call(get(`https://outside.example:${target.port}/`, { proxyUrl: proxy.url }))
  // The target speaks no TLS: that the handshake got there is what the tunnel is for.
  assert.equal(errorOf(result).code, 'target.tls')
  assert.deepEqual(proxy.asked, [`CONNECT outside.example:${target.port}`])
  assert.equal(target.connections, 1)
})

test('the name goes to a SOCKS5 proxy unresolved, and the connection is kept', async t => {
  const world = openWorld(t)
  const [target, proxy] = [await echo(world), await socksProxy(world)]
  const caller = world.caller({ dnsLookup: fakeDns({}) })
  for (const scheme of ['socks5', 'socks5h', 'socks5']) {
    const result = await caller.call(
      post(outside(target.port), { proxyUrl: `${scheme}://127.0.0.1:${proxy.port}`, body: 'b' }),
    )
    assert.equal(answerOf(result).body.toString(), `POST /x outside.example:${target.port} b`)
  }
  assert.deepEqual(
    proxy.asked,
    Array(2).fill(`outside.example:${target.port}`),
    'one connection for each of the two proxies',
  )
})

test('user and password of the proxy are sent to it, and a refusal of them is permanent', async t => {
  const world = openWorld(t)
  const target = await echo(world)
  const basic = `Basic ${Buffer.from('ann:p@ss').toString('base64')}`
  const http = await httpProxy(world, basic)
  const socks = await socksProxy(world, 'ann:p@ss')
  const caller = world.caller()
  const withUser = (scheme: string, { port }: TestServer, user: string) =>
    `${scheme}://${user}@127.0.0.1:${port}`

  for (const [scheme, proxy] of [
    ['http', http],
    ['socks5', socks],
  ] as const) {
    const right = await caller.call(
      get(outside(target.port), { proxyUrl: withUser(scheme, proxy, 'ann:p%40ss') }),
    )
    assert.equal(answerOf(right).status, 200, scheme)
    const wrong = errorOf(
      await caller.call(get(outside(target.port), { proxyUrl: withUser(scheme, proxy, 'ann:wrong') })),
    )
    assert.equal(wrong.code, 'target.proxy', scheme)
    assert.ok(!wrong.message.includes('wrong'), 'the password is not told')
  }
  const tunnelled = errorOf(
    await caller.call(get(`https://outside.example:${target.port}/`, { proxyUrl: http.url })),
  )
  assert.deepEqual([tunnelled.code, tunnelled.permanent], ['target.proxy', true])
  assert.match(tunnelled.message, /Check user and password of the proxy/)
})

test('what the proxy refuses is the proxy’s error', async t => {
  const world = openWorld(t)
  const [http, socks] = [await httpProxy(world), await socksProxy(world)]
  const caller = world.caller()
  const tunnel = errorOf(await caller.call(get('https://forbidden.example/', { proxyUrl: http.url })))
  assert.deepEqual([tunnel.code, tunnel.permanent], ['target.proxy', false])
  assert.match(tunnel.message, /refused to connect to forbidden\.example:443: 403 Forbidden/)
  const socksError = errorOf(
    await caller.call(get('http://forbidden.example/', { proxyUrl: socks.url.replace('http', 'socks5') })),
  )
  assert.equal(socksError.code, 'target.proxy')
})

test('a proxy that is not there, says nothing, or speaks nonsense is told as such', async t => {
  const world = openWorld(t)
  const silent = await world.raw(socket => socket.resume())
  const nonsense = await world.raw(socket =>
    socket.once('data', () => socket.end('220 mail.example ESMTP\r\n')),
  )
  const caller = world.caller({ dnsLookup: fakeDns({}) })
  for (const scheme of ['http', 'socks5']) {
    const gone = errorOf(
      await caller.call(get('https://outside.example/', { proxyUrl: `${scheme}://127.0.0.1:1` })),
    )
    assert.equal(gone.code, 'target.proxy')
    assert.match(gone.message, /^The proxy: Nothing listens/)
    const unknown = errorOf(
      await caller.call(get('https://outside.example/', { proxyUrl: `${scheme}://typo.example` })),
    )
    assert.equal(unknown.code, 'target.dns')
    const quiet = errorOf(
      await caller.call(
        get('https://outside.example/', { proxyUrl: `${scheme}://127.0.0.1:${silent.port}`, timeoutMs: 60 }),
      ),
    )
    assert.equal(quiet.code, 'target.timeout')
    assert.match(quiet.message, /while asking the proxy/)
    const mad = errorOf(
      await caller.call(
        get('https://outside.example/', { proxyUrl: `${scheme}://127.0.0.1:${nonsense.port}` }),
      ),
    )
    assert.equal(mad.code, 'target.proxy')
  }
})

test('the proxy’s own address is judged, and has to be listed where it is private', async t => {
  const world = openWorld(t)
  const [target, proxy] = [await echo(world), await httpProxy(world)]
  const dnsLookup = fakeDns({ 'proxy.corp.example': ['127.0.0.1'] })
  const proxyUrl = `http://proxy.corp.example:${proxy.port}`
  const strict = world.caller({ allowLoopback: false, dnsLookup })
  const refused = errorOf(await strict.call(get(outside(target.port), { proxyUrl })))
  assert.equal(refused.code, 'target.address-refused')
  assert.match(refused.message, /^proxy\.corp\.example leads to/)
  for (const disguised of [
    'http://0x7f.1',
    'socks5://2130706433',
    'socks5://127.1',
    'https://[::ffff:127.0.0.1]',
  ]) {
    const error = errorOf(
      await strict.call(get(outside(target.port), { proxyUrl: `${disguised}:${proxy.port}` })),
    )
    assert.equal(error.code, 'target.address-refused', disguised)
  }
  assert.equal(proxy.connections, 0)
  const listed = world.caller({ allowLoopback: false, allow: ['proxy.corp.example'], dnsLookup })
  assert.equal(answerOf(await listed.call(get(outside(target.port), { proxyUrl }))).status, 200)
})

test('literals and local names are refused through a proxy too, and by redirect', async t => {
  const world = openWorld(t)
  const target = await world.http((_incoming, response) => {
    response.writeHead(302, { location: 'http://169.254.169.254/latest/' })
    response.end()
  })
  const proxy = await httpProxy(world)
  const dnsLookup = fakeDns({ 'proxy.example': ['127.0.0.1'] })
  const caller = world.caller({ allowLoopback: false, allow: ['proxy.example'], dnsLookup })
  const how = { proxyUrl: `http://proxy.example:${proxy.port}`, followRedirects: 3 }
  for (const url of [
    'http://127.0.0.1/',
    'http://10.0.0.1/',
    'https://[::1]/',
    'http://localhost/',
    'http://metadata.google.internal/',
    outside(target.port),
  ]) {
    assert.equal(errorOf(await caller.call(get(url, how))).code, 'target.address-refused', url)
  }
  assert.deepEqual(proxy.asked, [`GET ${outside(target.port)} outside.example:${target.port}`])
})

test('proxy addresses are read with their usual ports', () => {
  const read = (text: string) => {
    const { kind, hostname, port } = parseProxy(text)
    return `${kind} ${hostname} ${port}`
  }
  assert.equal(read('proxy.example:3128'), 'http proxy.example 3128')
  assert.equal(read('http://proxy.example'), 'http proxy.example 80')
  assert.equal(read('https://proxy.example/'), 'https proxy.example 443')
  assert.equal(read('https://proxy.example:80'), 'https proxy.example 80')
  assert.equal(read('SOCKS5://proxy.example'), 'socks5 proxy.example 1080')
  assert.equal(read('socks5h://[::1]:9'), 'socks5 ::1 9')
})
