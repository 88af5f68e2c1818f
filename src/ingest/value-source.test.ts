import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { compileKind, defaultDeliveryIdSources } from './providers.ts'
import { compileSources, DeliveryIdPathError, parseJsonPath } from './value-source.ts'
import type { AuthenticationScheme } from '../core/authentication.ts'
import type { ReceivedHeaders } from './verify/verdict.ts'

const fromJson = (path: string, body: string) =>
  compileSources([{ from: 'json', path }])({}, () => JSON.parse(body) as unknown)
const unread = () => assert.fail('the body was parsed, though a header had the id')

test('an id is read from a header, whatever its case, and the body is left alone', () => {
  const read = compileSources([{ from: 'header', name: 'X-Delivery' }])
  assert.equal(read({ 'x-delivery': 'd-1' }, unread), 'd-1')
  assert.equal(read({ 'x-delivery': '' }, unread), null)
  assert.equal(read({}, unread), null)
})

test('an id is read from the JSON body by a path of names and places', () => {
  const body = '{"id":7,"data":{"object":{"id":"evt_1"}},"list":[{"id":"a"},["b"]],"a.b":{"c\'d":"e"}}'
  assert.equal(fromJson('id', body), '7')
  assert.equal(fromJson('data.object.id', body), 'evt_1')
  assert.equal(fromJson('list[0].id', body), 'a')
  assert.equal(fromJson('list[1][0]', body), 'b')
  assert.equal(fromJson('["a.b"]["c\'d"]', body), 'e')
  assert.equal(fromJson('[1]', '["x","y"]'), 'y')
})

test('what is absent, no text and no number, or only inherited is no id', () => {
  const body = '{"a":null,"b":{},"c":[],"d":true,"e":"","f":"text"}'
  for (const path of [
    'a',
    'b',
    'c',
    'd',
    'e',
    'f.length',
    'f[0]',
    'c[0]',
    'b[0]',
    'x.y',
    'constructor.name',
  ]) {
    assert.equal(fromJson(path, body), null, path)
  }
  assert.equal(fromJson('__proto__.id', '{"__proto__":{"id":"own"}}'), 'own')
  assert.equal(
    compileSources([{ from: 'json', path: 'id' }])({}, () => undefined),
    null,
  )
})

test('an overlong id is known by its hash, so that two of them stay apart', () => {
  const read = compileSources([{ from: 'header', name: 'id' }])
  const long = read({ id: 'x'.repeat(300) }, unread)
  assert.match(long ?? '', /^sha256-[0-9a-f]{64}$/)
  assert.notEqual(long, read({ id: `${'x'.repeat(299)}y` }, unread))
})

test('each known sender has a default', () => {
  const read = (
    schemes: Parameters<typeof defaultDeliveryIdSources>[0],
    headers: ReceivedHeaders,
    body = '{}',
  ) => compileSources(defaultDeliveryIdSources(schemes))(headers, () => JSON.parse(body) as unknown)
  const github = { 'x-github-delivery': 'g', 'webhook-id': 'w' }
  assert.equal(read([{ type: 'github', secrets: ['s'] }], github), 'g')
  const gitlab = { 'x-gitlab-event-uuid': 'chain', 'idempotency-key': 'one' }
  assert.equal(read([{ type: 'gitlab', tokens: ['t'] }], gitlab), 'one')
  assert.equal(read([{ type: 'gitlab', tokens: ['t'] }], { 'x-gitlab-event-uuid': 'chain' }), 'chain')
  assert.equal(read([{ type: 'slack', secrets: ['s'] }], {}, '{"event_id":"Ev1"}'), 'Ev1')
  assert.equal(read([{ type: 'stripe', secrets: ['s'] }], {}, '{"id":"evt_1"}'), 'evt_1')
  assert.equal(read([{ type: 'standard-webhooks', secrets: ['s'] }], { 'webhook-id': 'w' }), 'w')
  assert.equal(read([{ type: 'bearer', secrets: ['s'] }], { 'x-gitea-delivery': 'f' }), 'f')
  assert.equal(read([{ type: 'none' }], {}), null)
})

test('a path that cannot be read is refused with the place', () => {
  for (const path of [
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    'a[',
    'a[x]',
    'a[-1]',
    'a]b',
    '[""]',
    'a["b]',
    'a[\'b"]',
    'a[1]b',
  ]) {
    assert.throws(() => parseJsonPath(path), { code: 'delivery-id.bad-path' }, path)
  }
  assert.throws(() => parseJsonPath('data..id'), /at character 5 /)
})

test('no path and no body does anything but give an id, none, or a path error', () => {
  const path = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom('a', '.', '[', ']', '0', '"', "'")).map(x => x.join('')),
  )
  fc.assert(
    fc.property(path, fc.jsonValue(), (path, body) => {
      try {
        const id = compileSources([{ from: 'json', path }])({}, () => body)
        assert.ok(id === null || id.length > 0)
      } catch (error) {
        assert.ok(error instanceof DeliveryIdPathError)
      }
    }),
    { numRuns: 500 },
  )
})

const kindSaid = (type: string, headers: ReceivedHeaders, body?: unknown) =>
  compileKind([{ type, secrets: ['s'] } as AuthenticationScheme])?.(headers, () => body)

test('the kind of an event is what its provider calls it, below the name of the provider', () => {
  assert.equal(kindSaid('github', { 'x-github-event': 'ping' }), 'github.ping')
  assert.equal(kindSaid('github', { 'x-github-event': 'pull_request' }), 'github.pull_request')
  assert.equal(kindSaid('gitlab', { 'x-gitlab-event': 'Merge Request Hook' }), 'gitlab.merge_request')
  assert.equal(kindSaid('bitbucket', { 'x-event-key': 'pr:comment:added' }), 'bitbucket.pr.comment.added')
  assert.equal(kindSaid('gitea', { 'x-gitea-event': 'push', 'x-github-event': 'other' }), 'gitea.push')
  assert.equal(kindSaid('shopify', { 'x-shopify-topic': 'orders/create' }), 'shopify.orders.create')
  assert.equal(
    kindSaid('pagerduty', {}, { event: { event_type: 'incident.triggered' } }),
    'pagerduty.incident.triggered',
  )
  assert.equal(kindSaid('stripe', {}, { type: 'invoice.paid' }), 'stripe.invoice.paid')
  assert.equal(
    kindSaid('slack', {}, { type: 'event_callback', event: { type: 'app_mention' } }),
    'slack.app_mention',
  )
  assert.equal(kindSaid('alertmanager', {}, { status: 'firing' }), 'alertmanager.firing')
})

test('a provider that says nothing, or nothing that can be a name, leaves the kind open', () => {
  assert.equal(compileKind([{ type: 'none' }]), null)
  assert.equal(compileKind([{ type: 'twilio', secrets: ['s'] }]), null)
  for (const said of ['', '...', '///', '\u00fc', 'x'.repeat(300)])
    assert.equal(kindSaid('github', { 'x-github-event': said }), null, said)
  assert.equal(kindSaid('github', { 'x-github-event': '__proto__' }), 'github.proto')
  assert.equal(kindSaid('github', { 'x-github-event': 'A b!c' }), 'github.a_b_c')
})
