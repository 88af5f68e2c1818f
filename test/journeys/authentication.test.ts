import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { until } from '../kill/support/until.ts'
import { ask, send } from './support/ask.ts'
import type { Endpoint, Event } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'

const body = '{"order": "ü"}'
const nowSeconds = () => Math.floor(Date.now() / 1000)
const hmac = (secret: string, text: string, algorithm = 'sha256') =>
  createHmac(algorithm, secret).update(text)

interface Kind {
  type: string
  /** What its definition says beside its secrets. */
  settings?: Record<string, unknown>
  /** Where its secrets stand. */
  field: string
  secrets: readonly [string, string]
  /** What a sender adds to its request to prove itself. */
  prove(secret: string): { headers?: Record<string, string>; query?: string }
  /** Why a request without a proof, and one with the proof of a stranger, are turned away. */
  without: string
  stranger: string
}

const plain = ['the-former-secret', 'the-newer-secret'] as const
const whsec = () => `whsec_${randomBytes(24).toString('base64')}`

const kinds: Kind[] = [
  {
    type: 'bearer',
    field: 'secrets',
    secrets: plain,
    prove: secret => ({ headers: { authorization: `Bearer ${secret}` } }),
    without: 'token.missing',
    stranger: 'token.wrong',
  },
  {
    type: 'basic',
    settings: { username: 'harbor' },
    field: 'passwords',
    secrets: plain,
    prove: secret => ({
      headers: { authorization: `Basic ${Buffer.from(`harbor:${secret}`).toString('base64')}` },
    }),
    without: 'credentials.missing',
    stranger: 'credentials.wrong',
  },
  {
    type: 'api-key',
    settings: { in: 'query', name: 'key' },
    field: 'keys',
    secrets: plain,
    prove: secret => ({ query: `?key=${secret}` }),
    without: 'token.missing',
    stranger: 'token.wrong',
  },
  {
    type: 'hmac',
    settings: { header: 'X-Signature', algorithm: 'sha512', encoding: 'base64', prefix: 'v1=' },
    field: 'secrets',
    secrets: plain,
    prove: secret => ({ headers: { 'x-signature': `v1=${hmac(secret, body, 'sha512').digest('base64')}` } }),
    without: 'signature.missing',
    stranger: 'signature.mismatch',
  },
  {
    type: 'github',
    field: 'secrets',
    secrets: plain,
    prove: secret => ({ headers: { 'x-hub-signature-256': `sha256=${hmac(secret, body).digest('hex')}` } }),
    without: 'signature.missing',
    stranger: 'signature.mismatch',
  },
  {
    type: 'gitlab',
    field: 'tokens',
    secrets: plain,
    prove: secret => ({ headers: { 'x-gitlab-token': secret } }),
    without: 'token.missing',
    stranger: 'token.wrong',
  },
  {
    type: 'slack',
    field: 'secrets',
    secrets: plain,
    prove(secret) {
      const time = String(nowSeconds())
      const signature = `v0=${hmac(secret, `v0:${time}:${body}`).digest('hex')}`
      return { headers: { 'x-slack-request-timestamp': time, 'x-slack-signature': signature } }
    },
    without: 'signature.missing',
    stranger: 'signature.mismatch',
  },
  {
    type: 'stripe',
    field: 'secrets',
    secrets: ['whsec_former', 'whsec_newer'],
    prove(secret) {
      const time = nowSeconds()
      return {
        headers: { 'stripe-signature': `t=${time},v1=${hmac(secret, `${time}.${body}`).digest('hex')}` },
      }
    },
    without: 'signature.missing',
    stranger: 'signature.mismatch',
  },
  {
    type: 'standard-webhooks',
    field: 'secrets',
    secrets: [whsec(), whsec()],
    prove(secret) {
      const id = `msg_${randomBytes(8).toString('hex')}`
      return {
        headers: {
          'webhook-id': id,
          'webhook-timestamp': String(nowSeconds()),
          'webhook-signature': new Webhook(secret).sign(id, new Date(), body),
        },
      }
    },
    without: 'signature.missing',
    stranger: 'signature.mismatch',
  },
  {
    type: 'bitbucket',
    field: 'secrets',
    secrets: plain,
    prove: secret => ({ headers: { 'x-hub-signature': `sha256=${hmac(secret, body).digest('hex')}` } }),
    without: 'signature.missing',
    stranger: 'signature.mismatch',
  },
  {
    type: 'gitea',
    field: 'secrets',
    secrets: plain,
    prove: secret => ({ headers: { 'x-gitea-signature': hmac(secret, body).digest('hex') } }),
    without: 'signature.missing',
    stranger: 'signature.mismatch',
  },
  {
    type: 'shopify',
    field: 'secrets',
    secrets: plain,
    prove: secret => ({ headers: { 'x-shopify-hmac-sha256': hmac(secret, body).digest('base64') } }),
    without: 'signature.missing',
    stranger: 'signature.mismatch',
  },
  {
    type: 'pagerduty',
    field: 'secrets',
    secrets: plain,
    prove: secret => ({ headers: { 'x-pagerduty-signature': `v1=${hmac(secret, body).digest('hex')}` } }),
    without: 'signature.missing',
    stranger: 'signature.mismatch',
  },
  {
    type: 'alertmanager',
    field: 'secrets',
    secrets: plain,
    prove: secret => ({ headers: { authorization: `Bearer ${secret}` } }),
    without: 'token.missing',
    stranger: 'token.wrong',
  },
  {
    type: 'x',
    field: 'secrets',
    secrets: plain,
    prove: secret => ({
      headers: { 'x-twitter-webhooks-signature': `sha256=${hmac(secret, body).digest('base64')}` },
    }),
    without: 'signature.missing',
    stranger: 'signature.mismatch',
  },
  {
    type: 'zoom',
    field: 'secrets',
    secrets: plain,
    prove(secret) {
      const time = String(nowSeconds())
      const signature = `v0=${hmac(secret, `v0:${time}:${body}`).digest('hex')}`
      return { headers: { 'x-zm-request-timestamp': time, 'x-zm-signature': signature } }
    },
    without: 'signature.missing',
    stranger: 'signature.mismatch',
  },
]

test('each kind of authentication lets in who has a secret, also while it is rotated, and nobody else', async t => {
  const box = await startSignalbox(t)
  for (const kind of kinds) {
    const [former, newer] = kind.secrets
    const scheme = (...secrets: string[]) => [{ type: kind.type, ...kind.settings, [kind.field]: secrets }]
    const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', {
      name: kind.type,
      authentication: scheme(former),
    })
    const knock = async (secret: string | null) => {
      const { headers = {}, query = '' } = secret === null ? {} : kind.prove(secret)
      return send(endpoint.url + query, body, headers)
    }
    const statusWith = async (secret: string | null) => (await knock(secret)).status
    const stranger = kind.type === 'standard-webhooks' ? whsec() : 'somebody-else'

    const accepted = await knock(former)
    assert.equal(accepted.status, 202, `${kind.type}: ${accepted.text}`)
    assert.equal(await statusWith(newer), 401, `${kind.type}: the newer secret is not known yet`)
    await box.api('PATCH', `/api/endpoints/${kind.type}`, { authentication: scheme('•••', newer) })
    assert.equal(await statusWith(former), 202, `${kind.type}: the former secret during the rotation`)
    assert.equal(await statusWith(newer), 202, `${kind.type}: the newer secret during the rotation`)
    await box.api('PATCH', `/api/endpoints/${kind.type}`, { authentication: scheme(newer) })
    assert.equal(await statusWith(former), 401, `${kind.type}: the former secret after it`)
    assert.equal(await statusWith(newer), 202, `${kind.type}: the newer secret after it`)
    const strangers = await knock(stranger)
    assert.equal(strangers.status, 401)
    assert.doesNotMatch(strangers.text, /mismatch|wrong|missing|expected/i, 'the sender learns no more')
    assert.equal(await statusWith(null), 401)

    const seen = await until(
      () => `${kind.type}: the owner sees all four that were turned away`,
      async () => {
        const { rejections } = await box.api<Endpoint>('GET', `/api/endpoints/${kind.type}`)
        return rejections.reduce((sum, { count }) => sum + count, 0) === 4 ? rejections : null
      },
    )
    const counts = Object.fromEntries(seen.map(({ reason, count }) => [reason, count]))
    assert.deepEqual(counts, { [kind.stranger]: 3, [kind.without]: 1 }, kind.type)
    assert.ok(seen.every(({ sender, detail }) => sender === '127.0.0.1' && detail !== ''))

    const { id } = accepted.json() as { id: string }
    const stored = JSON.stringify(await box.api<Event>('GET', `/api/events/${id}`))
    const shown = JSON.stringify(await box.api<Endpoint>('GET', `/api/endpoints/${kind.type}`))
    for (const secret of kind.secrets) {
      assert.ok(!stored.includes(secret), `${kind.type}: no secret in the event`)
      assert.ok(!shown.includes(secret), `${kind.type}: no secret in the endpoint`)
    }
  }
})

test('a signature over other bytes, or of another time, lets nobody in', async t => {
  const box = await startSignalbox(t)
  const make = (type: string, secrets: string[]) =>
    box.api<Endpoint>('POST', '/api/endpoints', { name: type, authentication: [{ type, secrets }] })
  const github = await make('github', ['s3cret'])
  const signature = `sha256=${hmac('s3cret', body).digest('hex')}`
  const tampered = await send(github.url, `${body} `, { 'x-hub-signature-256': signature })
  assert.equal(tampered.status, 401)

  const slack = await make('slack', ['s3cret'])
  const knock = (time: number) =>
    send(slack.url, body, {
      'x-slack-request-timestamp': String(time),
      'x-slack-signature': `v0=${hmac('s3cret', `v0:${time}:${body}`).digest('hex')}`,
    })
  assert.equal((await knock(nowSeconds() - 200)).status, 202)
  assert.equal((await knock(nowSeconds() - 400)).status, 403, 'an old one that was caught')
  assert.equal((await knock(nowSeconds() + 400)).status, 403, 'one from the future')
  const { rejections } = await until(
    () => 'the owner sees both',
    async () => {
      const endpoint = await box.api<Endpoint>('GET', '/api/endpoints/slack')
      return endpoint.rejections.length === 2 ? endpoint : null
    },
  )
  assert.deepEqual(rejections.map(({ reason }) => reason).toSorted(), ['timestamp.ahead', 'timestamp.stale'])
})

test('all schemes of an endpoint must pass, and a wrong method, type or size is told apart', async t => {
  const box = await startSignalbox(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', {
    name: 'strict',
    authentication: [
      { type: 'bearer', secrets: ['t0ken'] },
      { type: 'api-key', in: 'header', name: 'X-Key', keys: ['k3y'] },
    ],
    contentTypes: ['application/json'],
    maxBytes: 100,
  })
  const bearer = { authorization: 'Bearer t0ken' }
  const both = { ...bearer, 'x-key': 'k3y' }
  assert.equal((await send(endpoint.url, body, both)).status, 202)
  assert.equal((await send(endpoint.url, body, bearer)).status, 401)
  assert.equal((await send(endpoint.url, body, { 'x-key': 'k3y' })).status, 401)
  assert.equal((await send(endpoint.url, body, { ...both, 'content-type': 'text/plain' })).status, 415)
  assert.equal((await send(endpoint.url, 'x'.repeat(101), both)).status, 413)
  const got = await ask(endpoint.url, { headers: both })
  assert.equal(got.status, 405)
  assert.equal(got.headers['allow'], 'POST')
  await box.api('PATCH', '/api/endpoints/strict', { state: 'disabled' })
  assert.equal((await send(endpoint.url, body, both)).status, 403)
  assert.equal((await send(`${box.url}/hooks/nowhere`, body)).status, 404)
})
