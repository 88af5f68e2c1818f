import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createAddressGuard, parseAllowList } from './address-guard.ts'

const guard = (allow: string[] = [], loopback = false) =>
  createAddressGuard(parseAllowList(allow), () => loopback)
const allowed = (address: string, allow: string[] = [], hostname = address) =>
  guard(allow).judge(hostname, address).allowed

test('public addresses are allowed', () => {
  for (const address of [
    '1.1.1.1',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '2a00:1450::1',
  ]) {
    assert.deepEqual(guard().judge(address, address), { allowed: true, because: 'public' }, address)
  }
})

test('each special range is refused by its name', () => {
  const kinds: Record<string, string[]> = {
    private: [
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.0.1',
      'fc00::1',
      'fd00:ec2::254',
      'fdff::1',
    ],
    loopback: ['127.0.0.1', '127.255.255.254', '::1'],
    'link-local': ['169.254.1.1', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
    'cloud metadata': ['169.254.169.254', '168.63.129.16'],
    multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
    broadcast: ['255.255.255.255'],
    unspecified: ['0.0.0.0', '0.1.2.3', '::'],
    'carrier-grade NAT': ['100.64.0.1', '100.100.100.200', '100.127.255.255'],
    // ipaddr.js reads the dotted form of an IPv4-compatible address as a mapped one.
    'IPv4-mapped': ['::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:a9fe:a9fe'],
    NAT64: ['64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::1', '64:ff9b:1:ffff::10.0.0.1'],
    '6to4': ['2002:7f00:1::', '2002:a00:1::1'],
    Teredo: ['2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    reserved: [
      '192.0.0.192',
      '192.0.2.1',
      '192.88.99.1',
      '198.18.0.1',
      '198.51.100.1',
      '203.0.113.1',
      '240.0.0.1',
      '::7f00:1',
      '::102:304',
      '2001:db8::1',
      '3fff::1',
      '2001:2::1',
      '100::1',
      'fec0::1',
      '4000::1',
      '5f00::1',
    ],
    unreadable: ['', 'localhost'],
  }
  for (const [kind, addresses] of Object.entries(kinds)) {
    for (const address of addresses) {
      assert.deepEqual(guard().judge('some.example', address), { allowed: false, kind }, address)
    }
  }
})

test('no IPv4 address gets by inside an IPv6 one', () => {
  fc.assert(
    fc.property(fc.ipV4(), v4 => {
      const hex = v4.split('.').map(part => Number(part).toString(16).padStart(2, '0'))
      const [high, low] = [`${hex[0]}${hex[1]}`, `${hex[2]}${hex[3]}`]
      for (const address of [
        `::ffff:${v4}`,
        `::${v4}`,
        `64:ff9b::${v4}`,
        `2002:${high}:${low}::1`,
        `::ffff:0:${v4}`,
      ]) {
        assert.equal(allowed(address), false, address)
      }
    }),
    { numRuns: 200 },
  )
})

test('the allow-list names hosts, names below a domain, addresses and networks', () => {
  assert.equal(allowed('10.0.0.1', ['wiki.corp.example'], 'wiki.corp.example'), true)
  assert.equal(allowed('10.0.0.1', ['Wiki.Corp.Example.'], 'wiki.corp.example'), true)
  assert.equal(allowed('10.0.0.1', ['wiki.corp.example'], 'wiki.corp.example.'), true)
  assert.equal(allowed('10.0.0.1', ['wiki.corp.example'], 'evil.wiki.corp.example'), false)
  assert.equal(allowed('10.0.0.1', ['*.corp.example'], 'wiki.corp.example'), true)
  assert.equal(allowed('10.0.0.1', ['*.corp.example'], 'corp.example'), false)
  assert.equal(allowed('10.0.0.1', ['*.corp.example'], 'evilcorp.example'), false)
  assert.equal(allowed('10.0.0.1', ['10.0.0.0/24']), true)
  assert.equal(allowed('10.0.1.1', ['10.0.0.0/24']), false)
  assert.equal(allowed('10.0.0.1', ['10.0.0.1']), true)
  assert.equal(allowed('10.0.0.2', ['10.0.0.1']), false)
  assert.equal(allowed('fd00::1', ['fd00::/8']), true)
  assert.equal(allowed('fd00::1', ['[fd00::1]']), true)
  assert.equal(allowed('64:ff9b::808:808', ['64:ff9b::/96']), true)
  assert.equal(allowed('169.254.169.254', ['*']), true)
})

test('a listed IPv4 network does not allow the same address written as IPv6', () => {
  assert.equal(allowed('::ffff:10.0.0.1', ['10.0.0.0/8']), false)
})

test('an entry that is no host, address or network is refused by name', () => {
  for (const entry of [
    'http://wiki.corp.example',
    'host:8080',
    '10.0.0.0/33',
    'a b',
    '10.1',
    '1.2.3.4.5',
    '*.',
    'fd00::/129',
    '**',
    '10.1.0.0/16/2',
  ]) {
    assert.throws(
      () => parseAllowList([entry]),
      { message: new RegExp(`SIGNALBOX_ALLOW_TARGETS.*"${entry.replace(/[*.]/g, '\\$&')}"`) },
      entry,
    )
  }
})

test('names that are data to JavaScript objects are hosts like any other', () => {
  assert.equal(allowed('10.0.0.1', ['constructor'], 'constructor'), true)
  assert.equal(allowed('10.0.0.1', [], '__proto__'), false)
})

test('loopback is allowed while the question is answered with yes, and nothing else is', () => {
  let trial = true
  const asking = createAddressGuard(parseAllowList([]), () => trial)
  assert.deepEqual(asking.judge('localhost', '127.0.0.1'), { allowed: true, because: 'loopback' })
  assert.deepEqual(asking.judge('localhost', '::1'), { allowed: true, because: 'loopback' })
  for (const address of ['0.0.0.0', '10.0.0.1', '::ffff:127.0.0.1', '::']) {
    assert.equal(asking.judge('localhost', address).allowed, false, address)
  }
  trial = false
  assert.equal(asking.judge('localhost', '127.0.0.1').allowed, false)
})

test('for a proxy, literals and names known to be local are judged, others are the proxy’s to refuse', () => {
  for (const name of [
    '127.0.0.1',
    '::1',
    '10.0.0.1',
    'localhost',
    'app.localhost',
    'localhost.',
    'metadata.google.internal',
    'instance-data',
  ]) {
    assert.equal(guard().judgeName(name).allowed, false, name)
  }
  assert.equal(guard().judgeName('github.com').allowed, true)
  assert.equal(guard().judgeName('notlocalhost').allowed, true)
  assert.equal(guard(['localhost']).judgeName('localhost').allowed, true)
})
