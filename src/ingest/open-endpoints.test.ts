import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { type Endpoint, mapEndpointSecrets } from '../core/endpoint.ts'
import { createReactionIndex } from '../core/reaction-index.ts'
import { createSealer, hashToken } from '../core/seal.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import { openEndpoints } from './open-endpoints.ts'
import type { ReceivedRequest } from './verify/verdict.ts'

const sealer = createSealer(randomBytes(32))

type Change = Parameters<Parameters<Configuration['onChange']>[0]>[0]

function fakeConfiguration(...endpoints: Endpoint[]) {
  const handlers: ((change: Change) => void)[] = []
  const configuration: Configuration = {
    version: 1,
    endpoints: new Map(endpoints.map(one => [one.id, one])),
    reactions: new Map(),
    index: createReactionIndex(),
    refresh: async () => {},
    onChange: handler => void handlers.push(handler),
    stop: () => {},
  }
  return {
    configuration,
    change: (...changed: Endpoint[]) => {
      for (const handler of handlers) handler({ endpoints: changed, reactions: [] })
    },
  }
}

const someEndpoint = (
  set: Partial<Endpoint> = {},
  definition: Partial<Endpoint['definition']> = {},
): Endpoint => ({
  id: 'ep_1',
  definition: mapEndpointSecrets(
    {
      name: 'shop',
      description: '',
      path: null,
      methods: ['POST'],
      authentication: [{ type: 'none' }],
      kindName: 'webhook.received',
      deliveryId: null,
      contentTypes: [],
      eventShape: null,
      allowedAddresses: [],
      allowedOrigins: [],
      allowedRate: null,
      maxBytes: 1000,
      rateLimit: null,
      silentAfterMs: null,
      answer: null,
      ...definition,
    },
    sealer.seal,
  ),
  path: '/hooks/shop',
  state: 'active',
  tokenHash: hashToken('token'),
  tokenSealed: '',
  formerToken: null,
  viewKeyHash: null,
  team: null,
  actor: 'admin',
  configVersion: 1,
  createdAtMs: 0,
  updatedAtMs: 0,
  expiresAtMs: null,
  ...set,
})

const received: ReceivedRequest = {
  method: 'POST',
  path: '/hooks/shop',
  query: '',
  headers: { authorization: 'Bearer s3cret' },
  body: Buffer.alloc(0),
  receivedAtMs: 0,
}

test('a change of path, token or state is taken up at once', () => {
  const { configuration, change } = fakeConfiguration(someEndpoint())
  const endpoints = openEndpoints(configuration, sealer, () => '')
  assert.equal(endpoints.byPath('/hooks/shop')?.entry.endpoint.id, 'ep_1')
  change(someEndpoint({ path: '/hooks/moved', tokenHash: hashToken('other') }))
  assert.equal(endpoints.byPath('/hooks/shop'), null)
  assert.equal(endpoints.byPath('/hooks/moved')?.entry.endpoint.id, 'ep_1')
  assert.deepEqual([endpoints.byToken('token'), endpoints.byToken('other')?.open.endpoint.id], [null, 'ep_1'])
  change(someEndpoint({ state: 'disabled' }))
  assert.equal(endpoints.byPath('/hooks/shop')?.entry.endpoint.state, 'disabled')
  change(someEndpoint({ state: 'deleted' }))
  assert.deepEqual([endpoints.byPath('/hooks/shop'), endpoints.byToken('token')], [null, null])
})

test('a path that another endpoint left is free for the next', () => {
  const { configuration, change } = fakeConfiguration(someEndpoint())
  const endpoints = openEndpoints(configuration, sealer, () => '')
  change(someEndpoint({ state: 'deleted' }), someEndpoint({ id: 'ep_2', tokenHash: hashToken('token 2') }))
  assert.equal(endpoints.byPath('/hooks/shop')?.entry.endpoint.id, 'ep_2')
})

test('the schemes check with their secrets opened', () => {
  const authentication = [{ type: 'bearer' as const, secrets: ['s3cret'] }]
  const { configuration } = fakeConfiguration(someEndpoint({}, { authentication }))
  const entry = openEndpoints(configuration, sealer, () => '').byPath('/hooks/shop')?.entry
  assert.ok(entry)
  assert.equal(entry.check(received).ok, true)
  assert.equal(entry.check({ ...received, headers: {} }).ok, false)
  assert.equal(entry.checkBehindToken({ ...received, headers: {} }).ok, true)
})

test('with a lost key an endpoint is closed at its path and by its token', () => {
  const authentication = [
    { type: 'bearer' as const, secrets: ['s3cret'] },
    { type: 'github' as const, secrets: ['It is a secret'] },
  ]
  const { configuration } = fakeConfiguration(someEndpoint({}, { authentication }))
  const entry = openEndpoints(configuration, createSealer(randomBytes(32)), () => '').byToken('token')?.open
  assert.ok(entry)
  for (const check of [entry.check, entry.checkBehindToken]) {
    const verdict = check(received)
    assert.ok(!verdict.ok)
    assert.deepEqual([verdict.status, verdict.reason], [403, 'scheme.unusable'])
  }
})
