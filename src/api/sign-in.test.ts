import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSignInTokens, createThrottle } from './sign-in.ts'

test('a sign-in token ends after 15 minutes, and old ones give way', () => {
  let nowMs = 0
  const tokens = createSignInTokens(() => nowMs)
  const late = tokens.issue()
  nowMs = 15 * 60_000
  assert.equal(tokens.redeem(late), false)
  const first = tokens.issue()
  for (let more = 0; more < 100; more++) tokens.issue()
  assert.equal(tokens.redeem(first), false)
  assert.equal(tokens.redeem(tokens.issue()), true)
  assert.equal(tokens.redeem(''), false)
})

test('one sender who fails does not shut out another', async () => {
  const throttle = createThrottle('session.throttled', 2, 60)
  await throttle.count('10.0.0.1')
  await throttle.count('10.0.0.1')
  await assert.rejects(throttle.check('10.0.0.1'), { code: 'session.throttled' })
  await assert.rejects(throttle.count('10.0.0.1'), { code: 'session.throttled' })
  await throttle.check('10.0.0.2')
})
