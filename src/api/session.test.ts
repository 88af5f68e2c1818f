import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { startWorld, type World } from '../../test/support/api-world.ts'

let world: World
afterEach(() => world.close())

const cookieOf = (answer: { headers: Record<string, unknown> }) => String(answer.headers['set-cookie'])
const as = (cookie: string) => ({
  headers: { cookie: cookie.split(';', 1)[0]!, 'sec-fetch-site': 'same-origin' },
})

test('a sign-in link works once and gives a session of 30 days', async () => {
  world = await startWorld()
  const link = await world.call('POST', '/api/session/link')
  const token = link.body.url.split('#')[1]
  const signedIn = await world.call('POST', '/api/session', { token }, null)
  assert.equal(signedIn.status, 204)
  assert.match(
    cookieOf(signedIn),
    /^signalbox_session=sb_session_\S+; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/,
  )
  const me = as(cookieOf(signedIn))
  const session = await world.call('GET', '/api/session', undefined, me)
  assert.deepEqual([session.body.signedIn, session.body.actor], [true, 'admin'])
  assert.equal((await world.call('POST', '/api/session', { token }, null)).body.code, 'session.refused')
  world.clock.nowMs += 30 * 86_400_000
  assert.equal((await world.call('GET', '/api/endpoints', undefined, me)).status, 401)
})

test('signing out ends the session in the store, not only in the browser', async () => {
  world = await startWorld()
  const me = as(cookieOf(await world.call('POST', '/api/session', { token: world.adminToken }, null)))
  assert.equal((await world.call('GET', '/api/endpoints', undefined, me)).status, 200)
  const out = await world.call('DELETE', '/api/session', undefined, me)
  assert.equal(out.status, 204)
  assert.match(cookieOf(out), /Max-Age=0/)
  assert.equal((await world.call('GET', '/api/endpoints', undefined, me)).status, 401)
})

test('a wrong bearer token is refused, even beside a good session', async () => {
  world = await startWorld()
  const { headers } = as(
    cookieOf(await world.call('POST', '/api/session', { token: world.adminToken }, null)),
  )
  for (const authorization of ['Bearer sb_admin_wrong', 'Basic YWRtaW46', 'Bearer', world.adminToken]) {
    const answer = await world.call('GET', '/api/endpoints', undefined, {
      headers: { ...headers, authorization },
    })
    assert.equal(answer.status, 401, authorization)
    assert.match(String(answer.headers['www-authenticate']), /^Bearer/)
  }
})

test('failed sign-ins are throttled, and the answer says for how long', async () => {
  world = await startWorld()
  for (let tries = 0; tries < 10; tries++) {
    const { status } = await world.call('POST', '/api/session', { token: 'wrong' }, null)
    assert.equal(status, 403)
  }
  const refused = await world.call('POST', '/api/session', { token: world.adminToken }, null)
  assert.equal(refused.status, 429)
  assert.ok(Number(refused.headers['retry-after']) > 0)
})

test('cookies are marked Secure where the outside speaks TLS', async () => {
  world = await startWorld(['--public-url', 'https://hub.example.com'])
  const signedIn = await world.call('POST', '/api/session', { token: world.adminToken }, null)
  assert.match(cookieOf(signedIn), /; Secure$/)
})

test('all other browsers are signed out at once; by token, all', async () => {
  world = await startWorld()
  const signIn = async () =>
    as(cookieOf(await world.call('POST', '/api/session', { token: world.adminToken }, null)))
  const [mine, other] = [await signIn(), await signIn()]
  const { items } = (await world.call('GET', '/api/sessions', undefined, mine)).body
  assert.deepEqual(items.map(({ yours }: { yours: boolean }) => yours).toSorted(), [false, true])
  assert.deepEqual((await world.call('DELETE', '/api/sessions', undefined, mine)).body, { ended: 1 })
  const status = async (who: typeof mine) =>
    (await world.call('GET', '/api/endpoints', undefined, who)).status
  assert.deepEqual([await status(mine), await status(other)], [200, 401])
  assert.deepEqual((await world.call('DELETE', '/api/sessions')).body, { ended: 1 })
  assert.equal(await status(mine), 401)
})
