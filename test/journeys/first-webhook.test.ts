import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, send } from './support/ask.ts'
import { watch } from './support/feed.ts'
import { newPerson, signIn } from './support/person.ts'
import type { Endpoint, Event, EventSummary, List, Problem, Session } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'

/** JSON, and a byte that is no UTF-8: nothing may read it on the way and write it anew. */
const odd = Buffer.concat([
  Buffer.from('{"total":  1.50, "name":"'),
  Buffer.from([0xff]),
  Buffer.from('"}\n'),
])

test('the printed link signs in once, and then no more', async t => {
  const box = await startSignalbox(t)
  const me = await signIn(box)
  const session = (await me.ask('GET', '/api/session')).json() as Session
  assert.equal(session.signedIn, true)
  assert.equal(session.actor, 'admin')

  const somebodyElse = newPerson(box)
  const again = await somebodyElse.ask('POST', '/api/session', { token: new URL(box.link).hash.slice(1) })
  assert.equal(again.status, 403)
  assert.equal((again.json() as Problem).code, 'session.refused')
  assert.equal((await somebodyElse.ask('GET', '/api/endpoints')).status, 401)
})

test('a new webhook takes payloads by URL and by token, keeps every byte, and shows them at once', async t => {
  const box = await startSignalbox(t)
  const me = await signIn(box)
  const created = await me.ask('POST', '/api/endpoints', {})
  assert.equal(created.status, 201)
  const endpoint = created.json() as Endpoint
  const feed = await watch(t, box, {
    headers: { cookie: me.cookies() },
    filter: { topics: ['events'], endpoints: [endpoint.id] },
  })

  const answers = [
    await send(endpoint.url, odd),
    await send(endpoint.dataUrl, '{"ok": "hello"}', { authorization: `Bearer ${endpoint.token}` }),
    await send(endpoint.dataUrl, 'plain words', {
      authorization: endpoint.token,
      'content-type': 'text/plain',
    }),
  ]
  assert.deepEqual(
    answers.map(({ status }) => status),
    [202, 202, 202],
  )
  const ids = answers.map(answer => (answer.json() as { id: string }).id)

  await feed.have('all three are seen as they arrive', ({ events }) => events().length >= 3)
  assert.deepEqual(
    feed.events().map(({ id }) => id),
    ids,
    'each of them once, in order',
  )
  assert.deepEqual(feed.events()[1]?.preview, '{"ok": "hello"}')

  const listed = (await me.ask('GET', `/api/events?endpoint=${endpoint.name}`)).json() as List<EventSummary>
  assert.deepEqual(
    listed.items.map(({ id }) => id),
    ids.toReversed(),
    'the newest first',
  )
  const body = await me.ask('GET', `/api/events/${ids[0]}/body`)
  assert.deepEqual(body.body, odd)
  assert.equal(body.headers['content-disposition']?.includes('attachment'), true)
  const shown = (await me.ask('GET', `/api/events/${ids[2]}`)).json() as Event
  assert.equal(shown.body.text, 'plain words')
  assert.equal(shown.body.contentType, 'text/plain')
  assert.equal(shown.request?.headers['authorization'], '•••', 'the token is not kept')
})

test('a request without a body is a payload as well', async t => {
  const box = await startSignalbox(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'ping', methods: ['ANY'] })
  const feed = await watch(t, box, { headers: { authorization: `Bearer ${box.token}` } })
  const posted = await send(endpoint.url)
  const asked = await ask(`${endpoint.url}?from=cron`)
  assert.deepEqual([posted.status, asked.status], [202, 202])
  await feed.have('both are seen', ({ events }) => events().length >= 2)
  const { items } = await box.api<List<EventSummary>>('GET', '/api/events')
  assert.deepEqual(
    items.map(({ bodyBytes, preview }) => [bodyBytes, preview]),
    [
      [0, ''],
      [0, ''],
    ],
  )
})

test('the curl line of a new endpoint says a request that works', async t => {
  const box = await startSignalbox(t)
  const { curl } = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  const [, authorization, url, body, contentType] =
    /^curl -XPOST -H "Authorization: ([^"]+)" (\S+) -d '([^']+)' -H 'Content-Type: ([^']+)'$/.exec(curl) ?? []
  assert.ok(authorization && url && body && contentType, curl)
  const answer = await send(url, body, { authorization, 'content-type': contentType })
  assert.equal(answer.status, 202)
  const { items } = await box.api<List<EventSummary>>('GET', '/api/events?endpoint=orders')
  assert.equal(items[0]?.preview, '{"ok": "hello"}')
})

test('a delivery that is sent again is stored once, and a wrong token stores nothing', async t => {
  const box = await startSignalbox(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  const delivery = { 'webhook-id': 'msg_1' }
  const first = await send(endpoint.url, '{"n": 1}', delivery)
  const second = await send(endpoint.url, '{"n": 1}', delivery)
  assert.equal(first.status, 202)
  assert.equal(second.status, 200)
  assert.deepEqual(second.json(), { id: (first.json() as { id: string }).id, duplicate: true })

  const wrong = await send(endpoint.dataUrl, '{}', { authorization: 'Bearer sb_send_wrong' })
  assert.equal(wrong.status, 401)
  const { items } = await box.api<List<EventSummary>>('GET', '/api/events')
  assert.equal(items.length, 1)

  await box.api('POST', '/api/endpoints/orders/token', { overlapSeconds: 0 })
  const former = await send(endpoint.dataUrl, '{}', { authorization: `Bearer ${endpoint.token}` })
  assert.equal(former.status, 401, 'a token that was rotated away without an overlap')
})

test('nobody sees anything without signing in, and a page of another site cannot write', async t => {
  const box = await startSignalbox(t)
  for (const path of [
    '/api/endpoints',
    '/api/events',
    '/api/reactions',
    '/api/runs',
    '/api/status',
    '/metrics',
  ])
    assert.equal((await ask(box.url + path)).status, 401, path)
  const me = await signIn(box)
  const foreign = await ask(`${box.url}/api/endpoints`, {
    method: 'POST',
    json: {},
    headers: { cookie: me.cookies(), 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  })
  assert.equal(foreign.status, 403)
  assert.equal((foreign.json() as Problem).code, 'csrf.refused')
})
