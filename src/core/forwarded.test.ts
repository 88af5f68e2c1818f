import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { addressList } from './address.ts'
import { parseForwarded, readForwarded } from './forwarded.ts'

const trusted = addressList(['10.0.0.0/8', '::1'])
const senderOf = (headers: Record<string, string>, peer = '10.0.0.1') =>
  readForwarded(peer, headers, trusted).sender

test('nobody but a trusted proxy is believed', () => {
  const headers = {
    'x-forwarded-for': '1.1.1.1',
    forwarded: 'for=1.1.1.1',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
  }
  assert.deepEqual(readForwarded('203.0.113.9', headers, trusted), {
    sender: '203.0.113.9',
    host: null,
    protocol: null,
  })
})

test('the sender is the first address from the right that is no trusted proxy', () => {
  for (const [chain, sender] of [
    ['203.0.113.9', '203.0.113.9'],
    ['1.1.1.1, 203.0.113.9', '203.0.113.9'],
    ['1.1.1.1, 203.0.113.9, 10.2.3.4', '203.0.113.9'],
    ['garbage, 203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:4711', '203.0.113.9'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['2001:DB8::7', '2001:db8::7'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['10.9.9.9, 10.2.3.4', '10.9.9.9'],
  ] as const) {
    assert.equal(senderOf({ 'x-forwarded-for': chain }), sender, chain)
    assert.equal(senderOf({ 'x-forwarded-for': chain }, '::ffff:10.0.0.1'), sender, chain)
  }
  assert.equal(senderOf({}), '10.0.0.1', 'a proxy that says nothing sent it itself')
})

test('the standard header says the same', () => {
  for (const [header, sender] of [
    ['for=203.0.113.9', '203.0.113.9'],
    ['For="[2001:db8::7]:4711";proto=https;by=10.0.0.1', '2001:db8::7'],
    ['for=1.1.1.1, for=203.0.113.9;proto=http, for=10.2.3.4', '203.0.113.9'],
    ['for="203.0.113.9:80"', '203.0.113.9'],
    ['for="a,b;c\\"d", for=203.0.113.9', '203.0.113.9'],
  ] as const)
    assert.equal(senderOf({ forwarded: header }), sender, header)
})

test('what cannot be read makes the sender unknown, who is on no list', () => {
  const unknown = 'unknown, through 10.0.0.1'
  for (const chain of ['garbage', '', 'unknown', '_hidden', '1.1.1.1,', '1.2.3', '1.2.3.4.5'])
    assert.equal(senderOf({ 'x-forwarded-for': chain }), unknown, chain)
  for (const header of [
    'garbage',
    '',
    'for=unknown',
    'for=_x',
    'by=10.0.0.1',
    'for="1.1.1.1',
    'for=1.1.1.1;for=2.2.2.2',
  ])
    assert.equal(senderOf({ forwarded: header }), unknown, header)
  assert.equal(senderOf({ 'x-forwarded-for': 'garbage, 10.2.3.4' }), 'unknown, through 10.2.3.4')
  assert.ok(!addressList(['0.0.0.0/0', '::/0']).has(unknown))
})

test('two headers that differ are one too many: one of them was written by the client', () => {
  const both = (one: string, other: string) => senderOf({ 'x-forwarded-for': one, forwarded: `for=${other}` })
  assert.equal(both('203.0.113.9', '203.0.113.9'), '203.0.113.9')
  assert.equal(both('203.0.113.9', '192.168.1.1'), 'unknown, through 10.0.0.1')
})

test('host and protocol are those that the nearest proxy names', () => {
  const read = (headers: Record<string, string>) => readForwarded('10.0.0.1', headers, trusted)
  const legacy = read({
    'x-forwarded-host': 'old.example, Hub.example.com:8443',
    'x-forwarded-proto': 'HTTPS',
  })
  assert.deepEqual([legacy.host, legacy.protocol], ['hub.example.com:8443', 'https'])
  const standard = read({ forwarded: 'for=1.1.1.1;host=hub.example.com;proto=https' })
  assert.deepEqual([standard.host, standard.protocol], ['hub.example.com', 'https'])
  assert.equal(read({ 'x-forwarded-proto': 'gopher' }).protocol, null)
})

test('what a client writes to the left never changes who the sender is', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      assert.equal(senderOf({ 'x-forwarded-for': `${text}, 203.0.113.9` }), '203.0.113.9')
      const sender = senderOf({ forwarded: `${text}, for=203.0.113.9` })
      assert.ok(['203.0.113.9', 'unknown, through 10.0.0.1'].includes(sender), sender)
    }),
  )
})

test('whatever is written can be read back', () => {
  const element = fc.dictionary(fc.stringMatching(/^[a-z-]{1,8}$/), fc.string(), {
    minKeys: 1,
    noNullPrototype: true,
  })
  fc.assert(
    fc.property(fc.array(element, { minLength: 1 }), elements => {
      const quote = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`
      const header = elements
        .map(one =>
          Object.entries(one)
            .map(([name, value]) => `${name}=${quote(value)}`)
            .join(';'),
        )
        .join(', ')
      assert.deepEqual(
        parseForwarded(header)?.map(one => Object.fromEntries(one)),
        elements,
      )
    }),
  )
})
