import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { signalbox } from './support/command-line.ts'
import { ask, send } from './support/ask.ts'
import type { Endpoint, Event, EventSummary, List } from './support/shapes.ts'
import { type Signalbox, startSignalbox } from './support/signalbox.ts'

type Asked = Endpoint & { handshakes: Endpoint['rejections'] }

const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text)
const make = (box: Signalbox, name: string, definition: Record<string, unknown>) =>
  box.api<Endpoint>('POST', '/api/endpoints', { name, ...definition })

const seenBy = (box: Signalbox, name: string, holds: (endpoint: Asked) => boolean): Promise<Asked> =>
  until(
    () => `the owner of ${name} sees what was asked`,
    async () => {
      const endpoint = await box.api<Asked>('GET', `/api/endpoints/${name}`)
      return holds(endpoint) ? endpoint : null
    },
  )

const eventsOf = async (box: Signalbox, name: string) =>
  (await box.api<List<EventSummary>>('GET', `/api/events?endpoint=${name}`)).items

test('Slack, X and Zoom verify a URL, are answered, and set off nothing', async t => {
  const box = await startSignalbox(t)
  const time = String(Math.floor(Date.now() / 1000))

  const slack = await make(box, 'slack', { authentication: [{ type: 'slack', secrets: ['s1'] }] })
  const question =
    '{"token":"t","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}'
  const signed = (secret: string) => ({
    'x-slack-request-timestamp': time,
    'x-slack-signature': `v0=${hmac(secret, `v0:${time}:${question}`).digest('hex')}`,
  })
  const answered = await send(slack.url, question, signed('s1'))
  assert.deepEqual(
    [answered.status, answered.json()],
    [200, { challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' }],
  )
  assert.equal((await send(slack.url, question, signed('forged'))).status, 401, 'only with the signature')
  const seen = await seenBy(
    box,
    'slack',
    ({ handshakes, rejections }) => handshakes.length + rejections.length === 2,
  )
  assert.equal(seen.handshakes[0]?.reason, 'url-verification')
  assert.match(seen.handshakes[0]?.detail ?? '', /Slack verified the URL/)
  assert.deepEqual(await eventsOf(box, 'slack'), [], 'no event, so no reaction fires')
  const shown = await signalbox(['endpoint', 'show', 'slack', '--data', box.directory], {
    directory: box.directory,
  })
  assert.match(shown.out, /Answered handshake 1 request, last .* url-verification/)

  // The secret and the token of X's own examples, which its developers publish.
  const secret = 'z3ZX4v7mAAUGykl3EcmkqbartmuW8VFOOzCloLx9Q45P0hLrFu'
  const token = '9b4507b3-9040-4669-9ca3-6b94edb50553'
  const x = await make(box, 'x', { authentication: [{ type: 'x', secrets: [secret, 'next'] }] })
  const crc = await ask(`${x.url}?crc_token=${token}&nonce=1`)
  const right = `sha256=${hmac(secret, token).digest('base64')}`
  assert.deepEqual([crc.status, crc.json()], [200, { response_token: right }])
  const forged = '{"for_user_id":"1"}'
  const oracle = await ask(`${x.url}?crc_token=${encodeURIComponent(forged)}`)
  assert.equal(oracle.status, 405, 'what could be a body is not signed for anybody')
  assert.equal((await ask(x.url)).status, 405)
  await seenBy(box, 'x', ({ handshakes }) => handshakes[0]?.reason === 'crc')

  const zoom = await make(box, 'zoom', { authentication: [{ type: 'zoom', secrets: ['old', 'new'] }] })
  const validation = '{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}'
  const valid = await send(zoom.url, validation, {
    'x-zm-request-timestamp': time,
    'x-zm-signature': `v0=${hmac('new', `v0:${time}:${validation}`).digest('hex')}`,
  })
  assert.deepEqual(valid.json(), {
    plainToken: 'qgg8vlvZRS6UYooatFL8Aw',
    encryptedToken: hmac('new', 'qgg8vlvZRS6UYooatFL8Aw').digest('hex'),
  })
})

test("GitHub's ping is an event like any other, called github.ping", async t => {
  const box = await startSignalbox(t)
  const github = await make(box, 'github', { authentication: [{ type: 'github', secrets: ['s'] }] })
  const body = '{"zen":"Keep it logically awesome."}'
  const answer = await send(github.url, body, {
    'x-github-event': 'ping',
    'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    'x-hub-signature-256': `sha256=${hmac('s', body).digest('hex')}`,
  })
  assert.equal(answer.status, 202)
  const { id } = answer.json() as { id: string }
  const event = await box.api<Event>('GET', `/api/events/${id}`)
  assert.deepEqual(event.kind, { type: 'external', name: 'github.ping' })
  assert.equal(event.request?.deliveryId, '72d3162e-cc78-11e3-81ab-4c9367dc0958')
})

test('a sender of CloudEvents asks by OPTIONS, and gets what the endpoint allows', async t => {
  const box = await startSignalbox(t)
  const settings = { allowedOrigins: ['eventgrid.azure.net'], allowedRate: 120 }
  const granting = await make(box, 'granting', settings)
  const silent = await make(box, 'silent', {})
  const asks = (url: string, origin: string) =>
    ask(url, {
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': origin, 'webhook-request-rate': '600' },
    })
  const granted = await asks(granting.url, 'eventgrid.azure.net')
  assert.equal(granted.status, 200)
  assert.equal(granted.headers['webhook-allowed-origin'], 'eventgrid.azure.net')
  assert.equal(granted.headers['webhook-allowed-rate'], '120')
  assert.match(String(granted.headers['allow']), /POST/)
  const stranger = await asks(granting.url, 'evil.example.com')
  assert.equal(stranger.status, 403)
  assert.equal(stranger.headers['webhook-allowed-origin'], undefined)
  assert.equal((await asks(silent.url, 'eventgrid.azure.net')).status, 405)
  const seen = await seenBy(
    box,
    'granting',
    ({ handshakes, rejections }) => handshakes.length + rejections.length === 2,
  )
  assert.match(seen.handshakes[0]?.detail ?? '', /eventgrid\.azure\.net may send; it asked for 600 a minute/)
  assert.match(seen.rejections[0]?.detail ?? '', /evil\.example\.com is not among those/)
})
