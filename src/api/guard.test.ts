import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'
import { refuseForeignOrigin, refuseHost } from './guard.ts'

let world: World
let cookie: string
before(async () => {
  world = await startWorld(['--allow-hosts', 'hub.internal,second.example:8080'])
  const signedIn = await world.call('POST', '/api/session', { token: world.adminToken }, null)
  cookie = String(signedIn.headers['set-cookie']).split(';', 1)[0]!
})
after(() => world.close())

const writing = async (headers: Record<string, string>) =>
  (await world.call('POST', '/api/endpoints', {}, { headers })).body.code ?? 'done'

test('what a cookie allows has to come from our own pages', async () => {
  const host = 'http://127.0.0.1:4620'
  for (const [headers, expected] of [
    [{ 'sec-fetch-site': 'same-origin' }, 'done'],
    [{ 'sec-fetch-site': 'none' }, 'done'],
    [{ origin: host }, 'done'],
    [{}, 'csrf.refused'],
    [{ 'sec-fetch-site': 'same-site' }, 'csrf.refused'],
    [{ 'sec-fetch-site': 'cross-site', origin: host }, 'csrf.refused'],
    [{ origin: 'http://127.0.0.1:9999' }, 'csrf.refused'],
    [{ origin: 'http://evil.example' }, 'csrf.refused'],
    [{ origin: 'null' }, 'csrf.refused'],
    [{ origin: '' }, 'csrf.refused'],
  ] as const) {
    assert.equal(await writing({ cookie, ...headers }), expected, JSON.stringify(headers))
  }
})

test('reading with a cookie needs no proof, and a bearer token is proof enough', async () => {
  const read = await world.call('GET', '/api/endpoints', undefined, { headers: { cookie } })
  assert.equal(read.status, 200)
  const headers = { authorization: `Bearer ${world.adminToken}`, origin: 'http://evil.example' }
  assert.equal(await writing(headers), 'done')
})

test('a page of another site cannot sign a browser in, nor make endpoints in its name', async () => {
  for (const url of ['/api/session', '/api/visitor-endpoints', '/api/view']) {
    const from = { headers: { origin: 'http://evil.example' } }
    const { body } = await world.call('POST', url, {}, from)
    assert.equal(body.code, 'csrf.refused', url)
  }
})

test('only known hosts are answered', async () => {
  for (const [host, known] of [
    ['127.0.0.1:4620', true],
    ['localhost', true],
    ['LOCALHOST:1', true],
    ['[::1]:4620', true],
    ['dashboard.localhost:4620', true],
    ['hub.internal', true],
    ['hub.internal:81', true],
    ['second.example', true],
    ['evil.example', false],
    ['127.0.0.1.evil.example', false],
    ['hub.internal.evil.example', false],
  ] as const) {
    for (const url of ['/api/session', '/api/openapi.json', '/api/docs/', '/api/nothing']) {
      const { statusCode, body } = await world.inject({ method: 'GET', url, headers: { host } })
      assert.equal(statusCode !== 421, known, `${host} ${url}`)
      if (!known) assert.match(body, /--allow-hosts/)
    }
  }
})

test('a request that names no host is not answered', () => {
  for (const headers of [{}, { host: '' }, { host: ':4620' }])
    assert.equal(refuseHost(world.services, headers)?.code, 'host.unknown')
})

test('probes come by address and may name any host', async () => {
  for (const url of ['/healthz', '/readyz']) {
    const { statusCode } = await world.inject({ method: 'GET', url, headers: { host: '10.0.0.7:4620' } })
    assert.equal(statusCode, 200)
  }
})

test('the public URL is a known host and a known origin', () => {
  const { proxies } = world.services
  const config = { ...world.services.config, publicUrl: 'https://hub.example.com', allowHosts: [] }
  const session = {
    kind: 'member',
    actor: 'admin',
    by: 'session',
    grants: [],
    userId: null,
    keyId: null,
  } as const
  assert.equal(refuseHost({ config, proxies }, { host: 'hub.example.com' }), null)
  const headers = { host: 'inner:4620', origin: 'https://hub.example.com', cookie: 'a=b' }
  assert.equal(refuseForeignOrigin({ config, proxies }, headers, session), null)
  assert.equal(
    refuseForeignOrigin({ config, proxies }, { ...headers, origin: 'https://x.example.com' }, session)?.code,
    'csrf.refused',
  )
})

test('every answer says that it is data, and may not be kept or framed', async () => {
  for (const url of ['/api/session', '/api/nothing', '/api/endpoints', '/healthz']) {
    const { headers } = await world.inject({ method: 'GET', url })
    assert.equal(headers['x-content-type-options'], 'nosniff', url)
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['x-robots-tag'], 'noindex')
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/)
    assert.equal(headers['cache-control'], 'no-store')
  }
})
