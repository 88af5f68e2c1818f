import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { mayBeSentTo, normalHost } from './secret.ts'

test('hosts are kept as URLs spell them', () => {
  const spelled = [
    'API.Example.com',
    'api.example.com.',
    ' api.example.com ',
    'bücher.example',
    '*.Example.com',
    '10.0.0.1',
    '0x7f.1',
    '[::1]',
    'localhost',
  ]
  assert.deepEqual(spelled.map(normalHost), [
    'api.example.com',
    'api.example.com',
    'api.example.com',
    'xn--bcher-kva.example',
    '*.example.com',
    '10.0.0.1',
    '127.0.0.1',
    '[::1]',
    'localhost',
  ])
})

test('what is no host is refused: schemes, ports, paths, users, stars elsewhere', () => {
  for (const text of [
    '',
    ' ',
    '*',
    '*.',
    'https://a.example',
    'a.example:443',
    'a.example:80',
    'a.example:',
    'a.example/x',
    'me@a.example',
    'a.*.example',
    '*.*.example',
    '*a.example',
    'a b.example',
    '*.10.0.0.1',
    '*.[::1]',
    'a.example?x',
    'a.example\\x',
  ])
    assert.equal(normalHost(text), null, text)
})

test('a secret goes to the hosts that are named, and below a star only', () => {
  const hosts = ['api.example.com', '*.corp.example']
  const goes = (hostname: string) => mayBeSentTo({ hosts }, hostname)
  for (const hostname of [
    'api.example.com',
    'API.EXAMPLE.COM',
    'api.example.com.',
    'a.corp.example',
    'a.b.corp.example',
  ])
    assert.equal(goes(hostname), true, hostname)
  for (const hostname of [
    'example.com',
    'x.api.example.com',
    'api.example.com.evil.example',
    'xapi.example.com',
    'corp.example',
    'evilcorp.example',
    '',
  ])
    assert.equal(goes(hostname), false, hostname)
  assert.equal(mayBeSentTo({ hosts: [] }, 'anything.example'), true)
})

test('whatever host a URL has, its normal form lets the secret go there', () => {
  fc.assert(
    fc.property(fc.domain(), domain => {
      const { hostname } = new URL(`https://${domain}/`)
      const host = normalHost(domain)
      assert.ok(host !== null && mayBeSentTo({ hosts: [host] }, hostname))
      assert.ok(mayBeSentTo({ hosts: [`*.${host}`] }, `x.${hostname}`))
      assert.ok(!mayBeSentTo({ hosts: [host] }, `${hostname}x`))
    }),
  )
})
