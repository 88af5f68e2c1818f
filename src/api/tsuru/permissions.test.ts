import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import Fastify, { type FastifyInstance } from 'fastify'
import { startWorld, type World } from '../../../test/support/api-world.ts'
import type { Assignment } from '../../core/permission.ts'
import { newId } from '../../core/ids.ts'
import { hashToken, newToken } from '../../core/seal.ts'
import { hashPassword } from '../password.ts'
import { registerTsuru } from './register.ts'

interface Person {
  ask(method: string, path: string, json?: object): Promise<{ status: number; body: string }>
}

interface Organization {
  server: FastifyInstance
  world: World
  admin: Person
  person(email: string, ...assigned: Partial<Assignment>[]): Promise<Person>
}

async function startOrganization(
  t: TestContext,
  args: string[] = [],
  teams = ['core', 'web'],
): Promise<Organization> {
  const world = await startWorld(args)
  const server = Fastify({ routerOptions: { maxParamLength: 600 } })
  await registerTsuru(server, world.services)
  t.after(async () => {
    await server.close()
    await world.close()
  })
  const { storage, now } = world.services
  for (const name of teams)
    await storage.execute('createTeam', { name, description: '', actor: 'admin', created_at: now() })
  const as = (token: string): Person => ({
    async ask(method, path, json) {
      const { statusCode, body } = await server.inject({
        method: method as 'GET',
        url: path,
        headers: {
          host: '127.0.0.1:4620',
          authorization: `bearer ${token}`,
          'content-type': 'application/json',
        },
        ...(json === undefined ? {} : { payload: JSON.stringify(json) }),
      })
      return { status: statusCode, body }
    },
  })
  return {
    world,
    server,
    admin: as(world.adminToken),
    async person(email, ...assigned) {
      const id = newId('usr')
      const made = { actor: 'admin', created_at: now() }
      const nothing = { password: null, oidc_issuer: null, oidc_subject: null }
      await storage.execute('createUser', { id, email, name: email, ...nothing, state: 'active', ...made })
      for (const one of assigned)
        await storage.execute('assignRole', {
          id: newId('role'),
          user_id: id,
          role: null,
          permission: null,
          team: null,
          ...one,
          ...made,
        })
      const token = newToken('key')
      await storage.execute('createKey', {
        id: newId('key'),
        token_hash: hashToken(token),
        name: 'cli',
        user_id: id,
        scope: JSON.stringify([{ role: null, permission: '*', team: null }]),
        expires_at: null,
        ...made,
      })
      return as(token)
    },
  }
}

const hooks = '/1.6/events/webhooks'
const deniedText = "You don't have permission to do this action\n"
const hook = (name: string, set: object = {}) => ({ name, url: 'http://me', ...set })

test('a hook goes to the one team in which somebody may make it; whoever has several has to say which', async t => {
  const { person, admin } = await startOrganization(t)
  const ada = await person('ada@example.com', { role: 'editor', team: 'core' })
  assert.equal((await ada.ask('POST', hooks, hook('one'))).status, 200)
  assert.match((await ada.ask('GET', `${hooks}/one`)).body, /"team_owner":"core"/)
  const denied = await ada.ask('POST', hooks, hook('two', { team_owner: 'web' }))
  assert.deepEqual([denied.status, denied.body], [403, deniedText])

  const both = await person(
    'both@example.com',
    { role: 'editor', team: 'core' },
    { role: 'editor', team: 'web' },
  )
  for (const asker of [both, admin]) {
    const unsaid = await asker.ask('POST', hooks, hook('three'))
    assert.deepEqual([unsaid.status, unsaid.body], [400, 'You must provide a team to execute this action.\n'])
  }
  assert.equal((await both.ask('POST', hooks, hook('three', { team_owner: 'web' }))).status, 200)
  const viewer = await person('viewer@example.com', { role: 'viewer', team: 'core' })
  assert.deepEqual(await viewer.ask('POST', hooks, hook('four')), { status: 403, body: deniedText })
})

test('with one team in the whole installation, a hook of whoever may anywhere is that team’s', async t => {
  const { admin } = await startOrganization(t, [], ['core'])
  await admin.ask('POST', hooks, hook('one'))
  assert.match((await admin.ask('GET', `${hooks}/one`)).body, /"team_owner":"core"/)
})

test('who may read, change and delete a hook: its team, the permission by name, and no takeover', async t => {
  const { person, admin } = await startOrganization(t)
  const secret = { headers: { 'X-Key': ['s3cret'], 'Content-Type': ['a/b'] } }
  await admin.ask('POST', hooks, hook('of-core', { team_owner: 'core', ...secret }))
  await admin.ask('POST', hooks, hook('of-web', { team_owner: 'web' }))
  const names = async (asker: Person) => {
    const { status, body } = await asker.ask('GET', hooks)
    return status === 204 ? [] : (JSON.parse(body) as { name: string }[]).map(({ name }) => name)
  }
  const [ada, reader, nobody] = [
    await person('ada@example.com', { permission: 'webhook', team: 'core' }),
    await person('reader@example.com', { permission: 'webhook.read', team: 'core' }),
    await person('nobody@example.com'),
  ]
  assert.deepEqual(await names(admin), ['of-core', 'of-web'])
  assert.deepEqual(await names(ada), ['of-core'])
  assert.deepEqual(await names(reader), ['of-core'])
  assert.deepEqual(await names(nobody), [], 'who may see none sees none')

  assert.match((await ada.ask('GET', `${hooks}/of-core`)).body, /"X-Key":\["s3cret"\]/)
  const masked = (await reader.ask('GET', `${hooks}/of-core`)).body
  assert.match(masked, /"Content-Type":\["a\/b"\],"X-Key":\["•••"\]/)
  assert.doesNotMatch((await reader.ask('GET', hooks)).body, /s3cret/)
  for (const [method, path, body] of [
    ['GET', 'of-web', undefined],
    ['PUT', 'of-web', { url: 'http://x', team_owner: 'core' }],
    ['PUT', 'of-web', { url: 'http://x', team_owner: 'web' }],
    ['PUT', 'of-core', { url: 'http://x', team_owner: 'web' }],
    ['PUT', 'of-core', { url: 'http://x' }],
    ['DELETE', 'of-web', undefined],
  ] as const)
    assert.deepEqual(
      await ada.ask(method, `${hooks}/${path}`, body),
      { status: 403, body: deniedText },
      `${method} ${path} ${JSON.stringify(body)}`,
    )
  assert.equal((await ada.ask('DELETE', `${hooks}/nowhere`)).status, 404, 'found first')
  const kept = { url: 'http://x', team_owner: 'core' }
  assert.equal((await ada.ask('PUT', `${hooks}/of-core`, kept)).status, 200)
  assert.equal((await reader.ask('PUT', `${hooks}/of-core`, kept)).status, 403)
  assert.equal((await ada.ask('DELETE', `${hooks}/of-core`)).status, 200)
})

test('a team’s hook is for the events of its team, unless the setting says otherwise', async t => {
  for (const [args, anyTeam] of [
    [[], undefined],
    [['--tsuru-any-team'], true],
  ] as const) {
    const { admin, world } = await startOrganization(t, [...args])
    await admin.ask('POST', hooks, hook('one', { team_owner: 'core' }))
    const reaction = (await world.call('GET', '/api/reactions/one')).body
    assert.deepEqual([reaction.team, reaction.definition.anyTeam], ['core', anyTeam])
  }
})

test('events are shown to the teams that they name, and to whoever may see all', async t => {
  const { person, admin, world } = await startOrganization(t)
  const event = (id: string, teams: string[]) => ({
    UniqueID: id,
    StartTime: '2026-09-10T12:34:56Z',
    Kind: { Type: 'permission', Name: 'app.deploy' },
    Target: { Type: 'app', Value: 'a' },
    Allowed: { Scheme: 'app.read.events', Contexts: teams.map(Value => ({ CtxType: 'team', Value })) },
  })
  const [both, none] = ['a'.repeat(24), 'b'.repeat(24)]
  await world.call('POST', '/api/events', [event(both, ['core', 'web']), event(none, [])])
  const web = await person('web@example.com', { role: 'viewer', team: 'web' })
  const deployer = await person('deployer@example.com', { permission: 'app.read', team: 'core' })
  const nobody = await person('nobody@example.com')
  const ids = async (asker: Person) => {
    const { status, body } = await asker.ask('GET', '/1.1/events')
    return status === 204 ? [] : (JSON.parse(body) as { UniqueID: string }[]).map(({ UniqueID }) => UniqueID)
  }
  assert.deepEqual((await ids(admin)).toSorted(), [both, none])
  assert.deepEqual(await ids(web), [both])
  assert.deepEqual(await ids(deployer), [both], 'by the permission that the event names')
  assert.deepEqual(await ids(nobody), [])
  assert.equal((await web.ask('GET', `/1.1/events/${both}`)).status, 200)
  assert.deepEqual(await web.ask('GET', `/1.1/events/${none}`), { status: 403, body: deniedText })
})

test('tsuru login makes a key of the user’s own, and logout ends it', async t => {
  const { world, server } = await startOrganization(t)
  const { storage, now } = world.services
  const password = await hashPassword('correct horse battery')
  const made = { actor: 'admin', created_at: now() }
  const user = { id: newId('usr'), email: 'ada@example.com', name: 'Ada', password, state: 'active' }
  await storage.execute('createUser', { ...user, oidc_issuer: null, oidc_subject: null, ...made })
  const grant = { role: 'editor', permission: null, team: 'core' }
  await storage.execute('assignRole', { id: newId('role'), user_id: user.id, ...grant, ...made })
  const ask = (method: 'GET' | 'POST' | 'DELETE', url: string, payload = '', token = '') =>
    server.inject({
      method,
      url,
      headers: {
        host: '127.0.0.1:4620',
        ...(token === '' ? {} : { authorization: `bearer ${token}` }),
        ...(payload === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      payload,
    })
  const schemes = await ask('GET', '/1.18/auth/schemes')
  assert.deepEqual(
    [schemes.statusCode, schemes.body],
    [200, '[{"name":"native","default":true,"data":{}}]\n'],
  )
  const tokens = '/1.0/users/Ada@example.com/tokens'
  assert.equal((await ask('POST', tokens, 'other=1')).statusCode, 400)
  for (const url of [tokens, '/1.0/users/nobody@example.com/tokens']) {
    const wrong = await ask('POST', url, 'password=wrong')
    assert.deepEqual([wrong.statusCode, wrong.body], [401, 'Authentication failed, wrong password.\n'])
  }
  const answered = await ask('POST', tokens, 'password=correct+horse+battery')
  assert.equal(answered.statusCode, 200)
  const { token } = answered.json<{ token: string }>()
  assert.match((await ask('GET', '/1.0/users/info', '', token)).body, /"Email":"ada@example.com"/)
  assert.equal((await ask('GET', hooks, '', token)).statusCode, 204)
  const [key] = await storage.query('listKeys', { before: '', limit: 5, owner: { userId: user.id } })
  assert.equal(key?.name, 'tsuru login')
  world.clock.nowMs += 8 * 86_400_000
  assert.equal((await ask('GET', hooks, '', token)).statusCode, 401, 'after a week')
  world.clock.nowMs -= 8 * 86_400_000
  assert.equal((await ask('DELETE', '/1.0/users/tokens', '', token)).statusCode, 200)
  assert.equal((await ask('GET', hooks, '', token)).statusCode, 401)
  for (let tries = 0; tries < 8; tries++) await ask('POST', tokens, 'password=wrong')
  assert.equal((await ask('POST', tokens, 'password=correct+horse+battery')).statusCode, 429)
})

test('the command is told who somebody is, their teams and the permissions', async t => {
  const { person, admin, world } = await startOrganization(t)
  const ada = await person('ada@example.com', { permission: 'webhook', team: 'core' })
  assert.deepEqual(await ada.ask('GET', '/1.0/users/info'), {
    status: 200,
    body: '{"Email":"ada@example.com","Roles":[],"Permissions":[{"Name":"webhook","ContextType":"team","ContextValue":"core"}],"Groups":[]}\n',
  })
  assert.deepEqual(await ada.ask('GET', '/1.0/teams'), {
    status: 200,
    body: '[{"name":"core","tags":[],"permissions":["webhook"]}]\n',
  })
  assert.equal((await (await person('nobody@example.com')).ask('GET', '/1.0/teams')).status, 204)
  assert.match((await admin.ask('GET', '/1.0/info')).body, /^\{"version":"\d/)
  await ada.ask('POST', hooks, hook('one'))
  const { items } = (await world.call('GET', '/api/events?kind=webhook.create')).body
  assert.deepEqual([items[0].error, items[0].targets], [null, [{ type: 'webhook', value: 'one' }]])
  const names = JSON.parse((await ada.ask('GET', '/1.0/permissions')).body) as { Name: string }[]
  assert.ok(names.some(({ Name }) => Name === 'webhook.create'))
})
