import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuthenticationScheme } from '../../core/authentication.ts'
import { compileAuthentication } from './schemes.ts'
import { assertAccepted, assertRejected, testRequest } from './test-request.ts'
import type { ReceivedRequest } from './verdict.ts'

const check = (scheme: AuthenticationScheme, changes: Partial<ReceivedRequest>) =>
  compileAuthentication([scheme])(testRequest(changes))
const authorized = (scheme: AuthenticationScheme, authorization: string) =>
  check(scheme, { headers: { authorization } })

const bearer: AuthenticationScheme = { type: 'bearer', secrets: ['old-token', 'new token'] }

test('a bearer token is accepted with the word in any case, and bare as Harbor sends it', () => {
  for (const text of ['Bearer old-token', 'bearer old-token', 'BEARER   old-token', 'old-token']) {
    assertAccepted(authorized(bearer, text), 0)
  }
  assertAccepted(authorized(bearer, 'Bearer new token'), 1)
  assertAccepted(authorized(bearer, 'new token'), 1)
})

test('a bearer token that is missing or wrong is told apart, and never repeated', () => {
  assertRejected(check(bearer, {}), 'token.missing')
  for (const text of ['', 'Bearer', 'bearer ']) assertRejected(authorized(bearer, text), 'token.missing')
  for (const text of ['Bearer old-token2', 'Bearer old', 'Basic old-token', 'Bearerold-token', 'OLD-TOKEN']) {
    const verdict = authorized(bearer, text)
    assertRejected(verdict, 'token.wrong')
    assert.doesNotMatch(JSON.stringify(verdict), /old-token|new token/i)
  }
})

const basic: AuthenticationScheme = { type: 'basic', username: 'harbor', passwords: ['p:w', 'pässword'] }
const encoded = (text: string, encoding: BufferEncoding = 'utf8') =>
  Buffer.from(text, encoding).toString('base64')

test('the example of RFC 7617 is accepted', () => {
  const scheme: AuthenticationScheme = { type: 'basic', username: 'Aladdin', passwords: ['open sesame'] }
  assertAccepted(authorized(scheme, 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='), 0)
  assertAccepted(
    authorized({ type: 'basic', username: 'test', passwords: ['123£'] }, 'Basic dGVzdDoxMjPCow=='),
    0,
  )
})

test('a password may hold colons and letters beyond ASCII', () => {
  assertAccepted(authorized(basic, `Basic ${encoded('harbor:p:w')}`), 0)
  assertAccepted(authorized(basic, `basic ${encoded('harbor:pässword')}`), 1)
})

test('basic credentials that are missing, malformed or wrong are told apart', () => {
  assertRejected(check(basic, {}), 'credentials.missing')
  assertRejected(authorized(basic, 'Bearer abc'), 'credentials.missing')
  for (const text of ['Basic', 'Basic !!!', `Basic ${encoded('no colon')}`, 'Basic a=b=']) {
    assertRejected(authorized(basic, text), 'credentials.malformed')
  }
  for (const text of ['harbor:', ':p:w', 'harbor:pw', 'Harbor:p:w', 'harbor:p:w ']) {
    assertRejected(authorized(basic, `Basic ${encoded(text)}`), 'credentials.wrong')
  }
})

test('an API key is read from a header whose name has any case', () => {
  const scheme: AuthenticationScheme = {
    type: 'api-key',
    in: 'header',
    name: 'X-Api-Key',
    keys: ['k1', 'k2'],
  }
  assertAccepted(check(scheme, { headers: { 'x-api-key': 'k2' } }), 1)
  assertRejected(check(scheme, {}), 'token.missing')
  assertRejected(check(scheme, { headers: { 'x-api-key': '' } }), 'token.missing')
  assertRejected(check(scheme, { headers: { 'x-api-key': 'K2' } }), 'token.wrong')
  assertRejected(check(scheme, { headers: { 'x-api-key': ['k1', 'k2'] } }), 'token.wrong')
  assertRejected(check(scheme, { query: 'X-Api-Key=k1' }), 'token.missing')
})

test('an API key is read from the query string, once', () => {
  const scheme: AuthenticationScheme = { type: 'api-key', in: 'query', name: 'key', keys: ['a b&c'] }
  for (const query of ['key=a+b%26c', 'x=1&key=a%20b%26c&y=2']) assertAccepted(check(scheme, { query }), 0)
  for (const query of ['', 'KEY=x', 'key=', 'keys=a'])
    assertRejected(check(scheme, { query }), 'token.missing')
  assertRejected(check(scheme, { query: 'key=%E0%A4%A' }), 'token.wrong')
  assertRejected(check(scheme, { query: 'key=x&key=a+b%26c' }), 'token.malformed')
})

test('a header named like a property of every object is nothing special', () => {
  const scheme: AuthenticationScheme = { type: 'api-key', in: 'header', name: 'constructor', keys: ['k'] }
  assertRejected(check(scheme, {}), 'token.missing')
})

test('the secret token of GitLab is accepted in its header', () => {
  const scheme: AuthenticationScheme = { type: 'gitlab', tokens: ['first', 'second'] }
  const withToken = (token: string) =>
    check(scheme, { headers: { 'x-gitlab-token': token, 'webhook-id': 'x' } })
  assertAccepted(withToken('first'), 0)
  assertAccepted(withToken('second'), 1)
  assertRejected(withToken('third'), 'token.wrong')
  assertRejected(check(scheme, {}), 'token.missing')
})
