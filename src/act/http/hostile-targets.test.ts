import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AddressGuard } from './address-guard.ts'
import { destinationOf } from './destination.ts'
import { CallError } from './failure.ts'
import { newOpening, openSocket } from './open-socket.ts'
import { answerOf, errorOf, fakeDns, get, openWorld, post } from './test-world.ts'

const hostile = [
  // Loopback in every notation that some parser reads.
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0x7f.0.0.1/',
  'http://017700000001/',
  'http://0177.0.0.01/',
  'http://127.0.0.1./',
  'http://①②⑦.⓪.⓪.①/',
  'http://%31%32%37.0.0.1/',
  'http:127.0.0.1',
  'http:\\\\127.0.0.1\\',
  'http://127.255.255.254:8080/',
  'http://[::1]/',
  'http://[0:0:0:0:0:0:0:1]/',
  // Userinfo and backslashes that make another host look like the target.
  'http://good.example@127.0.0.1/',
  'http://good.example:80@127.0.0.1/',
  'http://127.0.0.1\\@good.example/',
  'http://good.example%2f@127.0.0.1/',
  'http://127.0.0.1#@good.example/',
  // This machine without loopback.
  'http://0/',
  'http://0.0.0.0/',
  'http://[::]/',
  // IPv4 inside IPv6.
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::127.0.0.1]/',
  'http://[64:ff9b:1::10.0.0.1]/',
  'http://[2002:7f00:1::]/',
  'http://[2001:0:7f00:1::]/',
  // Inside networks, metadata services, and what belongs to nobody.
  'https://10.0.0.1/',
  'http://172.16.5.4/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://0xa9fea9fe/',
  'http://[fd00:ec2::254]/',
  'http://168.63.129.16/',
  'http://100.100.100.200/',
  'http://[fe80::1]/',
  'http://[fd12:3456::1]/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://192.0.2.1/',
  'http://[2001:db8::1]/',
]

for (const url of hostile) {
  test(`${url} is refused before anything is sent`, async t => {
    const caller = openWorld(t).caller({ allowLoopback: false, dnsLookup: fakeDns({}) })
    const error = errorOf(await caller.call(post(url)))
    assert.equal(error.code, 'target.address-refused')
    assert.equal(error.permanent, true)
    assert.match(error.message, /an operator adds .* to SIGNALBOX_ALLOW_TARGETS \(--allow-targets\)/)
  })
}

for (const url of [
  'http://[fe80::1%25eth0]/',
  'http://[fe80::1%eth0]/',
  'http://256.1.1.1/',
  'http://1.2.3.4.5/',
  'file:///etc/passwd',
  'gopher://127.0.0.1/',
  '/relative',
  '',
  'http://',
  'http://a b/',
]) {
  test(`"${url}" is no URL that can be called`, async t => {
    const error = errorOf(await openWorld(t).caller().call(get(url)))
    assert.equal(error.code, 'target.bad-url')
    assert.equal(error.permanent, true)
  })
}

for (const [name, addresses] of Object.entries({
  'loopback.example': ['127.0.0.1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'zone.example': ['fe80::1%eth0'],
  'good-and-bad.example': ['1.1.1.1', '10.0.0.1'],
  'bad-and-good.example': ['::1', '2606:4700::1111'],
  '2130706434.example': ['169.254.169.254'],
})) {
  test(`a name that resolves to ${addresses.join(' and ')} is refused`, async t => {
    const caller = openWorld(t).caller({ allowLoopback: false, dnsLookup: fakeDns({ [name]: addresses }) })
    const error = errorOf(await caller.call(post(`http://${name}/`)))
    assert.equal(error.code, 'target.address-refused')
    assert.match(error.message, new RegExp(`^${name} leads to an address that is `))
    assert.match(error.cause, /is at /)
  })
}

test('the system’s own answer for localhost is judged too', async t => {
  const caller = openWorld(t).caller({ allowLoopback: false })
  assert.equal(errorOf(await caller.call(get('http://localhost:1/'))).code, 'target.address-refused')
  assert.equal(errorOf(await caller.call(get('http://LocalHost:1/'))).code, 'target.address-refused')
})

test('a host on the allow-list is called where the same address under another name is not', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => response.end('inner'))
  const dnsLookup = fakeDns({ 'inner.example': ['127.0.0.1'], 'other.example': ['127.0.0.1'] })
  const caller = world.caller({ allowLoopback: false, allow: ['inner.example'], dnsLookup })
  assert.equal(
    answerOf(await caller.call(get(`http://inner.example:${server.port}/`))).body.toString(),
    'inner',
  )
  assert.equal(
    errorOf(await caller.call(get(`http://other.example:${server.port}/`))).code,
    'target.address-refused',
  )
  assert.equal(errorOf(await caller.call(get(server.url))).code, 'target.address-refused')
  assert.equal(server.connections, 1)
})

test('a network on the allow-list is called by literal and by name', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => response.end('inner'))
  const dnsLookup = fakeDns({ 'any.example': ['127.0.0.1'] })
  const caller = world.caller({ allowLoopback: false, allow: ['127.0.0.0/8'], dnsLookup })
  assert.equal(answerOf(await caller.call(get(server.url))).status, 200)
  assert.equal(answerOf(await caller.call(get(`http://any.example:${server.port}/`))).status, 200)
})

test('a name that answers differently the second time gains nothing: the judged address is the one connected to', async t => {
  const world = openWorld(t)
  const server = await world.http((request, response) => {
    response.setHeader('connection', 'close')
    response.end(`${request.socket.localAddress} as ${request.headers.host}`)
  })
  const answers = [['127.0.0.1'], ['127.0.0.2']]
  let lookups = 0
  const dnsLookup = async () => (answers[lookups++] ?? []).map(address => ({ address, family: 4 }))
  const caller = world.caller({ allowLoopback: false, allow: ['127.0.0.1'], dnsLookup })
  const url = `http://rebind.example:${server.port}/`
  const first = answerOf(await caller.call(get(url)))
  assert.equal(first.body.toString(), `127.0.0.1 as rebind.example:${server.port}`)
  assert.equal(first.remoteAddress, '127.0.0.1')
  assert.equal(lookups, 1, 'one lookup for one connection')
  assert.equal(errorOf(await caller.call(get(url))).code, 'target.address-refused')
  assert.equal(lookups, 2)
})

test('a redirect to a refused address is refused', async t => {
  const world = openWorld(t)
  const targets = [
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/',
    'http://[::ffff:10.0.0.1]/',
    '//10.1.1.1/x',
    'http://inner.example/',
    'http://0xa000001/',
  ]
  const server = await world.http((request, response) => {
    response.writeHead(302, { location: targets[Number(request.url?.slice(1))] })
    response.end()
  })
  const caller = world.caller({ dnsLookup: fakeDns({ 'inner.example': ['192.168.0.1'] }) })
  for (const [index, target] of targets.entries()) {
    const result = await caller.call(get(`${server.url}/${index}`, { followRedirects: 5 }))
    assert.equal(errorOf(result).code, 'target.address-refused', target)
    assert.equal(result.redirects.length, 1)
  }
})

test('a redirect from loopback that is allowed by name to loopback that is not is refused', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => {
    response.writeHead(307, { location: `http://127.0.0.1:${server.port}/inner` })
    response.end()
  })
  const caller = world.caller({
    allowLoopback: false,
    allow: ['hook.example'],
    dnsLookup: fakeDns({ 'hook.example': ['127.0.0.1'] }),
  })
  const result = await caller.call(post(`http://hook.example:${server.port}/`, { followRedirects: 3 }))
  assert.equal(errorOf(result).code, 'target.address-refused')
})

test('a connection kept open to loopback is not used again once the trial has ended', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => response.end('mine'))
  let trial = true
  const caller = world.caller({ allowLoopback: () => trial })
  assert.equal(answerOf(await caller.call(get(server.url))).status, 200)
  trial = false
  assert.equal(errorOf(await caller.call(get(server.url))).code, 'target.address-refused')
  assert.equal(server.connections, 1)
})

test('a Host header of the reaction’s own does not reach another name at an allowed address', async t => {
  const world = openWorld(t)
  const server = await world.http((request, response) => response.end(request.headers.host))
  const caller = world.caller()
  const result = answerOf(await caller.call(get(server.url, { headers: [['Host', 'secret.internal']] })))
  assert.equal(result.body.toString(), `127.0.0.1:${server.port}`)
})

test('the address that the socket came to is judged once more', async t => {
  const world = openWorld(t)
  const server = await world.http((_request, response) => response.end())
  const judged: string[] = []
  const changesItsMind: AddressGuard = {
    judge: (_hostname, address) => {
      judged.push(address)
      return judged.length === 1 ? { allowed: true, because: 'public' } : { allowed: false, kind: 'private' }
    },
    judgeName: () => ({ allowed: true, because: 'public' }),
    loopbackAllowed: () => true,
    inner: null,
  }
  const destination = destinationOf(new URL(server.url), { insecure: false, proxyUrl: null })
  const opening = newOpening()
  await assert.rejects(
    openSocket(destination, changesItsMind, fakeDns({}), opening),
    (error: unknown) => error instanceof CallError && error.failure.code === 'target.address-refused',
  )
  assert.deepEqual(judged, ['127.0.0.1', '127.0.0.1'])
  assert.equal(opening.socket?.destroyed, true)
})
