import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutgoingRequest } from './outgoing.ts'
import { answerOf, errorOf, fakeDns, get, openWorld } from './test-world.ts'

const confinedTo = (...hosts: string[]) => ({ confined: [{ id: 'sec_1', secret: 'TOKEN', hosts }] })
const withToken = (url: string, more: Partial<OutgoingRequest>) =>
  get(url, { headers: [['X-Custom', 's3cret-value']], followRedirects: 3, ...more })
const names = fakeDns({ 'api.test': ['127.0.0.1'], 'evil.test': ['127.0.0.1'], 'proxy.test': ['127.0.0.1'] })

test('a secret goes to its own hosts and to no other, whatever name leads to the same address', async t => {
  const world = openWorld(t)
  const seen: (string | undefined)[] = []
  const server = await world.http((request, response) => {
    seen.push(request.headers.host)
    response.end('ok')
  })
  const caller = world.caller({ dnsLookup: names })
  const to = (host: string) =>
    caller.call(withToken(`http://${host}:${server.port}/`, confinedTo('api.test', '*.corp.test')))
  assert.equal(answerOf(await to('api.test')).status, 200)
  assert.equal(answerOf(await to('API.test')).status, 200)
  for (const host of ['evil.test', '127.0.0.1', 'corp.test', 'api.test.evil.test']) {
    const error = errorOf(await to(host))
    assert.deepEqual([error.code, error.permanent], ['secret.host-refused', true], host)
    assert.match(error.message, /the secret TOKEN may be sent to api\.test, \*\.corp\.test only, and /)
    assert.ok(error.message.includes(host) && !error.message.includes('s3cret'))
  }
  assert.deepEqual(seen, [`api.test:${server.port}`, `api.test:${server.port}`], 'nothing else left')
})

test('a redirect elsewhere is not followed with a secret in the request', async t => {
  const world = openWorld(t)
  let stolen = 0
  const evil = await world.http((_request, response) => {
    stolen += 1
    response.end()
  })
  const server = await world.http((request, response) => {
    const location = request.url === '/near' ? '/there' : `http://evil.test:${evil.port}/`
    response.writeHead(request.url === '/there' ? 200 : 307, { location }).end()
  })
  const caller = world.caller({ dnsLookup: names })
  const to = (path: string, method = 'GET') =>
    caller.call(withToken(`http://api.test:${server.port}${path}`, { ...confinedTo('api.test'), method }))
  assert.equal(answerOf(await to('/near')).status, 200)
  for (const method of ['GET', 'POST']) {
    const refused = await to('/far', method)
    assert.equal(errorOf(refused).code, 'secret.host-refused')
    assert.equal(refused.redirects.length, 1, 'the way there is told')
  }
  assert.equal(stolen, 0)
})

test('a proxy that could read along has to be among the hosts', async t => {
  const world = openWorld(t)
  const asked: string[] = []
  const proxy = await world.http((request, response) => {
    asked.push(request.url ?? '')
    response.end('from the proxy')
  })
  const caller = world.caller({ dnsLookup: names })
  const proxyUrl = `http://proxy.test:${proxy.port}`
  const through = (url: string, more: Partial<OutgoingRequest>) =>
    caller.call(withToken(url, { proxyUrl, ...more }))
  for (const [url, more] of [
    ['http://api.test/', {}],
    ['https://api.test/', { insecure: true }],
  ] as const) {
    const error = errorOf(await through(url, { ...confinedTo('api.test'), ...more }))
    assert.equal(error.code, 'secret.host-refused', url)
    assert.match(error.message, /proxy\.test is not among them/)
  }
  assert.deepEqual(asked, [])
  assert.equal(answerOf(await through('http://api.test/', confinedTo('api.test', 'proxy.test'))).status, 200)
  // Of what is encrypted from end to end it sees nothing: refused is only what comes after.
  assert.equal(errorOf(await through('https://api.test/', confinedTo('api.test'))).code, 'target.proxy')
})

test('a password of the proxy is for the proxy', async t => {
  const world = openWorld(t)
  const proxy = await world.http((_request, response) => response.end('ok'))
  const caller = world.caller({ dnsLookup: names })
  const proxyUrl = `http://me:s3cret@proxy.test:${proxy.port}`
  const through = (host: string) =>
    caller.call(
      get('http://api.test/', {
        proxyUrl,
        confinedInProxy: [{ id: 'sec_1', secret: 'PROXY', hosts: [host] }],
      }),
    )
  assert.equal(answerOf(await through('proxy.test')).status, 200)
  assert.equal(errorOf(await through('api.test')).code, 'secret.host-refused')
})
