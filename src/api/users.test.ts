import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Caller, startWorld, type World } from '../../test/support/api-world.ts'

let world: World
before(async () => {
  world = await startWorld()
  for (const name of ['alpha', 'beta']) await world.call('POST', '/api/teams', { name })
})
after(async () => {
  assert.deepEqual(world.faults, [])
  await world.close()
})

const password = 'a sentence to remember'
const ownPage = { 'sec-fetch-site': 'same-origin' }
let remote = 0

/** Each from an address of its own, so that no test is kept waiting for another's failures. */
async function post(url: string, body: object, cookie?: string) {
  const response = await world.inject({
    method: 'POST',
    url,
    remoteAddress: `10.0.${remote >> 8}.${remote++ & 255}`,
    headers: { 'content-type': 'application/json', ...ownPage, ...(cookie === undefined ? {} : { cookie }) },
    payload: JSON.stringify(body),
  })
  const set = response.headers['set-cookie']
  return {
    status: response.statusCode,
    code: response.statusCode >= 400 ? response.json().code : null,
    cookie: set === undefined ? '' : String(set).split(';', 1)[0]!,
  }
}

const signIn = (email: string, given = password, cookie?: string) =>
  post('/api/session/password', { email, password: given }, cookie)

const by = (cookie: string): Caller => ({ headers: { cookie, ...ownPage } })
const tokenOf = (url: string): string => url.slice(url.indexOf('#') + 1)

async function invited(email: string, roles: object[] = [], as?: Caller) {
  const made = await world.call('POST', '/api/users', { email, roles }, as)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body
}

async function joined(email: string, roles: object[] = []): Promise<{ id: string; caller: Caller }> {
  const { id, invitation } = await invited(email, roles)
  const accepted = await post('/api/invitation', { token: tokenOf(invitation.url), password })
  assert.equal(accepted.status, 204)
  return { id, caller: by(accepted.cookie) }
}

const who = async (caller: Caller | null) => (await world.call('GET', '/api/session', undefined, caller)).body

test('an invitation sets a password once, and the password signs in', async () => {
  const { id, invitation } = await invited('Ada@Example.com', [{ role: 'editor', team: 'alpha' }])
  assert.equal((await signIn('ada@example.com')).code, 'sign-in.refused', 'before there is a password')
  const token = tokenOf(invitation.url)
  assert.equal((await post('/api/invitation', { token, password: 'short' })).code, 'body.invalid')
  const accepted = await post('/api/invitation', { token, password })
  const me = await who(by(accepted.cookie))
  assert.deepEqual([me.signedIn, me.actor, me.userId], [true, 'user:ada@example.com', id])
  assert.equal((await post('/api/invitation', { token, password })).code, 'invitation.refused')
  const again = await signIn(' ADA@example.com')
  assert.equal((await who(by(again.cookie))).actor, 'user:ada@example.com')
  assert.equal((await signIn('ada@example.com', 'a sentence to forget')).code, 'sign-in.refused')
  assert.equal((await signIn('nobody@example.com')).code, 'sign-in.refused')
  const seen = await world.call('GET', '/api/users/ada@example.com')
  assert.deepEqual([seen.body.hasPassword, seen.body.roles[0].role], [true, 'editor'])
  assert.ok(!JSON.stringify(seen.body).includes('argon2'))
})

test('an invitation lasts 72 hours, and the newest one alone', async () => {
  const { invitation } = await invited('late@example.com')
  const next = await world.call('POST', '/api/users/late@example.com/invitation')
  assert.equal((await post('/api/invitation', { token: tokenOf(invitation.url), password })).status, 403)
  world.clock.nowMs += 72 * 3_600_000
  assert.equal((await post('/api/invitation', { token: tokenOf(next.body.url), password })).status, 403)
})

test('signing in gives the browser another session, and ends the one it had', async () => {
  await joined('fixed@example.com')
  const first = await signIn('fixed@example.com')
  const planted = await signIn('fixed@example.com', password, first.cookie)
  assert.notEqual(planted.cookie, first.cookie)
  assert.equal((await who(by(first.cookie))).signedIn, false)
  assert.equal((await who(by(planted.cookie))).signedIn, true)
})

test('a new password signs every other browser out', async () => {
  const { caller } = await joined('changes@example.com')
  const other = await signIn('changes@example.com')
  const change = (current: string) =>
    world.call('PUT', '/api/password', { current, password: 'another sentence' }, caller)
  assert.equal((await change('a wrong sentence')).body.code, 'sign-in.refused')
  assert.equal((await change(password)).status, 204)
  assert.equal((await who(caller)).signedIn, true)
  assert.equal((await who(by(other.cookie))).signedIn, false)
  assert.equal((await signIn('changes@example.com')).status, 403)
  assert.equal((await signIn('changes@example.com', 'another sentence')).status, 204)
  const admin = { current: password, password: 'another sentence' }
  assert.equal((await world.call('PUT', '/api/password', admin)).body.code, 'state-conflict')
})

test('whoever is disabled is signed out, and neither password nor key open anything', async () => {
  const { id, caller } = await joined('leaves@example.com', [{ role: 'viewer', team: 'alpha' }])
  const key = await world.call('POST', '/api/keys', { name: 'ci' }, caller)
  const byKey: Caller = { headers: { authorization: `Bearer ${key.body.token}` } }
  assert.equal((await who(byKey)).actor, 'key:ci (leaves@example.com)')
  const set = (state: string) => world.call('PATCH', `/api/users/${id}`, { state })
  assert.equal((await set('disabled')).body.state, 'disabled')
  assert.equal((await who(caller)).signedIn, false)
  assert.equal((await who(byKey)).signedIn, false)
  assert.equal((await signIn('leaves@example.com')).code, 'sign-in.refused')
  assert.equal((await world.call('POST', `/api/users/${id}/invitation`)).body.code, 'state-conflict')
  await set('active')
  assert.equal((await who(byKey)).signedIn, true)
  assert.equal((await who(caller)).signedIn, false, 'a session that ended stays so')
})

test('too many failures keep an account shut for a while, also for the right password', async () => {
  await joined('target@example.com')
  for (let time = 0; time < 10; time++) await signIn('target@example.com', 'a guess of somebody')
  const kept = await signIn('target@example.com')
  assert.deepEqual([kept.status, kept.code], [429, 'session.throttled'])
  assert.equal((await signIn('unknown@example.com')).status, 403, 'and no other one')
})

test('one sees and ends the sessions that are one’s own', async () => {
  const { caller } = await joined('two@example.com')
  await joined('three@example.com')
  const other = await signIn('two@example.com')
  const list = async () => (await world.call('GET', '/api/sessions', undefined, caller)).body.items
  const sessions = await list()
  assert.equal(sessions.length, 2)
  assert.ok(sessions.every((one: { actor: string }) => one.actor === 'user:two@example.com'))
  const theirs = sessions.find((one: { yours: boolean }) => !one.yours)
  assert.equal((await world.call('DELETE', `/api/sessions/${theirs.id}`)).status, 404, 'nor anybody else')
  assert.equal((await world.call('DELETE', `/api/sessions/${theirs.id}`, undefined, caller)).status, 204)
  assert.equal((await who(by(other.cookie))).signedIn, false)
  assert.equal((await list()).length, 1)
})

test('nobody gives more than they have', async () => {
  const lead = await joined('lead@example.com', [{ role: 'admin', team: 'alpha' }])
  const boss = await joined('boss@example.com', [{ role: 'admin' }])
  const people = await joined('people@example.com', [{ permission: 'user' }, { permission: 'role' }])
  const give = (to: string, role: object, as: Caller) =>
    world.call('POST', `/api/users/${to}/roles`, role, as)
  assert.equal((await give(lead.id, { role: 'admin' }, lead.caller)).status, 403)
  assert.equal((await give(lead.id, { role: 'viewer', team: 'beta' }, lead.caller)).status, 403)
  assert.equal((await give(people.id, { role: 'admin' }, people.caller)).status, 403)
  assert.equal((await give(people.id, { role: 'viewer', team: 'alpha' }, lead.caller)).status, 201)
  for (const [method, url, body] of [
    ['POST', `/api/users/${boss.id}/invitation`, undefined],
    ['PATCH', `/api/users/${boss.id}`, { state: 'disabled' }],
  ] as const)
    assert.equal((await world.call(method, url, body, people.caller)).status, 403, url)
  const role = (await world.call('GET', `/api/users/${boss.id}`)).body.roles[0].id
  const take = `/api/users/${boss.id}/roles/${role}`
  assert.equal((await world.call('DELETE', take, undefined, people.caller)).status, 403)
  assert.equal((await world.call('POST', '/api/session/link', undefined, people.caller)).status, 403)
  assert.equal((await world.call('POST', '/api/session/link', undefined, boss.caller)).status, 201)
  const me = await world.call('PATCH', `/api/users/${boss.id}`, { state: 'disabled' }, boss.caller)
  assert.equal(me.body.code, 'state-conflict')
})

test('whoever administers a team alone brings people into it, and sees no others', async () => {
  const lead = await joined('alpha-lead@example.com', [{ role: 'admin', team: 'alpha' }])
  const outside = await joined('of-beta@example.com', [{ role: 'viewer', team: 'beta' }])
  const role = { role: 'viewer', team: 'alpha' }
  await invited('new@example.com', [role], lead.caller)
  const refused = async (roles: object[]) =>
    (await world.call('POST', '/api/users', { email: 'x@example.com', roles }, lead.caller)).status
  assert.deepEqual([await refused([]), await refused([{ role: 'viewer', team: 'beta' }])], [422, 403])
  const listed = (await world.call('GET', '/api/users?limit=200', undefined, lead.caller)).body.items
  const emails = listed.map((one: { email: string }) => one.email)
  assert.ok(emails.includes('new@example.com') && !emails.includes('of-beta@example.com'))
  assert.equal((await world.call('GET', `/api/users/${outside.id}`, undefined, lead.caller)).status, 404)
})

test('a key may do what its scope names and its owner may, until it ends', async () => {
  const { id, caller } = await joined('owner@example.com', [{ role: 'editor', team: 'alpha' }])
  const create = (body: object, as = caller) => world.call('POST', '/api/keys', body, as)
  const scope = [{ permission: 'event.send', team: 'alpha' }]
  const { body: key } = await create({
    name: 'ci',
    scope,
    expiresAt: new Date(world.clock.nowMs + 1000).toISOString(),
  })
  assert.match(key.token, /^sb_key_[\w-]{43}$/)
  const byKey: Caller = { headers: { authorization: `Bearer ${key.token}` } }
  const send = (body: object = { kind: 'app.update' }) => world.call('POST', '/api/events', body, byKey)
  const sent = await send()
  assert.equal(sent.status, 202)
  const event = await world.call('GET', `/api/events/${sent.body.events[0].id}`)
  assert.deepEqual([event.body.team, event.body.actor], ['alpha', 'key:ci (owner@example.com)'])
  assert.equal((await send({ kind: 'app.update', team: 'beta' })).status, 403)
  assert.equal((await send({ kind: 'app.update', team: null })).status, 403)
  assert.equal((await world.call('GET', '/api/events', undefined, byKey)).status, 403)
  assert.equal((await create({ name: 'more' }, byKey)).status, 403, 'no key makes others by itself')
  const tooMuch = await create({ name: 'x', scope: [{ role: 'admin', team: 'alpha' }] })
  assert.equal(tooMuch.body.code, 'access.denied')
  const wrong = await create({ name: 'x', scope: [{ permission: 'event.fly', team: 'alpha' }] })
  assert.equal(wrong.body.errors[0].path, '/scope/0/permission')

  const listed = (await world.call('GET', '/api/keys', undefined, caller)).body.items
  assert.deepEqual([listed.length, listed[0].lastUsedAt !== null, 'token' in listed[0]], [1, true, false])
  world.clock.nowMs += 1000
  assert.equal((await send()).status, 401, 'expired')

  const { body: lasting } = await create({ name: 'lasting' })
  const byLasting: Caller = { headers: { authorization: `Bearer ${lasting.token}` } }
  const [role] = (await world.call('GET', `/api/users/${id}`)).body.roles
  const events = async () => (await world.call('GET', '/api/events', undefined, byLasting)).status
  assert.equal(await events(), 200)
  await world.call('DELETE', `/api/users/${id}/roles/${role.id}`)
  assert.equal(await events(), 403, 'what its owner may do no more, it may not either')
  await world.call('POST', `/api/users/${id}/roles`, { role: 'viewer', team: 'alpha' })
  assert.equal(await events(), 200)
  assert.equal((await world.call('DELETE', `/api/keys/${lasting.id}`)).body.revokedBy, 'admin')
  assert.equal(await events(), 401)
})

test('what is made has a team: the only one where one may, or the one that is named', async () => {
  const one = await joined('one-team@example.com', [{ role: 'editor', team: 'alpha' }])
  const both = await joined('both-teams@example.com', [
    { role: 'editor', team: 'alpha' },
    { role: 'editor', team: 'beta' },
  ])
  const make = (body: object, as?: Caller) => world.call('POST', '/api/endpoints', body, as)
  assert.equal((await make({}, one.caller)).body.team, 'alpha')
  assert.equal((await make({})).body.team, null)
  const unnamed = await make({}, both.caller)
  assert.match(unnamed.body.detail, /must name one of your teams: alpha, beta/)
  const { body: endpoint } = await make({ team: 'beta' }, both.caller)
  assert.match((await make({ team: 'gamma' })).body.detail, /names no team that exists: gamma/)
  const move = (team: string | null, as: Caller) =>
    world.call('PATCH', `/api/endpoints/${endpoint.id}`, { team }, as)
  assert.equal((await move('alpha', one.caller)).status, 404, 'what is another team’s is not seen')
  assert.equal((await move(null, both.caller)).status, 403)
  assert.equal((await move('alpha', both.caller)).body.team, 'alpha')
  assert.equal((await move('beta', one.caller)).status, 403, 'nobody moves it to where they may not')
})

test('a reaction of a team is not put on an endpoint that its team does not see', async () => {
  const { caller } = await joined('reactor@example.com', [{ role: 'editor', team: 'alpha' }])
  const make = (endpoint: string, more: object = {}, as?: Caller) =>
    world.call(
      'POST',
      '/api/reactions',
      {
        name: `on-${endpoint.slice(-6)}-${remote++}`,
        trigger: { type: 'endpoint', endpoint },
        filter: {},
        action: { type: 'http', url: 'http://127.0.0.1:9' },
        retry: {},
        ...more,
      },
      as,
    )
  const endpoint = async (team: string | null) =>
    (await world.call('POST', '/api/endpoints', { team })).body.id
  assert.match((await make(await endpoint('beta'), {}, caller)).body.detail, /names no endpoint that exists/)
  const shared = await make(await endpoint('beta'), { team: 'alpha' })
  assert.match(shared.body.detail, /belongs to beta: a reaction of alpha sees nothing of it/)
  const own = await make(await endpoint('alpha'), {}, caller)
  assert.deepEqual([own.status, own.body.team], [201, 'alpha'])
  const anyTeam = await make(await endpoint('alpha'), { anyTeam: true }, caller)
  assert.match(anyTeam.body.detail, /those who may see the events of every team/)
})
