import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { AuthenticationScheme } from '../../core/authentication.ts'
import { schemeTypes } from '../../core/authentication.ts'
import { signStandardWebhook } from '../../core/signing.ts'
import { compileAuthentication, schemes } from './schemes.ts'
import { assertAccepted, assertRejected, receivedAtSeconds, testRequest } from './test-request.ts'
import type { ReceivedHeaders } from './verdict.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const publicKey = 'whpk_iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w='
const privateKey = `whsk_${Buffer.alloc(32, 1).toString('base64')}`

test('every type of scheme has a check', () => {
  assert.deepEqual(Object.keys(schemes).sort(), [...schemeTypes].sort())
})

test('an open endpoint accepts', () => {
  assert.deepEqual(compileAuthentication([{ type: 'none' }])(testRequest({})), { ok: true, scheme: 'none' })
})

test('all schemes of the list must pass, and the first that does not decides', () => {
  const check = compileAuthentication([
    { type: 'bearer', secrets: ['t'] },
    { type: 'api-key', in: 'query', name: 'key', keys: ['k', 'l'] },
  ])
  const headers = { authorization: 't' }
  assert.deepEqual(check(testRequest({ headers, query: 'key=l' })), {
    ok: true,
    scheme: 'bearer, api-key',
    detail: 'bearer: token; api-key: key 2 of 2',
  })
  assertRejected(check(testRequest({ headers })), 'token.missing')
  const verdict = check(testRequest({ query: 'key=k' }))
  assert.equal(verdict.scheme, 'bearer')
  assert.equal(verdict.ok, false)
})

test('a configuration that cannot be used lets nobody in, and says why', () => {
  const unusable = [
    [],
    [{ type: 'bearer', secrets: [] }],
    [{ type: 'bearer', secrets: [''] }],
    [{ type: 'none' }, { type: 'github', secrets: [''] }],
    [{ type: 'basic', username: 'a:b', passwords: ['c'] }],
    [{ type: 'gitlab' }],
    [{ type: 'standard-webhooks', secrets: ['whsec_?'] }],
    [{ type: 'hmac', header: 'X', secrets: ['s'], timestamp: { header: 'T', signed: '{body}' } }],
    [{ type: 'constructor' }],
    [{ type: '__proto__' }],
    [{ type: 'pgp', secrets: ['x'] }],
  ]
  for (const configured of unusable) {
    const check = compileAuthentication(configured as AuthenticationScheme[])
    const request = testRequest({ headers: { authorization: 'Bearer ', 'x-gitlab-token': '' } })
    assertRejected(check(request), 'scheme.unusable', 403)
  }
})

const hmacHex = (text: string) => createHmac('sha256', secret).update(text).digest('hex')
const hmacBase64 = (text: string) => createHmac('sha256', secret).update(text).digest('base64')

/** Each scheme that signs, with the headers that a genuine sender gives its body. */
const signing: [AuthenticationScheme, (body: string) => Record<string, string>][] = [
  [{ type: 'github', secrets: [secret] }, body => ({ 'x-hub-signature-256': `sha256=${hmacHex(body)}` })],
  [
    { type: 'slack', secrets: [secret] },
    body => ({
      'x-slack-signature': `v0=${hmacHex(`v0:${receivedAtSeconds}:${body}`)}`,
      'x-slack-request-timestamp': String(receivedAtSeconds),
    }),
  ],
  [
    { type: 'stripe', secrets: [secret] },
    body => ({ 'stripe-signature': `t=${receivedAtSeconds},v1=${hmacHex(`${receivedAtSeconds}.${body}`)}` }),
  ],
  [
    { type: 'standard-webhooks', secrets: [secret, publicKey] },
    body => ({
      ...signStandardWebhook({
        id: 'm',
        timestampSeconds: receivedAtSeconds,
        body,
        secrets: [secret, privateKey],
      }),
    }),
  ],
  [
    {
      type: 'hmac',
      header: 'S',
      timestamp: { header: 'T', signed: '{timestamp}{body}' },
      secrets: [secret],
    },
    body => ({ s: hmacHex(`${receivedAtSeconds}${body}`), t: String(receivedAtSeconds) }),
  ],
  [{ type: 'bitbucket', secrets: [secret] }, body => ({ 'x-hub-signature': `sha256=${hmacHex(body)}` })],
  [{ type: 'gitea', secrets: [secret] }, body => ({ 'x-gitea-signature': hmacHex(body) })],
  [{ type: 'shopify', secrets: [secret] }, body => ({ 'x-shopify-hmac-sha256': hmacBase64(body) })],
  [{ type: 'pagerduty', secrets: [secret] }, body => ({ 'x-pagerduty-signature': `v1=${hmacHex(body)}` })],
  [
    { type: 'x', secrets: [secret] },
    body => ({ 'x-twitter-webhooks-signature': `sha256=${hmacBase64(body)}` }),
  ],
  [
    { type: 'zoom', secrets: [secret] },
    body => ({
      'x-zm-signature': `v0=${hmacHex(`v0:${receivedAtSeconds}:${body}`)}`,
      'x-zm-request-timestamp': String(receivedAtSeconds),
    }),
  ],
]

test('a genuine request passes; another body never does, whatever is done to the headers', () => {
  const body = fc.string({ unit: 'binary', maxLength: 60 })
  const edit = fc.record({
    at: fc.nat(),
    text: fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 3 }),
  })
  const splice = (text: string, { at, text: other }: { at: number; text: string }) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + other + text.slice(place + other.length)
  }
  for (const [scheme, headersFor] of signing) {
    const check = compileAuthentication([scheme])
    fc.assert(
      fc.property(body, body, edit, (text, otherText, change) => {
        const headers = headersFor(text)
        assertAccepted(check(testRequest({ headers, text })))
        for (const other of [otherText, splice(text, change), ...shifted(text)]) {
          if (Buffer.from(other).equals(Buffer.from(text))) continue
          assert.equal(check(testRequest({ headers, text: other })).ok, false)
        }
        for (const name of Object.keys(headers)) {
          const changed: ReceivedHeaders = { ...headers, [name]: splice(headers[name] ?? '', change) }
          const verdict = check(testRequest({ headers: changed, text: `${otherText}${text}!` }))
          assert.equal(verdict.ok, false)
        }
      }),
      { numRuns: 60 },
    )
  }
})

/** The body with a part of it pushed over the edge to the time or id in front of it, or back. */
const shifted = (text: string): string[] => [
  text.slice(1),
  `8${text}`,
  `.${text}`,
  `${receivedAtSeconds}.${text}`,
]

test('no header, query or body makes a check throw, and no noise is accepted', () => {
  const names = [
    'authorization',
    'x-hub-signature-256',
    'x-hub-signature',
    'x-gitlab-token',
    'x-slack-signature',
    'x-slack-request-timestamp',
    'stripe-signature',
    'webhook-id',
    'webhook-timestamp',
    'webhook-signature',
    'x-gitea-signature',
    'x-shopify-hmac-sha256',
    'x-pagerduty-signature',
    'x-twilio-signature',
    'x-twilio-webhooks-signature-settings',
    'x-twitter-webhooks-signature',
    'x-zm-signature',
    'x-zm-request-timestamp',
    's',
    't',
  ]
  const piece = fc.constantFrom(
    'v1=',
    'v1,',
    'v1a,',
    't=',
    'sha256=',
    ' ',
    ',',
    '=',
    'Bearer ',
    'Basic ',
    '0',
    'a',
    '9',
  )
  const noise = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map(pieces => pieces.join('')),
  )
  const value = fc.oneof(
    noise,
    fc.array(noise),
    fc.constant(undefined),
    fc.constant(String(receivedAtSeconds)),
  )
  const all: AuthenticationScheme[] = [
    ...signing.map(([scheme]) => scheme),
    { type: 'github', secrets: [secret], allowSha1: true },
    { type: 'bearer', secrets: [secret] },
    { type: 'basic', username: '', passwords: [secret] },
    { type: 'api-key', in: 'query', name: 't', keys: [secret] },
    { type: 'gitlab', tokens: [secret], signingTokens: [secret] },
    { type: 'twilio', secrets: [secret] },
    { type: 'alertmanager', secrets: [secret] },
  ]
  const checks = all.map(scheme => compileAuthentication([scheme]))
  const headers = fc.dictionary(fc.constantFrom(...names), value, { minKeys: 1, noNullPrototype: false })
  fc.assert(
    fc.property(headers, noise, fc.uint8Array(), (headers, query, bytes) => {
      const request = testRequest({ headers, query, body: Buffer.from(bytes) })
      for (const check of checks) {
        const verdict = check(request)
        assert.equal(verdict.ok, false)
        assert.ok(!verdict.ok && verdict.detail.length < 400)
      }
    }),
    { numRuns: 300 },
  )
})
