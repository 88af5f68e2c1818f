import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { AuthenticationScheme } from '../../core/authentication.ts'
import { compileAuthentication } from './schemes.ts'
import { assertAccepted, assertRejected, receivedAtSeconds, testRequest } from './test-request.ts'
import type { ReceivedHeaders, ReceivedRequest } from './verdict.ts'

const check = (scheme: AuthenticationScheme, headers: ReceivedHeaders, text: string) =>
  compileAuthentication([scheme])(testRequest({ headers, text }))
const hmacOf = (key: string, text: string, algorithm = 'sha256', encoding: 'hex' | 'base64' = 'hex') =>
  createHmac(algorithm, key).update(text).digest(encoding)

/** Atlassian's published example (developer.atlassian.com, Jira webhooks: the same scheme as Bitbucket's). */
test("Atlassian's published example is accepted for Bitbucket", () => {
  const secret = "It's a Secret to Everybody"
  const signature = 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9'
  const bitbucket: AuthenticationScheme = { type: 'bitbucket', secrets: ['newer', secret] }
  assertAccepted(check(bitbucket, { 'x-hub-signature': signature }, 'Hello World!'), 1)
  assertRejected(check(bitbucket, { 'x-hub-signature': signature }, 'Hello World'), 'signature.mismatch')
  const sha1 = `sha1=${hmacOf(secret, 'Hello World!', 'sha1')}`
  assertRejected(check(bitbucket, { 'x-hub-signature': sha1 }, 'Hello World!'), 'signature.malformed')
  assertRejected(check(bitbucket, {}, 'Hello World!'), 'signature.missing')
})

test('Gitea is known by its own signature, and by that of GitHub when it sends no other', () => {
  const gitea: AuthenticationScheme = { type: 'gitea', secrets: ['s'] }
  const hex = hmacOf('s', 'body')
  assertAccepted(check(gitea, { 'x-gitea-signature': hex }, 'body'), 0)
  assertAccepted(check(gitea, { 'x-hub-signature-256': `sha256=${hex}` }, 'body'), 0)
  const both = { 'x-gitea-signature': hmacOf('other', 'body'), 'x-hub-signature-256': `sha256=${hex}` }
  assertRejected(check(gitea, both, 'body'), 'signature.mismatch')
  // Gitea sends an empty header when its webhook has no secret.
  assertRejected(check(gitea, { 'x-gitea-signature': '' }, 'body'), 'signature.missing')
  assertRejected(check(gitea, {}, 'body'), 'signature.missing')
})

/** From the tests of bold-commerce/go-shopify (TestVerifyWebhookRequest), which sends the text as JSON. */
test("the vector of Shopify's Go client is accepted", () => {
  const shopify: AuthenticationScheme = { type: 'shopify', secrets: ['hush', 'newer'] }
  const headers = { 'x-shopify-hmac-sha256': 'hMTq0K2x7oyOjoBwGYeTj5oxfnaVYXzbanUG9aajpKI=' }
  assertAccepted(check(shopify, headers, '"my secret message"'), 0)
  assertRejected(check(shopify, headers, ''), 'signature.mismatch')
  assertRejected(check(shopify, { 'x-shopify-hmac-sha256': 'wronghash' }, ''), 'signature.malformed')
})

/** From the tests of PagerDuty/go-pagerduty (webhookv3, TestVerifySignature). */
const pagerdutySecret = 'lDQHScfUeXUKaQRNF+8XIiDKZ7XX3itBAYzwU0TARw8lJqRnkKl2iB1anSb0Z+IK'
const pagerdutyBody =
  '{"event":{"id":"01BWDWL3NYY7LUFPZCC28QUCMK","event_type":"incident.priority_updated","resource_type":"incident","occurred_at":"2021-04-26T17:36:27.458Z","agent":{"html_url":"https://acme.pagerduty.com/users/PLH1HKV","id":"PLH1HKV","self":"https://api.pagerduty.com/users/PLH1HKV","summary":"Tenex Engineer","type":"user_reference"},"client":null,"data":{"id":"PGR0VU2","type":"incident","self":"https://api.pagerduty.com/incidents/PGR0VU2","html_url":"https://acme.pagerduty.com/incidents/PGR0VU2","number":2,"status":"triggered","title":"A little bump in the road","service":{"html_url":"https://acme.pagerduty.com/services/PF9KMXH","id":"PF9KMXH","self":"https://api.pagerduty.com/services/PF9KMXH","summary":"API Service","type":"service_reference"},"assignees":[{"html_url":"https://acme.pagerduty.com/users/PTUXL6G","id":"PTUXL6G","self":"https://api.pagerduty.com/users/PTUXL6G","summary":"User 123","type":"user_reference"}],"escalation_policy":{"html_url":"https://acme.pagerduty.com/escalation_policies/PUS0KTE","id":"PUS0KTE","self":"https://api.pagerduty.com/escalation_policies/PUS0KTE","summary":"Default","type":"escalation_policy_reference"},"teams":[{"html_url":"https://acme.pagerduty.com/teams/PFCVPS0","id":"PFCVPS0","self":"https://api.pagerduty.com/teams/PFCVPS0","summary":"Engineering","type":"team_reference"}],"priority":{"html_url":"https://acme.pagerduty.com/account/incident_priorities","id":"PSO75BM","self":"https://api.pagerduty.com/priorities/PSO75BM","summary":"P1","type":"priority_reference"},"urgency":"high","conference_bridge":{"conference_number":1000,"conference_url":"https://example.com"},"resolve_reason":null}}}'

test("PagerDuty's vector is accepted, also among the signatures of a rotation", () => {
  const pagerduty: AuthenticationScheme = { type: 'pagerduty', secrets: ['newer', pagerdutySecret] }
  const right = 'v1=0c0b9495b893a39e70d1fea2fe11fbe0a825f88b9f67846f6cc07dd2bc5476cd'
  const other = 'v1=7020c8a7ec668a9b7012bc3dd82e483394b038f4230acc6785efbf2a7d8bcaf5'
  const knock = (header: string) => check(pagerduty, { 'x-pagerduty-signature': header }, pagerdutyBody)
  for (const header of [right, `${other},${right}`, `${right}, ${other}`, `v0=x,${right}`])
    assertAccepted(knock(header), 1)
  assertRejected(knock(other), 'signature.mismatch')
  for (const header of ['v1=', 'v1', right.slice(3), 'v2=x', ',,,', Array(9).fill(right).join(',')])
    assertRejected(knock(header), 'signature.malformed')
  assertRejected(check(pagerduty, {}, pagerdutyBody), 'signature.missing')
})

test('Alertmanager is known by its bearer token', () => {
  const scheme: AuthenticationScheme = { type: 'alertmanager', secrets: ['old', 'new'] }
  assertAccepted(check(scheme, { authorization: 'Bearer new' }, '{}'), 1)
  assertRejected(check(scheme, { authorization: 'Bearer x' }, '{}'), 'token.wrong')
  assert.equal(check(scheme, {}, '{}').scheme, 'alertmanager')
})

test('X signs in base64 with a prefix, Zoom as Slack does', () => {
  const x: AuthenticationScheme = { type: 'x', secrets: ['s'] }
  const signature = `sha256=${hmacOf('s', '{}', 'sha256', 'base64')}`
  assertAccepted(check(x, { 'x-twitter-webhooks-signature': signature }, '{}'), 0)
  assertRejected(check(x, { 'x-twitter-webhooks-signature': signature }, '[]'), 'signature.mismatch')
  const zoom: AuthenticationScheme = { type: 'zoom', secrets: ['s'] }
  const headers = {
    'x-zm-signature': `v0=${hmacOf('s', `v0:${receivedAtSeconds}:{}`)}`,
    'x-zm-request-timestamp': String(receivedAtSeconds),
  }
  assertAccepted(check(zoom, headers, '{}'), 0)
  const stale = { ...headers, 'x-zm-request-timestamp': String(receivedAtSeconds - 301) }
  assertRejected(check(zoom, stale, '{}'), 'signature.mismatch')
})

/** Each vector of these is from the tests of twilio/twilio-node (spec/validation.spec.js), whose auth token is 12345. */
const twilio: AuthenticationScheme = { type: 'twilio', secrets: ['newer', '12345'] }
const form =
  'CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212'
const call = (signature: string, changes: Partial<ReceivedRequest> & { text?: string }, base: string) =>
  compileAuthentication(
    [twilio],
    () => base,
  )(
    testRequest({
      path: '/myapp.php',
      query: 'foo=1&bar=2',
      text: form,
      ...changes,
      headers: { 'x-twilio-signature': signature, ...changes.headers },
    }),
  )
const company = 'https://mycompany.com'

test("Twilio's vectors of forms are accepted, with and without the port", () => {
  assertAccepted(call('RSOYDt4T1cUTdK1PDd93/VVr8B8=', {}, company), 1)
  assertAccepted(call('RSOYDt4T1cUTdK1PDd93/VVr8B8=', {}, `${company}:1234`), 1)
  assertAccepted(call('Zmvh+3yNM1Phv2jhDCwEM3q5ebU=', {}, 'http://mycompany.com:1234'), 1)
  assertAccepted(call('kvajT1Ptam85bY51eRf/AJRuM3w=', {}, company), 1)
  assertAccepted(call('0ZXoZLH/DfblKGATFgpif+LLRf4=', {}, 'http://mycompany.com'), 1)
  const special = { query: "foo=1&bar=2&Body=It's+amazing" }
  assertAccepted(call('dsq4Ehbj6cs+KdTkpF5sSSplOWw=', special, company), 1)
  const address = (...ends: string[]) =>
    ends.map(end => `MessagingBinding.Address=%2B1${end}xxxxxxx`).join('&')
  for (const text of [address('325', '415'), address('415', '325')])
    assertAccepted(call('83O6e2vORAoJHUNzJjDWN1jz+BA=', { text }, company), 1)
  const repeated = 'Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234'
  assertAccepted(call('IK+Dwps556ElfBT0I3Rgjkr1wJU=', { text: repeated }, company), 1)
})

test("Twilio's vectors of JSON are accepted: the URL holds the hash of the body", () => {
  const text = '{"property": "value", "boolean": true}'
  const sha256 = '0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620'
  const query = `foo=1&bar=2&bodySHA256=${sha256}`
  assertAccepted(call('a9nBmqA0ju/hNViExpshrM61xv4=', { query, text }, company), 1)
  assertAccepted(call('y77kIzt2vzLz71DgmJGsen2scGs=', { query: `bodySHA256=${sha256}`, text }, company), 1)
  const empty = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'
  assertAccepted(
    call('Ldidvp12m26NI7eqEvxnEpkd9Hc=', { query: `foo=1&bar=2&bodySHA256=${empty}`, text: '{}' }, company),
    1,
  )
  const changed = call('a9nBmqA0ju/hNViExpshrM61xv4=', { query, text: `${text} ` }, company)
  assertRejected(changed, 'signature.mismatch')
  assertRejected(
    call('a9nBmqA0ju/hNViExpshrM61xv4=', { query: 'foo=1&bar=2', text }, company),
    'signature.mismatch',
  )
})

test('the URL at Twilio may be another one: its host alone, or the whole', () => {
  const signed = 'RSOYDt4T1cUTdK1PDd93/VVr8B8='
  const at = (url: string, path: string) =>
    compileAuthentication(
      [{ type: 'twilio', secrets: ['12345'], url }],
      () => 'http://127.0.0.1:4620',
    )(testRequest({ path, query: 'foo=1&bar=2', text: form, headers: { 'x-twilio-signature': signed } }))
  assertAccepted(at(company, '/myapp.php'), 0)
  assertAccepted(at(`${company}/`, '/myapp.php'), 0)
  assertAccepted(at(`${company}/myapp.php`, '/hooks/sms'), 0)
  assertRejected(at(company, '/hooks/sms'), 'signature.mismatch')
  const without = call(signed, { headers: {} }, 'http://127.0.0.1:4620')
  assertRejected(without, 'signature.mismatch')
  assert.match(
    JSON.stringify(without),
    /127\.0\.0\.1:4620\/myapp\.php\?foo=1/,
    'the owner sees which URL was checked',
  )
})

test('a shared key of a webhook rule signs with SHA-256, as its header says', () => {
  const text = `${company}/myapp.php?foo=1&bar=2a1`
  const headers = { 'x-twilio-webhooks-signature-settings': 'key=KY1,algorithm=HMAC_SHA256' }
  const sha256 = hmacOf('12345', text, 'sha256', 'base64')
  assertAccepted(call(sha256, { headers, text: 'a=1' }, company), 1)
  assertRejected(call(sha256, { text: 'a=1' }, company), 'signature.malformed')
  assertRejected(
    call(hmacOf('12345', text, 'sha1', 'base64'), { headers, text: 'a=1' }, company),
    'signature.malformed',
  )
})

test('no other fields, bytes or URL pass with the signature of a genuine request of Twilio', () => {
  const field = fc.tuple(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ maxLength: 8 }))
  const encode = (fields: [string, string][]) => new URLSearchParams(fields).toString()
  fc.assert(
    fc.property(
      fc.array(field, { maxLength: 5 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      (fields, noise) => {
        const byName = new Map<string, Set<string>>()
        for (const [name, value] of fields) byName.set(name, (byName.get(name) ?? new Set()).add(value))
        const tail = [...byName.keys()]
          .sort()
          .flatMap(name => [...(byName.get(name) ?? [])].sort().map(value => name + value))
          .join('')
        const signature = hmacOf('12345', `${company}/myapp.php?foo=1&bar=2${tail}`, 'sha1', 'base64')
        const text = encode(fields)
        assertAccepted(call(signature, { text }, company), 1)
        assert.equal(call(signature, { text: encode([...fields, ['~', noise]]) }, company).ok, false)
        assert.equal(call(signature, { text, query: 'foo=1&bar=3' }, company).ok, false)
        const body = Buffer.from(noise)
        const sha256 = createHash('sha256').update('another').digest('hex')
        assert.equal(call(signature, { body, query: `foo=1&bar=2&bodySHA256=${sha256}` }, company).ok, false)
      },
    ),
    { numRuns: 200 },
  )
})
