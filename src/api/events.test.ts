import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const ids = (answer: { body: { items: { id: string }[] } }) => answer.body.items.map(item => item.id)
const search = (query: string) => world.call('GET', `/api/events?${query}`)

test('an event is told with all that came with it', async () => {
  const { id } = await world.event({ error: 'broken', cause: { runId: 'r_1', eventId: 'evt_1' }, hops: 2 })
  const { body } = await world.call('GET', `/api/events/${id}`)
  assert.deepEqual(body, {
    id,
    time: '2026-11-21T06:50:00.000Z',
    kind: { type: 'external', name: 'webhook.received' },
    targets: [{ type: 'endpoint', value: 'orders' }],
    error: 'broken',
    endpointId: null,
    method: 'POST',
    path: '/hooks/orders',
    sender: '127.0.0.1',
    contentType: 'application/json',
    bodyBytes: 15,
    preview: '{"ok": "hello"}',
    hops: 2,
    cause: { runId: 'r_1', eventId: 'evt_1' },
    owner: { type: 'endpoint', name: 'orders' },
    actor: 'endpoint',
    team: null,
    request: {
      method: 'POST',
      path: '/hooks/orders',
      query: 'a=1',
      headers: { 'content-type': 'application/json', 'x-twice': ['a', 'b'], ['__proto__']: 'plain' },
      params: { id: '7' },
      sender: '127.0.0.1',
      verified: 'none',
      deliveryId: null,
    },
    body: {
      contentType: 'application/json',
      bytes: 15,
      text: '{"ok": "hello"}',
      truncated: false,
      parts: null,
    },
    runs: [],
  })
})

test('a body that is not text is not shown as text, and comes as it was', async () => {
  const bytes = new Uint8Array([0, 255, 27, 91, 65, 10])
  const { id } = await world.event({}, bytes)
  const { body } = await world.call('GET', `/api/events/${id}`)
  assert.equal(body.body.text, null)
  assert.equal(body.preview, '\ufffd\ufffd\ufffd[A\n')
  const raw = await world.inject({
    method: 'GET',
    url: `/api/events/${id}/body`,
    headers: { authorization: `Bearer ${world.adminToken}` },
  })
  assert.deepEqual(new Uint8Array(raw.rawPayload), bytes)
  assert.equal(raw.headers['content-type'], 'application/octet-stream')
  assert.equal(raw.headers['content-disposition'], `attachment; filename="${id}"`)
  assert.equal(raw.headers['x-content-type-options'], 'nosniff')
})

test('the parts of a multipart body are told, and each comes as it was, to be saved and not to be shown', async () => {
  const part = (name: string, more: string, text: string) =>
    `--XX\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${text}\r\n`
  const page = '<script>alert(1)</script>'
  const contentType = 'multipart/form-data; boundary=XX'
  const file = part('page', '; filename="../p.html"\r\nContent-Type: text/html', page)
  const { id } = await world.event({ contentType }, `${part('note', '', 'hello')}${file}--XX--\r\n`)
  const { body } = await world.call('GET', `/api/events/${id}`)
  assert.deepEqual(body.body.parts, [
    { name: 'note', filename: null, contentType: null, bytes: 5, text: 'hello' },
    { name: 'page', filename: '../p.html', contentType: 'text/html', bytes: page.length, text: page },
  ])
  const headers = { authorization: `Bearer ${world.adminToken}` }
  const raw = await world.inject({ method: 'GET', url: `/api/events/${id}/parts/1`, headers })
  assert.equal(raw.payload, page)
  assert.equal(raw.headers['content-type'], 'application/octet-stream')
  assert.equal(raw.headers['content-disposition'], `attachment; filename="p.html"; filename*=UTF-8''p.html`)
  assert.equal(raw.headers['x-content-type-options'], 'nosniff')
  assert.match(String(raw.headers['content-security-policy']), /sandbox/)
  const beyond = await world.call('GET', `/api/events/${id}/parts/2`)
  assert.equal(beyond.status, 404)
  assert.equal(beyond.body.detail, `There is no part "2 of ${id}"`)
  assert.equal((await world.call('GET', `/api/events/${id}/parts/x`)).status, 400)
})

test('a large body is told to be larger than what is shown, and a preview ends between characters', async () => {
  const { id } = await world.event({}, 'ä'.repeat(150_000))
  const { body } = await world.call('GET', `/api/events/${id}`)
  assert.deepEqual(body.body, {
    contentType: 'application/json',
    bytes: 300_000,
    text: null,
    truncated: true,
    parts: null,
  })
  assert.equal(body.preview, 'ä'.repeat(1024))
  const odd = await world.event({}, `x${'ä'.repeat(2000)}`)
  const [first] = (await search('limit=1')).body.items
  assert.equal(first.id, odd.id)
  assert.equal(first.preview, `x${'ä'.repeat(1023)}`)
})

test('events are found by endpoint, kind, target, outcome, time and text', async () => {
  const made = await world.call('POST', '/api/endpoints', { name: 'searched' })
  const find = { kind: { type: 'platform' as const, name: 'app.update.env' } }
  const one = await world.event({
    ...find,
    endpointId: made.body.id,
    targets: [{ type: 'app', value: 'shop:eu' }],
  })
  const two = await world.event(
    { ...find, error: 'no', targets: [{ type: 'app', value: 'blog' }] },
    'Needle 100%',
  )
  world.clock.nowMs += 60_000
  const three = await world.event({ kind: { type: 'internal', name: 'app.updates' } })
  for (const [query, expected] of [
    ['endpoint=searched', [one.id]],
    [`endpoint=${made.body.id}`, [one.id]],
    ['kind=app.update', [two.id, one.id]],
    ['kind=app.update&kind=app.updates', [three.id, two.id, one.id]],
    ['kindType=platform', [two.id, one.id]],
    ['kindType=platform&kindType=internal', [three.id, two.id, one.id]],
    ['target=app:blog', [two.id]],
    ['target=blog', [two.id]],
    ['target=:shop:eu', [one.id]],
    ['target=app:shop:eu', [one.id]],
    ['kind=app&outcome=error', [two.id]],
    ['kind=app&outcome=success', [three.id, one.id]],
    ['kind=app&since=2026-11-21T06:50:30Z', [three.id]],
    ['kind=app&until=2026-11-21T06:50:30%2B00:00', [two.id, one.id]],
    ['text=needle%20100%25', [two.id]],
    ['kind=nothing', []],
  ] as const) {
    const answer = await search(query)
    assert.deepEqual([query, ids(answer)], [query, [...expected]])
    assert.deepEqual([answer.body.next, answer.body.searchedTo], [null, null])
  }
})

test('events are found by an expression, which is refused at the character that is wrong', async () => {
  const one = await world.event({ kind: { type: 'platform', name: 'priced' } }, '{"amount": 900}')
  await world.event({ kind: { type: 'platform', name: 'priced' } }, '{"amount": 9}')
  const where = (text: string) => search(`kind=priced&where=${encodeURIComponent(text)}`)
  assert.deepEqual(ids(await where('body.amount > 100')), [one.id])
  const { status, body } = await where('body.amount >\n  > 100')
  assert.deepEqual([status, body.code], [422, 'where.invalid'])
  const [mistake] = body.errors
  assert.deepEqual([mistake.path, mistake.line, mistake.column], ['/where', 2, 3])
  assert.match(mistake.message, /^does not compile: /)
})

test('a search with little time says back to when it searched, and goes on from there', async () => {
  const start = await world.event({ kind: { type: 'platform', name: 'hidden' } }, '{"text": "the needle"}')
  world.clock.nowMs += 120_000
  await Promise.all(
    Array.from({ length: 1200 }, () => world.event({ kind: { type: 'platform', name: 'hay' } })),
  )
  const found: string[] = []
  const times: string[] = []
  for (let cursor = ''; ; ) {
    const { body } = await search(`text=THE%20needle&searchMs=1${cursor}`)
    found.push(...body.items.map((item: { id: string }) => item.id))
    if (body.searchedTo !== null) times.push(body.searchedTo)
    if (body.next === null) break
    cursor = `&cursor=${body.next}`
  }
  assert.deepEqual(found, [start.id])
  assert.ok(times.length > 0)
  assert.deepEqual(times, times.toSorted().toReversed())
})

test('pages follow one another while events come in', async () => {
  const made: string[] = []
  for (let more = 0; more < 5; more++)
    made.unshift((await world.event({ kind: { type: 'platform', name: 'paged' } })).id)
  const first = await search('kind=paged&limit=2')
  await world.event({ kind: { type: 'platform', name: 'paged' } })
  const second = await search(`kind=paged&limit=2&cursor=${first.body.next}`)
  const third = await search(`kind=paged&limit=2&cursor=${second.body.next}`)
  assert.deepEqual([...ids(first), ...ids(second), ...ids(third)], made)
  assert.equal(third.body.next, null)
})

for (const [query, code, detail] of [
  ['cursor=%00', 'cursor.invalid', /next|again/],
  ['cursor=bnVsbA', 'cursor.invalid', /again/],
  ['cursor=ImVwXzEi', 'cursor.invalid', /again/],
  ['limit=0', 'query.invalid', /\/limit must be at least 1/],
  ['limit=501', 'query.invalid', /at most 500/],
  ['limit=x', 'query.invalid', /whole number/],
  ['since=yesterday', 'query.invalid', /\/since must be a time/],
  ['outcome=maybe', 'query.invalid', /"success", "error"/],
  ['kindName=a', 'query.invalid', /\/kindName is not known here; known are .*kind/],
  ['endpoint=nobody', 'not-found', /endpoint "nobody"/],
] as const) {
  test(`a query that does not fit is told: ${query}`, async () => {
    const { status, body } = await search(query)
    assert.equal(body.code, code, JSON.stringify(body))
    assert.equal(status, code === 'not-found' ? 404 : 400)
    assert.match(body.detail, detail)
  })
}

test('events of an endpoint that was deleted are still found by its id', async () => {
  const made = await world.call('POST', '/api/endpoints', {})
  const { id } = await world.event({ endpointId: made.body.id })
  await world.call('DELETE', `/api/endpoints/${made.body.id}`)
  assert.deepEqual(ids(await search(`endpoint=${made.body.id}`)), [id])
})
