import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'

let world: World
afterEach(() => world.close())

const cookieOf = (answer: { headers: Record<string, unknown> }) =>
  String(answer.headers['set-cookie']).split(';', 1)[0]!
const as = (cookie: string) => ({ headers: { cookie, 'sec-fetch-site': 'same-origin' } })

test('a visitor gets an endpoint at once, sees it, and its share link opens it for another', async () => {
  world = await startWorld()
  const made = await world.call('POST', '/api/visitor-endpoints', {}, null)
  assert.equal(made.status, 201)
  const { endpoint, viewKey, shareUrl } = made.body
  assert.equal(shareUrl, `http://127.0.0.1:4620/view#${viewKey}`)
  assert.equal(endpoint.expiresAt, '2026-11-22T06:50:00.000Z')
  assert.deepEqual([endpoint.maxBytes, endpoint.visitor, endpoint.chosenPath], [65536, true, false])
  assert.match(String(made.headers['set-cookie']), /HttpOnly; SameSite=Strict/)
  const mine = as(cookieOf(made))
  assert.deepEqual((await world.call('GET', '/api/endpoints', undefined, mine)).body.items, [endpoint])
  const session = await world.call('GET', '/api/session', undefined, mine)
  assert.deepEqual(session.body.endpoints, [endpoint.id])
  const shown = await world.call('POST', '/api/view', { key: viewKey }, null)
  assert.equal(shown.status, 204)
  const friend = as(cookieOf(shown))
  assert.equal((await world.call('GET', `/api/endpoints/${endpoint.id}`, undefined, friend)).status, 200)
})

test('a friend who opened a share link has limits of their own', async () => {
  world = await startWorld()
  const first = await world.visitor()
  const shown = await world.call('POST', '/api/view', { key: first.viewKey }, null)
  let cookie = cookieOf(shown)
  const made = await world.call('POST', '/api/visitor-endpoints', {}, as(cookie))
  cookie = cookieOf(made)
  const { actor } = (await world.call('GET', '/api/session', undefined, as(cookie))).body
  assert.equal(made.body.endpoint.createdBy, actor)
  const owner = await world.call('GET', '/api/session', undefined, first.caller)
  assert.notEqual(actor, owner.body.actor)
})

test('five endpoints are the limit of one visitor, and their cookie opens all of them', async () => {
  world = await startWorld()
  let caller = (await world.visitor()).caller
  for (let more = 1; more < 5; more++) {
    const made = await world.call('POST', '/api/visitor-endpoints', {}, caller)
    assert.equal(made.status, 201)
    caller = as(cookieOf(made))
  }
  assert.equal((await world.call('GET', '/api/endpoints', undefined, caller)).body.items.length, 5)
  const sixth = await world.call('POST', '/api/visitor-endpoints', {}, caller)
  assert.deepEqual([sixth.status, sixth.body.code], [409, 'too-many'])
})

test('one address cannot make endpoints without end by throwing its cookie away', async () => {
  world = await startWorld()
  for (let more = 0; more < 30; more++)
    assert.equal((await world.call('POST', '/api/visitor-endpoints', {}, null)).status, 201)
  const { status, headers } = await world.call('POST', '/api/visitor-endpoints', {}, null)
  assert.equal(status, 429)
  assert.ok(Number(headers['retry-after']) > 0)
})

test('the first request of another host ends the visitors, and what they see', async () => {
  world = await startWorld()
  const { caller } = await world.visitor()
  await world.inject({ method: 'GET', url: '/healthz', headers: { host: 'hub.example.com' } })
  const refused = await world.call('POST', '/api/visitor-endpoints', {}, null)
  assert.deepEqual([refused.status, refused.body.code], [403, 'visitors.not-allowed'])
  assert.match(refused.body.detail, /hub\.example\.com/)
  assert.equal((await world.call('GET', '/api/endpoints', undefined, caller)).status, 401)
  assert.equal((await world.call('GET', '/api/session')).body.visitors.allowed, false)
})

test('a setting decides instead of the trial rules', async () => {
  world = await startWorld(['--allow-visitors', 'no'])
  assert.equal((await world.call('POST', '/api/visitor-endpoints', {}, null)).status, 403)
  await world.close()
  world = await startWorld(['--allow-visitors', 'yes', '--public-url', 'https://hub.example.com'])
  assert.equal((await world.call('POST', '/api/visitor-endpoints', {}, null)).status, 201)
})

test('an endpoint that has ended is seen no more, though it is not swept yet', async () => {
  world = await startWorld()
  const { caller, viewKey } = await world.visitor()
  world.clock.nowMs += 24 * 3_600_000
  assert.equal((await world.call('GET', '/api/endpoints', undefined, caller)).status, 401)
  assert.equal((await world.call('POST', '/api/view', { key: viewKey }, null)).body.code, 'view.refused')
})

test('a visitor cannot change what reaches beyond their endpoint', async () => {
  world = await startWorld()
  const { caller, endpointId } = await world.visitor()
  for (const edit of [
    { name: 'x' },
    { path: '/hooks/x' },
    { kindName: 'deployment.failed' },
    { maxBytes: 10 },
  ]) {
    const { status, body } = await world.call('PATCH', `/api/endpoints/${endpointId}`, edit, caller)
    assert.deepEqual([status, body.code], [403, 'access.denied'])
  }
})

test("a visitor's lists and searches end at their own endpoints", async () => {
  world = await startWorld()
  const mine = await world.visitor()
  const other = await world.visitor()
  const own = await world.event({ endpointId: mine.endpointId })
  await world.event({ endpointId: other.endpointId })
  await world.event({})
  const events = await world.call('GET', '/api/events', undefined, mine.caller)
  assert.deepEqual(
    events.body.items.map((event: { id: string }) => event.id),
    [own.id],
  )
  const theirs = `/api/events?endpoint=${other.endpointId}`
  assert.equal((await world.call('GET', theirs, undefined, mine.caller)).status, 404)
})

test("a visitor's own events show nothing of the reactions to them", async () => {
  world = await startWorld()
  const { caller, endpointId } = await world.visitor()
  const { id } = await world.event({ endpointId })
  await world.services.storage.execute('replayEvent', { eventId: id, runs: [runOf(id)] })
  assert.deepEqual((await world.call('GET', `/api/events/${id}`, undefined, caller)).body.runs, [])
  assert.equal((await world.call('GET', `/api/events/${id}`)).body.runs.length, 1)
})

const runOf = (eventId: string) => ({
  id: 'r_0000000000000001',
  eventId,
  reactionId: 'rea_1',
  reactionVersion: 1,
  occasion: 'occ_1',
  team: null,
  actor: 'admin',
  state: 'due' as const,
  onLost: 'retry' as const,
  lane: 'example.com',
  dueAtMs: 0,
  createdAtMs: 0,
  deadlineAtMs: 0,
  label: '',
})
