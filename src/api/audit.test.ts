import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import Type from 'typebox'
import { startWorld, type World } from '../../test/support/api-world.ts'
import { csvLine } from './audit-export.ts'
import { route } from './route.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const definition = (url: string) => ({
  name: 'notify',
  trigger: { type: 'events' },
  filter: { kindNames: ['deployment.failed'] },
  action: { type: 'http', url, signingSecrets: ['whsec_c2VjcmV0LW9mLW5vdGlmeQ=='] },
})
const trail = async (query = '') => (await world.call('GET', `/api/audit${query}`)).body.items

test('what is done to a reaction is told, with what changed', async () => {
  const made = await world.call('POST', '/api/reactions', definition('https://example.com/a'))
  assert.equal(made.status, 201, JSON.stringify(made.body))
  await world.call('PUT', '/api/reactions/notify', definition('https://example.com/b'))
  await world.call('POST', '/api/reactions/notify/pause')
  await world.call('POST', '/api/reactions/notify/pause')
  await world.call('DELETE', '/api/reactions/notify')

  const rows = await trail(`?subject=${made.body.id}`)
  assert.deepEqual(
    rows.map((row: { action: string }) => row.action),
    ['reaction.delete', 'reaction.pause', 'reaction.update', 'reaction.create'],
    'what changed nothing is not told',
  )
  const [deleted, paused, updated] = rows
  assert.deepEqual(updated.changed, ['/version', '/definition/action/url'])
  assert.deepEqual(paused.changed, ['/version', '/state'])
  assert.deepEqual(updated.subject, { kind: 'reaction', id: made.body.id, name: 'notify' })
  assert.deepEqual([updated.actor, updated.by, updated.from], ['admin', 'token', '127.0.0.1'])
  const whole = (await world.call('GET', `/api/audit/${updated.id}`)).body
  assert.equal(whole.before.definition.action.url, 'https://example.com/a')
  assert.equal(whole.after.definition.action.url, 'https://example.com/b')
  assert.deepEqual(whole.after.definition.action.signingSecrets, ['•••'])
  const gone = (await world.call('GET', `/api/audit/${deleted.id}`)).body
  assert.deepEqual([gone.before.state, gone.after, gone.subject.name], ['paused', null, 'notify'])
})

test('a sign-in is told with who it was, one that fails as refused, without the token', async () => {
  const link = await world.call('POST', '/api/session/link')
  const [, token] = String(link.body.url).split('#')
  await world.call('POST', '/api/session', { token }, null)
  await world.call('POST', '/api/session', { token: 'guessed-token' }, null)
  const [refused, signedIn, linked] = await trail('?action=session')
  assert.deepEqual([linked.action, linked.actor], ['session.link', 'admin'])
  assert.deepEqual([signedIn.action, signedIn.actor, signedIn.outcome], ['session.create', 'admin', 'done'])
  assert.deepEqual([refused.actor, refused.outcome], ['nobody', 'refused'])
  assert.match(refused.detail, /The token is wrong/)
  const { body } = await world.call('GET', '/api/audit/export?format=csv')
  assert.ok(!body.includes('guessed-token') && !body.includes(token!))
})

test('what somebody who is known may not do is told', async () => {
  const visitor = await world.visitor()
  const { status } = await world.call('POST', '/api/session/link', undefined, visitor.caller)
  assert.equal(status, 403)
  const [refused] = await trail('?action=session.link&outcome=refused')
  assert.match(refused.actor, /^visitor:/)
})

test('one list of passwords does not fill the store', async () => {
  const { storage } = world.services
  const count = async () =>
    (await storage.query('listAudit', { filter: { outcome: 'refused' }, before: null, limit: 500 })).length
  world.clock.nowMs += 60_000
  const former = await count()
  const visitor = await world.visitor()
  for (let tries = 0; tries < 70; tries++)
    await world.call('POST', '/api/session/link', undefined, visitor.caller)
  assert.equal((await count()) - former, 60)
  world.clock.nowMs += 60_000
  await world.call('POST', '/api/session/link', undefined, visitor.caller)
  const [last] = await trail('?outcome=refused')
  assert.match(last.detail, /and 10 more were refused since the row before/)
})

test('an event that comes in, or is sent, leaves no row', async () => {
  const former = await trail()
  await world.event()
  const sent = await world.call('POST', '/api/events', { kind: 'deployment.failed' })
  assert.equal(sent.status, 202, JSON.stringify(sent.body))
  assert.deepEqual(await trail(), former)
})

test('the whole trail leaves as lines of JSON or as CSV', async () => {
  for (let made = 0; made < 3; made++) await world.call('POST', '/api/endpoints', { name: `many-${made}` })
  const lines = (await world.inject({
    method: 'GET',
    url: '/api/audit/export?action=endpoint.create&text=many',
    headers: { authorization: `Bearer ${world.adminToken}` },
  })) as { body: string; headers: Record<string, unknown> }
  const rows = lines.body
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.deepEqual(
    rows.map(({ after }) => after.name),
    ['many-2', 'many-1', 'many-0'],
  )
  assert.match(String(lines.headers['content-disposition']), /audit\.jsonl/)
  const csv = await world.call('GET', '/api/audit/export?format=csv&action=endpoint.create&text=many')
  assert.match(String(csv.headers['content-type']), /^text\/csv/)
  const [head, first] = String(csv.body).split('\r\n')
  assert.match(head!, /^time,id,actor,by,from,userAgent,action,outcome,/)
  assert.match(first!, /,endpoint\.create,done,,endpoint,ep_[0-9a-f]+,many-2,,,,"\{""allowedAddresses""/)
})

test('no cell of the CSV is a formula', () => {
  assert.equal(csvLine(['=1+1', '+1', '-1', '@a', 'a=1', '1']), "'=1+1,'+1,'-1,'@a,a=1,1\r\n")
  assert.equal(
    csvLine(['=HYPERLINK("https://x","a")', 'a\nb']),
    `"'=HYPERLINK(""https://x"",""a"")","a\nb"\r\n`,
  )
})

test('how long the trail is kept is a setting of its own, and told', async () => {
  assert.deepEqual((await world.call('GET', '/api/audit/retention')).body, { keepDays: null })
  await world.call('PUT', '/api/audit/retention', { keepDays: 365 })
  assert.deepEqual((await world.call('GET', '/api/audit/retention')).body, { keepDays: 365 })
  const [row] = await trail()
  assert.equal(row.action, 'audit.update-retention')
  assert.deepEqual(row.subject, { kind: 'setting', id: 'auditRetention', name: 'auditRetention' })
})

test('a route that changes something and does not say what the trail calls it does not type-check', () => {
  const row = { url: '/api/x', access: 'member', tag: 'Audit', summary: '', status: 200 } as const
  const answer = Type.String()
  const handler = async () => ''
  // @ts-expect-error audit is missing
  route({ ...row, method: 'POST', answer, handler })
  assert.equal(
    route({ ...row, method: 'POST', audit: { nothing: 'it is a test' }, answer, handler }).method,
    'POST',
  )
})
