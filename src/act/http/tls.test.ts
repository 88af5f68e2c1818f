import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { answerOf, errorOf, fakeDns, get, openWorld, post, type World } from './test-world.ts'

const folder = mkdtempSync(join(tmpdir(), 'signalbox-tls-'))
after(() => rmSync(folder, { recursive: true }))
const openssl = (...args: string[]) =>
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe', timeout: 20_000 })
const file = (name: string) => readFileSync(join(folder, name), 'utf8')
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

openssl(
  'req',
  '-x509',
  ...newKey,
  '-keyout',
  'ca.key',
  '-out',
  'ca.crt',
  '-subj',
  '/CN=Test authority',
  '-days',
  '2',
)
setDefaultCACertificates([...getCACertificates('default'), file('ca.crt')])

/** A certificate for good.example and 127.0.0.1, signed by the authority that is trusted here. */
function signed(name: string, days: number): { key: string; cert: string } {
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:good.example,IP:127.0.0.1')
  openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    String(days),
    '-extfile',
    'names',
    '-out',
    `${name}.crt`,
  )
  return { key: file(`${name}.key`), cert: file(`${name}.crt`) }
}

function selfSigned(): { key: string; cert: string } {
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'self.key',
    '-out',
    'self.crt',
    '-subj',
    '/CN=good.example',
    '-addext',
    'subjectAltName=DNS:good.example',
    '-days',
    '2',
  )
  return { key: file('self.key'), cert: file('self.crt') }
}

const certificates = { good: signed('good', 2), expired: signed('expired', -1), self: selfSigned() }
const dnsLookup = fakeDns({
  'good.example': ['127.0.0.1'],
  'good.example.': ['127.0.0.1'],
  'wrong.example': ['127.0.0.1'],
})

const serve = (world: World, kind: keyof typeof certificates) =>
  world.listen(
    createServer(certificates[kind], (request, response) => {
      const { servername } = request.socket as typeof request.socket & { servername?: string | false }
      response.end(`${request.headers.host} ${String(servername)}`)
    }),
  )

test('a verified certificate: SNI and Host carry the name, the socket goes to the judged address, and is kept', async t => {
  const world = openWorld(t)
  const server = await serve(world, 'good')
  const caller = world.caller({ dnsLookup })
  for (let round = 0; round < 2; round++) {
    const result = answerOf(await caller.call(post(`https://good.example:${server.port}/`)))
    assert.equal(result.body.toString(), `good.example:${server.port} good.example`)
    assert.equal(result.remoteAddress, '127.0.0.1')
  }
  assert.equal(server.connections, 1)
})

test('a certificate for an address is verified against the address', async t => {
  const world = openWorld(t)
  const server = await serve(world, 'good')
  const result = answerOf(await world.caller().call(get(`https://127.0.0.1:${server.port}/`)))
  assert.equal(result.body.toString(), `127.0.0.1:${server.port} false`)
})

test('a name with a dot at its end is verified without it', async t => {
  const world = openWorld(t)
  const server = await serve(world, 'good')
  assert.equal(
    answerOf(await world.caller({ dnsLookup }).call(get(`https://good.example.:${server.port}/`))).status,
    200,
  )
})

for (const [what, kind, host, message] of [
  ['an expired certificate', 'expired', 'good.example', /^The certificate of good\.example has expired/],
  ['a self-signed certificate', 'self', 'good.example', /is self-signed.*NODE_EXTRA_CA_CERTS.*"insecure"/],
  ['a certificate for another name', 'good', 'wrong.example', /^The certificate is not for wrong\.example/],
] as const) {
  test(`${what} is refused with a sentence of its own, and accepted when the reaction says insecure`, async t => {
    const world = openWorld(t)
    const server = await serve(world, kind)
    const caller = world.caller({ dnsLookup })
    const url = `https://${host}:${server.port}/`
    const error = errorOf(await caller.call(post(url)))
    assert.deepEqual([error.code, error.permanent], ['target.tls', false])
    assert.match(error.message, message)
    assert.equal(answerOf(await caller.call(post(url, { insecure: true }))).status, 200)
    assert.equal(
      errorOf(await caller.call(post(url))).code,
      'target.tls',
      'the insecure connection is not lent to others',
    )
  })
}

test('a Host header of the reaction’s own changes nothing about the name that is verified', async t => {
  const world = openWorld(t)
  const server = await serve(world, 'good')
  const url = `https://wrong.example:${server.port}/`
  const result = await world.caller({ dnsLookup }).call(get(url, { headers: [['Host', 'good.example']] }))
  assert.equal(errorOf(result).code, 'target.tls')
})

test('a handshake that never ends is cut off at the deadline, one that is hung up on is a TLS error', async t => {
  const world = openWorld(t)
  const silent = await world.raw(socket => socket.resume())
  const stalled = errorOf(
    await world.caller().call(get(`https://127.0.0.1:${silent.port}/`, { timeoutMs: 60 })),
  )
  assert.equal(stalled.code, 'target.timeout')
  assert.match(stalled.message, /while negotiating TLS/)
  const rude = await world.raw(socket => socket.once('data', () => socket.end()))
  const cut = errorOf(await world.caller().call(get(`https://127.0.0.1:${rude.port}/`)))
  assert.equal(cut.code, 'target.tls')
})

for (const scheme of ['http', 'https']) {
  test(`https through a tunnel of an ${scheme} proxy is verified end to end, and the connection is kept`, async t => {
    const world = openWorld(t)
    const target = await serve(world, 'good')
    const expired = await serve(world, 'expired')
    const proxyServer = scheme === 'http' ? createHttpServer() : createServer(certificates.good)
    proxyServer.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
      const onward = connect(Number(url.split(':').at(-1)), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
      socket.on('error', () => onward.destroy()).on('close', () => onward.destroy())
      onward.on('error', () => socket.destroy()).on('close', () => socket.destroySoon())
    })
    const proxy = await world.listen(proxyServer)
    const caller = world.caller({ dnsLookup })
    const how = { proxyUrl: `${scheme}://good.example:${proxy.port}` }
    for (let round = 0; round < 2; round++) {
      const result = answerOf(await caller.call(post(`https://good.example:${target.port}/`, how)))
      assert.equal(result.body.toString(), `good.example:${target.port} good.example`)
    }
    assert.deepEqual([proxy.connections, target.connections], [1, 1])
    const error = errorOf(await caller.call(post(`https://good.example:${expired.port}/`, how)))
    assert.match(error.message, /has expired/)
  })
}

test('a proxy that shows a bad certificate is not spoken to, also when the target may be insecure', async t => {
  const world = openWorld(t)
  const proxy = await serve(world, 'self')
  const how = { proxyUrl: `https://good.example:${proxy.port}`, insecure: true }
  const error = errorOf(await world.caller({ dnsLookup }).call(get('http://outside.example/', how)))
  assert.equal(error.code, 'target.tls')
})
