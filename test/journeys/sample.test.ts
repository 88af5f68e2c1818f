import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signalbox } from './support/command-line.ts'
import type { Endpoint, Event } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

interface Tested {
  kind: string
  status: number
  answer: string
  verified: string | null
  told: { reason: string; detail: string }[]
  event: { id: string; kind: { name: string } } | null
  verdicts: { reactionName: string; fires: boolean; runId: string | null; reason: string | null }[]
}

interface Samples {
  provider: string
  providers: { provider: string; kinds: string[] }[]
}

const secrets = ['first-secret', 'second-secret']
const signing = [`whsec_${Buffer.alloc(32, 3).toString('base64')}`]
const settings: Record<string, object> = {
  none: {},
  basic: { username: 'sam', passwords: ['pass:word', 'other'] },
  'api-key': { in: 'query', name: 'key', keys: ['k y&=1', 'k2'] },
  hmac: {
    header: 'X-Signature',
    algorithm: 'sha512',
    encoding: 'base64',
    prefix: 'v1=',
    timestamp: { header: 'X-Time', format: 'iso-8601', signed: 'v1:{timestamp}:$&:{body}' },
    secrets,
  },
  gitlab: { tokens: secrets },
  'standard-webhooks': { secrets: signing },
}
const schemeOf = (type: string) => ({ type, ...(settings[type] ?? { secrets }) })

test('every provider has samples that its own verification takes, and each becomes a marked event or is answered', async t => {
  const box = await startSignalbox(t)
  const kinds = new Set<string>()
  await box.api('POST', '/api/endpoints', { name: 'open' })
  const { providers } = await box.api<Samples>('GET', '/api/endpoints/open/samples')
  assert.ok(providers.length >= 18)
  for (const { provider: type, kinds: own } of providers) {
    const name = `of-${type}`
    await box.api('POST', '/api/endpoints', { name, authentication: [schemeOf(type)] })
    const url = `/api/endpoints/${name}/samples`
    assert.equal((await box.api<Samples>('GET', url)).provider, type)
    assert.ok(own.length >= 2, `${type} has ${own.length} samples`)
    for (const kind of own) {
      const tested = await box.api<Tested>('POST', url, { kind })
      assert.ok(tested.status < 300, `${type} ${kind}: ${JSON.stringify(tested)}`)
      if (tested.event === null) {
        assert.match(tested.told[0]?.reason ?? '', /^handshake\./, `${type} ${kind}`)
        continue
      }
      const event = await box.api<Event>('GET', `/api/events/${tested.event.id}`)
      assert.equal(event.request?.verified, `sample; ${tested.verified}`)
      assert.notEqual(event.request?.headers['authorization'], `Bearer ${secrets[0]}`)
      assert.equal(event.bodyBytes, Buffer.byteLength(event.body.text ?? ''))
      kinds.add(event.kind.name)
    }
    const again = await box.api<Tested>('POST', url, {})
    assert.equal(again.status, 202, `${type}: a sample is no repetition of the former one`)
  }
  for (const kind of ['github.push', 'gitlab.merge_request', 'shopify.orders.create', 'alertmanager.firing'])
    assert.ok(kinds.has(kind), `${kind} among ${[...kinds].join(', ')}`)
})

test('signed GitLab, several schemes at once, and a path with forms are met as well', async t => {
  const box = await startSignalbox(t)
  const tested = async (definition: object, wish = {}) => {
    const { id } = await box.api<Endpoint>('POST', '/api/endpoints', definition)
    return box.ask('POST', `/api/endpoints/${id}/samples`, wish)
  }
  const passes = async (definition: object, wish = {}) => {
    const { json } = await tested(definition, wish)
    assert.equal((json() as Tested).status, 202, JSON.stringify(json()))
    return json() as Tested
  }
  await passes({ authentication: [{ type: 'gitlab', signingTokens: signing }] })
  await passes({ authentication: [schemeOf('twilio'), schemeOf('api-key'), schemeOf('bearer')] })
  await passes({ authentication: [{ ...schemeOf('twilio'), url: 'https://hooks.example.com' }] })
  await passes({ path: '/hooks/:id(\\d+)/ä%20b/:more?', allowedAddresses: ['203.0.113.0/24'] })
  await passes({ path: '/triggers/files/*', methods: ['PUT'], maxBytes: 4096 })
  assert.equal((await tested({ methods: ['A'] })).status, 409, 'HTTP has no such method')
  const push = await passes({ authentication: [{ type: 'none' }] }, { provider: 'github', kind: 'push' })
  assert.equal(
    push.event?.kind.name,
    'webhook.received',
    'an open endpoint has no provider to name its events',
  )

  const own = { path: '/hooks/:id(zz9[a-f]+)' }
  const { status, text } = await tested(own)
  assert.equal(status, 422)
  assert.match(text, /\/path is needed: a path that \/hooks\/:id\(zz9\[a-f\]\+\) takes/)
  await passes({ path: '/triggers/:id(zz9[a-f]+)' }, { path: '/triggers/zz9abc' })
  const unknown = await tested({ authentication: [schemeOf('stripe')] }, { kind: 'invoice.lost' })
  assert.equal(unknown.status, 422)
  assert.match(unknown.text, /there are invoice\.paid, payment_intent\.payment_failed/)
  const key = `whpk_${Buffer.alloc(32, 9).toString('base64')}`
  const foreign = await tested({ authentication: [{ type: 'standard-webhooks', secrets: [key] }] })
  assert.equal(foreign.status, 409)
  assert.match(foreign.text, /only the sender has the private one/)
})

test('a sample fires reactions, and the command line tells which and why', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const { id } = await box.api<Endpoint>('POST', '/api/endpoints', {
    name: 'repo',
    authentication: [schemeOf('github')],
  })
  const reaction = (name: string, where: string) =>
    box.api('POST', '/api/reactions', {
      name,
      trigger: { type: 'endpoint', endpoint: id },
      filter: { where },
      action: { type: 'http', url: target.url },
    })
  await reaction('on-main', 'body.ref == "refs/heads/main"')
  await reaction('on-other', 'body.ref == "refs/heads/other"')
  const run = (...args: string[]) =>
    signalbox(['endpoint', ...args], {
      directory: box.directory,
      environment: { SIGNALBOX_URL: box.url, SIGNALBOX_TOKEN: box.token },
    })
  const fired = await run('test', 'repo', '--kind', 'push')
  assert.equal(fired.exitCode, 0, fired.err)
  assert.match(fired.out, /Sample +push of github/)
  assert.match(fired.out, /Answer +202 \{"id":"evt_/)
  assert.match(fired.out, /Verified +signature by secret 1 of 2/)
  assert.match(fired.out, /Event +evt_\w+ \(github\.push\)/)
  assert.match(fired.out, /✓ on-main fired and made run r_/)
  assert.match(fired.out, /✗ on-other did not fire/)

  await run('disable', 'repo')
  const refused = await run('test', 'repo')
  assert.equal(refused.exitCode, 1)
  assert.match(refused.out, /Answer +403/)
  assert.match(refused.out, /Because +endpoint\.disabled: The endpoint is disabled/)
  const { rejections } = await box.api<Endpoint>('GET', '/api/endpoints/repo')
  assert.deepEqual(rejections, [], 'no sender was turned away')
  assert.match(
    (await run('test', 'repo', '--list')).out,
    /github +push, pull_request, ping \(the endpoint's own\)/,
  )
})
