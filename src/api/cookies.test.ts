import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newToken } from '../core/seal.ts'
import { readCookie, readViewKeys, viewCookie, withViewKey, type ViewKey } from './cookies.ts'

test('a cookie is found among others, and only under its whole name', () => {
  assert.equal(readCookie('a=1; signalbox_session=x=y; b=2', 'signalbox_session'), 'x=y')
  assert.equal(readCookie('xsignalbox_session=1', 'signalbox_session'), null)
  assert.equal(readCookie('signalbox_session', 'signalbox_session'), null)
  assert.equal(readCookie('s=first; s=second', 's'), 'first')
  assert.equal(readCookie(undefined, 's'), null)
})

test('a cookie of view keys reads as it was written, the newest ten', () => {
  let keys: ViewKey[] = []
  const made = Array.from({ length: 12 }, (_, n) => ({ key: newToken('view'), shared: n % 2 === 1 }))
  for (const one of made) keys = readViewKeys(`${viewCookie}=${withViewKey(keys, one)}`)
  assert.deepEqual(keys, made.slice(-10))
  const [first] = keys
  assert.ok(first)
  assert.deepEqual(readViewKeys(`${viewCookie}=${withViewKey(keys, { ...first, shared: true })}`), keys)
})

test('what is no key is passed over', () => {
  for (const value of [
    '',
    '.',
    'sb_view_short',
    `sb_admin_${'a'.repeat(43)}`,
    `~~sb_view_${'a'.repeat(43)}`,
    '%7E',
  ])
    assert.deepEqual(readViewKeys(`${viewCookie}=${value}`), [], value)
})
