import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './testing/captured.ts'
import { startStandIn } from './testing/stand-in.ts'

const user = {
  id: 'usr_1',
  email: 'ada@example.com',
  name: 'Ada',
  state: 'active',
  hasPassword: false,
  roles: [
    { id: 'role_1', role: 'editor', permission: null, team: 'core' },
    { id: 'role_2', role: null, permission: 'event.send', team: null },
  ],
  signedInAt: null,
}
const invitation = { url: 'http://hub/invitation#sb_invite_x', expiresAt: '2026-11-24T06:50:00Z' }

test('team create, list, describe and delete', async context => {
  const team = { name: 'core', description: 'The core', actor: 'admin' }
  const server = await startStandIn(context, {
    'POST /api/teams': team,
    'GET /api/teams': { items: [team] },
    'PATCH /api/teams/core': team,
    'DELETE /api/teams/core': { status: 204 },
  })
  const made = await run(['team', 'create', 'core', '--description', 'The core'], { server })
  assert.equal(made.stdout, 'core\n')
  assert.match(made.stderr, /--role editor@core/)
  assert.match((await run(['team', 'list'], { server })).stdout, /core +The core +admin/)
  assert.equal((await run(['team', 'describe', 'core', 'New'], { server })).code, 0)
  assert.match((await run(['team', 'delete', 'core'], { server })).stderr, /Team core is deleted/)
  assert.deepEqual(server.received[0]?.json, { name: 'core', description: 'The core' })
  assert.deepEqual(server.received[2]?.json, { description: 'New' })
})

test('user create prints the invitation; roles are given and taken as they are told', async context => {
  const server = await startStandIn(context, {
    'POST /api/users': { ...user, invitation },
    'GET /api/users': { items: [user], next: null },
    'GET /api/users/ada%40example.com': user,
    'POST /api/users/ada%40example.com/roles': user,
    'POST /api/users/ada%40example.com/invitation': invitation,
    'DELETE /api/users/ada%40example.com/roles/role_2': { status: 204 },
    'PATCH /api/users/ada%40example.com': { ...user, state: 'disabled' },
  })
  const roles = ['--role', 'editor@core', '--role', 'event.send']
  const made = await run(['user', 'create', 'ada@example.com', ...roles], { server })
  assert.equal(made.stdout, `${invitation.url}\n`)
  assert.deepEqual(server.received[0]?.json, {
    email: 'ada@example.com',
    roles: [
      { role: 'editor', team: 'core' },
      { permission: 'event.send', team: null },
    ],
  })
  assert.match((await run(['user', 'list'], { server })).stdout, /editor@core event\.send +never/)
  assert.match((await run(['user', 'show', user.email], { server })).stdout, /without a password so far/)
  assert.equal((await run(['user', 'invite', user.email], { server })).stdout, `${invitation.url}\n`)
  await run(['user', 'grant', user.email, 'viewer@core'], { server })
  assert.deepEqual(server.received.at(-1)?.json, { role: 'viewer', team: 'core' })
  assert.match((await run(['user', 'revoke', user.email, 'event.send'], { server })).stderr, /no more/)
  const none = await run(['user', 'revoke', user.email, 'admin'], { server })
  assert.match(none.stderr, /has no role admin[\s\S]*They have editor@core, event\.send/)
  assert.notEqual(none.code, 0)
  assert.match((await run(['user', 'disable', user.email], { server })).stdout, /disabled/)
})

test('key create prints the key alone; list says what became of each', async context => {
  const key = {
    id: 'key_1',
    name: 'ci',
    scope: [{ role: null, permission: 'event.send', team: 'core' }],
    actor: 'user:ada@example.com',
    expiresAt: null,
    lastUsedAt: null,
    revokedAt: null,
    revokedBy: null,
  }
  const server = await startStandIn(context, {
    'POST /api/keys': { ...key, token: 'sb_key_x' },
    'GET /api/keys': {
      items: [key, { ...key, revokedAt: '2026-11-21T06:50:00Z', revokedBy: 'admin' }],
      next: null,
    },
    'DELETE /api/keys/key_1': key,
  })
  const made = await run(['key', 'create', 'ci', '--may', 'event.send@core', '--for', '1d'], { server })
  assert.equal(made.stdout, 'sb_key_x\n')
  assert.match(made.stderr, /not shown again/)
  const sent = server.received[0]?.json as { scope: object[]; expiresAt: string }
  assert.deepEqual(sent.scope, [{ permission: 'event.send', team: 'core' }])
  assert.match(sent.expiresAt, /Z$/)
  const listed = (await run(['key', 'list', '--all'], { server })).stdout
  assert.match(listed, /ci +open +event\.send@core +user:ada@example\.com +never/)
  assert.match(listed, /ended by admin/)
  assert.match((await run(['key', 'end', 'key_1'], { server })).stderr, /Key ci is ended/)
})
