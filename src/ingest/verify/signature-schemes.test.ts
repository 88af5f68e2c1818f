import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import type { AuthenticationScheme, SchemeOf } from '../../core/authentication.ts'
import { signStandardWebhook } from '../../core/signing.ts'
import { compileAuthentication } from './schemes.ts'
import { assertAccepted, assertRejected, receivedAtSeconds, testRequest } from './test-request.ts'
import type { ReceivedHeaders } from './verdict.ts'

const check = (scheme: AuthenticationScheme, headers: ReceivedHeaders, text: string, lateSeconds = 0) =>
  compileAuthentication([scheme])(
    testRequest({ headers, text, receivedAtMs: (receivedAtSeconds + lateSeconds) * 1000 }),
  )
const hmacOf = (key: string, text: string, algorithm = 'sha256', encoding: 'hex' | 'base64' = 'hex') =>
  createHmac(algorithm, key).update(text).digest(encoding)

/** docs.github.com, "Validating webhook deliveries", testing the webhook payload validation. */
const githubSecret = "It's a Secret to Everybody"
const githubSignature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'

test("GitHub's published example is accepted, and its secret may be one of several", () => {
  const headers = { 'x-hub-signature-256': githubSignature }
  assertAccepted(check({ type: 'github', secrets: [githubSecret] }, headers, 'Hello, World!'), 0)
  const verdict = check({ type: 'github', secrets: ['newer', githubSecret] }, headers, 'Hello, World!')
  assert.deepEqual(verdict, {
    ok: true,
    scheme: 'github',
    secretIndex: 1,
    detail: 'signature by secret 2 of 2',
  })
})

test('a GitHub signature of another body or secret is a mismatch, and the right one is not told', () => {
  const headers = { 'x-hub-signature-256': githubSignature }
  const scheme: AuthenticationScheme = { type: 'github', secrets: [githubSecret] }
  const verdict = check(scheme, headers, 'Hello, World')
  assertRejected(verdict, 'signature.mismatch')
  assert.doesNotMatch(JSON.stringify(verdict), new RegExp(hmacOf(githubSecret, 'Hello, World')))
  assertRejected(
    check({ type: 'github', secrets: ['other'] }, headers, 'Hello, World!'),
    'signature.mismatch',
  )
})

test('a GitHub signature that cannot be read is told from one that did not come', () => {
  const scheme: AuthenticationScheme = { type: 'github', secrets: [githubSecret] }
  assertRejected(check(scheme, {}, ''), 'signature.missing')
  assertRejected(check(scheme, { 'x-hub-signature-256': '' }, ''), 'signature.missing')
  const hex = githubSignature.slice(7)
  const malformed = [
    hex,
    `sha1=${hex}`,
    `sha256=${hex}0`,
    `sha256=${hex.slice(1)}`,
    `sha256=g${hex.slice(1)}`,
    'x',
  ]
  for (const value of [
    ...malformed,
    `${githubSignature}, ${githubSignature}`,
    [githubSignature, githubSignature],
  ]) {
    assertRejected(check(scheme, { 'x-hub-signature-256': value }, 'Hello, World!'), 'signature.malformed')
  }
  assertAccepted(check(scheme, { 'x-hub-signature-256': `sha256=${hex.toUpperCase()}` }, 'Hello, World!'))
})

test('SHA-1 counts only when it is allowed and SHA-256 is absent', () => {
  const sha1 = `sha1=${hmacOf('s', 'body', 'sha1')}`
  const allowing: AuthenticationScheme = { type: 'github', secrets: ['s'], allowSha1: true }
  assertAccepted(check(allowing, { 'x-hub-signature': sha1 }, 'body'), 0)
  assertRejected(
    check({ type: 'github', secrets: ['s'] }, { 'x-hub-signature': sha1 }, 'body'),
    'signature.missing',
  )
  const both = { 'x-hub-signature': sha1, 'x-hub-signature-256': githubSignature }
  assertRejected(check(allowing, both, 'body'), 'signature.mismatch')
})

/** docs.slack.dev, "Verifying requests from Slack". */
const slackSecret = '8f742231b10e8888abcd99yyyzzz85a5'
const slackSignature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503'
const slackBody =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
  '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
  '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d' +
  '10d2c447fce8b6703c'
const slackHeaders = { 'x-slack-signature': slackSignature, 'x-slack-request-timestamp': '1531420618' }
const slack: AuthenticationScheme = { type: 'slack', secrets: [slackSecret] }

test("Slack's published example is accepted for five minutes, before and after", () => {
  for (const late of [0, 300, -300]) assertAccepted(check(slack, slackHeaders, slackBody, late), 0)
  assertRejected(check(slack, slackHeaders, slackBody, 301), 'timestamp.stale', 403)
  assertRejected(check(slack, slackHeaders, slackBody, -301), 'timestamp.ahead', 403)
  assertAccepted(check({ ...slack, toleranceSeconds: 3600 }, slackHeaders, slackBody, 3600))
})

test('a replay with another time, or a stale request that was never right, is a mismatch', () => {
  const moved = { ...slackHeaders, 'x-slack-request-timestamp': '1531421618' }
  assertRejected(check(slack, moved, slackBody, 1000), 'signature.mismatch')
  assertRejected(check(slack, slackHeaders, `${slackBody} `, 1000), 'signature.mismatch')
})

test('a time that is missing or malformed is told', () => {
  assertRejected(check(slack, { 'x-slack-signature': slackSignature }, slackBody), 'timestamp.missing')
  for (const time of [
    'now',
    '1e9',
    '01531420618',
    '-5',
    '1.5',
    ' 1',
    '9'.repeat(16),
    '9'.repeat(40),
    '2018-07-12',
  ]) {
    const headers = { ...slackHeaders, 'x-slack-request-timestamp': time }
    assertRejected(check(slack, headers, slackBody), 'timestamp.malformed')
  }
})

const stripe: AuthenticationScheme = { type: 'stripe', secrets: ['whsec_old', 'whsec_new'] }
const stripeHeader = (secrets: string[], body: string, seconds = receivedAtSeconds) =>
  `t=${seconds},${secrets.map(secret => `v1=${hmacOf(secret, `${seconds}.${body}`)}`).join(',')},v0=abc`

test('Stripe may sign with several secrets, and one that is known here suffices', () => {
  const check1 = (header: string, late = 0) =>
    check(stripe, { 'stripe-signature': header }, '{"id":"evt_1"}', late)
  assertAccepted(check1(stripeHeader(['whsec_new'], '{"id":"evt_1"}')), 1)
  assertAccepted(check1(stripeHeader(['unknown', 'whsec_old'], '{"id":"evt_1"}')), 0)
  assertAccepted(check1(stripeHeader(['whsec_old'], '{"id":"evt_1"}').replaceAll(',', ', ')), 0)
  assertRejected(check1(stripeHeader(['unknown'], '{"id":"evt_1"}')), 'signature.mismatch')
  assertRejected(check1(stripeHeader(['whsec_new'], '{"id":"evt_2"}')), 'signature.mismatch')
  assertRejected(check1(stripeHeader(['whsec_new'], '{"id":"evt_1"}'), 301), 'timestamp.stale', 403)
  assertRejected(check1(stripeHeader(['whsec_new'], '{"id":"evt_1"}'), -301), 'timestamp.ahead', 403)
})

test('a Stripe-Signature of any other shape is malformed', () => {
  const check1 = (header: string) => check(stripe, { 'stripe-signature': header }, '{}')
  const v1 = `v1=${hmacOf('whsec_old', `${receivedAtSeconds}.{}`)}`
  assertRejected(check1(''), 'signature.missing')
  assertRejected(check(stripe, {}, '{}'), 'signature.missing')
  for (const header of [v1, `t=,${v1}`, `t=x,${v1}`, `t=1,t=1,${v1}`, 'v1', '=', ',,,', `T=1,${v1}`]) {
    assertRejected(check1(header), 'timestamp.malformed')
  }
  const time = `t=${receivedAtSeconds}`
  for (const header of [time, `${time},v1=`, `${time},v1=xyz`, `${time},v0=${v1.slice(3)}`]) {
    assertRejected(check1(header), 'signature.malformed')
  }
  assertRejected(check1(`${time}${`,${v1}`.repeat(9)}`), 'signature.malformed')
  assertAccepted(check1(`${time}${`,${v1}`.repeat(8)}`), 0)
})

const hmacSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const otherSecret = `whsec_${Buffer.from('another secret of 24 byt').toString('base64')}`
const signed = (body: string, secrets: string[], id = 'msg_1') => ({
  ...signStandardWebhook({ id, timestampSeconds: receivedAtSeconds, body, secrets }),
})

test('the published vector of Standard Webhooks is accepted, and the signature may stand among others', () => {
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  }
  const scheme: AuthenticationScheme = { type: 'standard-webhooks', secrets: [hmacSecret.slice(6)] }
  const late = 1614265330 - receivedAtSeconds
  assertAccepted(check(scheme, headers, '{"test": 2432232314}', late), 0)
  const among = `v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,xx v1a,yy ${headers['webhook-signature']} v1,short`
  assertAccepted(check(scheme, { ...headers, 'webhook-signature': among }, '{"test": 2432232314}', late), 0)
  assertRejected(check(scheme, headers, '{"test": 2432232314}', late + 301), 'timestamp.stale', 403)
  assertRejected(check(scheme, headers, '{"test": 2432232314}', late - 301), 'timestamp.ahead', 403)
})

test('either side may rotate its secret: one signature and one secret that fit suffice', () => {
  const both: AuthenticationScheme = { type: 'standard-webhooks', secrets: [otherSecret, hmacSecret] }
  assertAccepted(check(both, signed('b', [hmacSecret]), 'b'), 1)
  const one: AuthenticationScheme = { type: 'standard-webhooks', secrets: [hmacSecret] }
  assertAccepted(check(one, signed('b', [otherSecret, hmacSecret]), 'b'), 0)
  assertRejected(check(one, signed('b', [otherSecret]), 'b'), 'signature.mismatch')
})

test('an ed25519 signature is checked with a public key, also beside HMAC secrets', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const whpk = `whpk_${publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`
  const whsk = `whsk_${privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32).toString('base64')}`
  const mixed: AuthenticationScheme = { type: 'standard-webhooks', secrets: [hmacSecret, whpk] }
  assertAccepted(check(mixed, signed('b', [whsk]), 'b'), 1)
  assertAccepted(check(mixed, signed('b', [whsk, hmacSecret]), 'b'), 0)
  assertRejected(check(mixed, signed('c', [whsk]), 'b'), 'signature.mismatch')
  const asymmetric: AuthenticationScheme = { type: 'standard-webhooks', secrets: [whpk] }
  assertRejected(check(asymmetric, signed('b', [hmacSecret]), 'b'), 'signature.malformed')
  const asV1 = `v1,${sign(null, Buffer.from(`msg_1.${receivedAtSeconds}.b`), privateKey).toString('base64')}`
  assertRejected(
    check(mixed, { ...signed('b', [whsk]), 'webhook-signature': asV1 }, 'b'),
    'signature.malformed',
  )
})

test('a dot in the id would let time and body be cut in another way, so it is refused', () => {
  const scheme: AuthenticationScheme = { type: 'standard-webhooks', secrets: [hmacSecret] }
  const genuine = signed(`${receivedAtSeconds}.{"pay":1}`, [hmacSecret], 'msg')
  assertAccepted(check(scheme, genuine, `${receivedAtSeconds}.{"pay":1}`), 0)
  const shifted = { ...genuine, 'webhook-id': `msg.${receivedAtSeconds}` }
  assertRejected(check(scheme, shifted, '{"pay":1}'), 'id.malformed')
})

test('missing and malformed Standard Webhooks headers are told one by one', () => {
  const scheme: AuthenticationScheme = { type: 'standard-webhooks', secrets: [hmacSecret] }
  const change = (changes: ReceivedHeaders) =>
    check(scheme, { ...signed('b', [hmacSecret]), ...changes }, 'b')
  assertRejected(change({ 'webhook-signature': undefined }), 'signature.missing')
  assertRejected(change({ 'webhook-id': undefined }), 'id.missing')
  assertRejected(change({ 'webhook-timestamp': '' }), 'timestamp.missing')
  assertRejected(change({ 'webhook-timestamp': 'soon' }), 'timestamp.malformed')
  assertRejected(change({ 'webhook-id': 'msg_2' }), 'signature.mismatch')
  for (const value of [
    'v1',
    'v1,',
    ' ',
    'v1,a',
    'v2,a',
    `v1,${'='.repeat(44)}`,
    Array(9).fill('v1,a').join(' '),
  ]) {
    assertRejected(change({ 'webhook-signature': value }), 'signature.malformed')
  }
})

test('a GitLab signing token is used as Standard Webhooks says, and wins over the secret token when it signs', () => {
  const signing: SchemeOf<'gitlab'> = { type: 'gitlab', signingTokens: [hmacSecret] }
  const either: SchemeOf<'gitlab'> = { ...signing, tokens: ['plain'] }
  const signature = signed('b', [hmacSecret])
  const verdict = check(signing, signature, 'b')
  assert.deepEqual(verdict, {
    ok: true,
    scheme: 'gitlab',
    secretIndex: 0,
    detail: 'signature by signing token',
  })
  assertAccepted(check(either, signature, 'b'))
  assertAccepted(
    check(either, { 'webhook-id': 'x', 'webhook-timestamp': '1', 'x-gitlab-token': 'plain' }, 'b'),
  )
  assertRejected(check(signing, { 'x-gitlab-token': 'plain' }, 'b'), 'signature.missing')
  assertRejected(check(either, { ...signature, 'x-gitlab-token': 'plain' }, 'c'), 'signature.mismatch')
})

test('an HMAC is configured by algorithm, encoding and prefix', () => {
  for (const algorithm of ['sha1', 'sha256', 'sha512'] as const) {
    for (const encoding of ['hex', 'base64'] as const) {
      const scheme: AuthenticationScheme = {
        type: 'hmac',
        header: 'X-Sig',
        algorithm,
        encoding,
        prefix: 'p=',
        secrets: ['k'],
      }
      const signature = hmacOf('k', 'body', algorithm, encoding)
      assertAccepted(check(scheme, { 'x-sig': `p=${signature}` }, 'body'), 0)
      assertRejected(check(scheme, { 'x-sig': `p=${signature}` }, 'Body'), 'signature.mismatch')
      assertRejected(check(scheme, { 'x-sig': signature }, 'body'), 'signature.malformed')
      assertRejected(check(scheme, { 'x-sig': `p=${signature.slice(1)}` }, 'body'), 'signature.malformed')
    }
  }
})

test('an HMAC may cover a time in each of its formats', () => {
  const times = {
    'unix-seconds': ['1531420618', '1531420618000'],
    'unix-milliseconds': ['1531420618123', '1531420618'],
    'iso-8601': ['2018-07-12T18:36:58.5Z', '2018-07-12T18:36:58', '2018-07-12T20:36:58+02:00'],
  } as const
  for (const format of ['unix-seconds', 'unix-milliseconds', 'iso-8601'] as const) {
    const scheme: AuthenticationScheme = {
      type: 'hmac',
      header: 'X-Sig',
      timestamp: { header: 'X-Time', format, signed: 'v9:{timestamp}{body}' },
      secrets: ['k'],
    }
    const [right, off, alsoRight = right] = times[format]
    const at = (time: string) => check(scheme, { 'x-sig': hmacOf('k', `v9:${time}b`), 'x-time': time }, 'b')
    assertAccepted(at(right), 0)
    assertAccepted(at(alsoRight), 0)
    assert.equal(at(off).ok, false)
  }
  const plain: AuthenticationScheme = {
    type: 'hmac',
    header: 'S',
    timestamp: { header: 'T' },
    secrets: ['k'],
  }
  const headers = { s: hmacOf('k', '1531420618.b'), t: '1531420618' }
  assertAccepted(check(plain, headers, 'b', 300), 0)
  assertRejected(check(plain, headers, 'b', 301), 'timestamp.stale', 403)
})
