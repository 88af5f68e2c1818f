import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { addressList, addressMistake, plainAddress } from './address.ts'

test('an address is on a list by itself, by its network, or by the name of its range', () => {
  const list = addressList(['192.0.2.7', '10.1.0.0/16', '2001:db8::/32', 'loopback'])
  for (const address of ['192.0.2.7', '10.1.255.1', '2001:db8:1::1', '127.9.9.9', '::1'])
    assert.ok(list.has(address), address)
  for (const address of ['192.0.2.8', '10.2.0.1', '2001:db9::1', '8.8.8.8', '::2'])
    assert.ok(!list.has(address), address)
})

test('IPv4 is the same address where it comes mapped into IPv6, on both sides', () => {
  assert.ok(addressList(['192.0.2.0/24']).has('::ffff:192.0.2.9'))
  assert.ok(addressList(['::ffff:192.0.2.9']).has('192.0.2.9'))
  assert.ok(addressList(['::ffff:192.0.2.0/120']).has('192.0.2.200'))
  assert.ok(!addressList(['::ffff:192.0.2.0/120']).has('192.0.3.1'))
  assert.ok(!addressList(['::/0']).has('192.0.2.9'), 'a network of IPv6 holds no IPv4')
  assert.equal(plainAddress('::FFFF:192.0.2.9'), '192.0.2.9')
  assert.equal(plainAddress('fe80::1%eth0'), 'fe80::1')
})

test('what is no address is on no list', () => {
  const everything = addressList(['0.0.0.0/0', '::/0'])
  for (const text of [
    '',
    'unknown',
    '10.1',
    '010.0.0.1',
    '0x7f.0.0.1',
    '2130706433',
    'localhost',
    '1.2.3.4:80',
  ])
    assert.ok(!everything.has(text), text)
})

test('an entry that cannot be read is told, and lets nobody in', () => {
  for (const entry of [
    '',
    '10.1',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::ffff:1.2.3.4/95',
    'evil',
  ])
    assert.match(addressMistake(entry) ?? 'taken', /^is neither an address/, entry)
  for (const entry of ['10.0.0.0/8', ' 192.0.2.1 ', '::1', 'PRIVATE', 'link-local', '0.0.0.0/0'])
    assert.equal(addressMistake(entry), null, entry)
  assert.ok(!addressList(['evil', '10.0.0.0/33']).has('10.0.0.1'))
})

test('a network holds exactly the addresses that share its first bits', () => {
  const bits = fc.integer({ min: 0, max: 32 })
  const number = fc.integer({ min: 0, max: 2 ** 32 - 1 })
  const text = (value: number) => [24, 16, 8, 0].map(shift => (value >>> shift) & 255).join('.')
  fc.assert(
    fc.property(number, number, bits, (network, address, prefix) => {
      const same = prefix === 0 || network >>> (32 - prefix) === address >>> (32 - prefix)
      assert.equal(addressList([`${text(network)}/${prefix}`]).has(text(address)), same)
    }),
  )
})
