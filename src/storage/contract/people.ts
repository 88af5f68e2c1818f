import assert from 'node:assert/strict'
import type { Storage } from '../port.ts'
import type { EventList } from '../queries/events.ts'
import type { RunPage } from '../queries/runs.ts'
import { append, createEndpoint, createReaction, makeRuns } from './builders.ts'
import { type Scenario, settled } from './store.ts'

const refusedAs = (code: string) => ({ name: 'Refusal', code })
const plain = <T>(rows: readonly T[]): T[] => rows.map(row => ({ ...row }))

const createTeam = (storage: Storage, name: string) =>
  storage.execute('createTeam', { name, description: '', actor: 'admin', created_at: 1 })

const createUser = (storage: Storage, id: string, email = `${id}@example.com`) =>
  storage.execute('createUser', {
    id,
    email,
    name: id,
    password: null,
    oidc_issuer: null,
    oidc_subject: null,
    state: 'active',
    actor: 'admin',
    created_at: 1,
  })

let made = 0
const assign = (storage: Storage, user_id: string, role: string | null, team: string | null) =>
  storage.execute('assignRole', {
    id: `role_${String(++made).padStart(4, '0')}`,
    user_id,
    role,
    permission: role === null ? 'event.send' : null,
    team,
    actor: 'admin',
    created_at: made,
  })

const signIn = (storage: Storage, tokenHash: string, userId: string) =>
  storage.execute('createSession', { tokenHash, actor: userId, userId, nowMs: 1, expiresAtMs: 9_000 })

export function peopleScenarios(scenario: Scenario): void {
  scenario('a team has its name for ever, also once it is deleted', async ({ storage }) => {
    const alpha = await createTeam(storage, 'alpha')
    await createTeam(storage, 'beta')
    await assert.rejects(createTeam(storage, 'alpha'), refusedAs('name-taken'))
    await storage.execute('updateTeam', { name: 'alpha', description: 'The first' })
    const described = { ...alpha, description: 'The first' }
    assert.deepEqual({ ...(await storage.query('findTeam', { name: 'alpha' })) }, described)
    await storage.execute('deleteTeam', { name: 'beta', nowMs: 5 })
    assert.equal(await storage.query('findTeam', { name: 'beta' }), null)
    assert.deepEqual(plain(await storage.query('listTeams', { teams: 'all' })), [described])
    assert.deepEqual(await storage.query('listTeams', { teams: [] }), [])
    await assert.rejects(createTeam(storage, 'beta'), refusedAs('name-taken'))
    await assert.rejects(
      storage.execute('updateTeam', { name: 'beta', description: '' }),
      refusedAs('not-found'),
    )
  })

  scenario('a team that owns something that works is not deleted', async ({ storage }) => {
    await createTeam(storage, 'alpha')
    const end = () => storage.execute('deleteTeam', { name: 'alpha', nowMs: 5 })
    const { id } = await createEndpoint(storage, { team: 'alpha' })
    await assert.rejects(end(), refusedAs('state-conflict'))
    const set = { team: null }
    await storage.execute('updateEndpoint', { id, expectedVersion: null, atMs: 2, set })
    const reaction = await createReaction(storage, { team: 'alpha' })
    await assert.rejects(end(), refusedAs('state-conflict'))
    await storage.execute('updateReaction', {
      id: reaction.reaction_id,
      expectedVersion: null,
      actor: 'admin',
      atMs: 2,
      set: { state: 'deleted' },
    })
    await end()
  })

  scenario('a user is found by id and email, with what they may do', async ({ storage }) => {
    const ada = await createUser(storage, 'usr_ada')
    await createUser(storage, 'usr_bob')
    await assert.rejects(createUser(storage, 'usr_c', 'usr_ada@example.com'), refusedAs('name-taken'))
    await createTeam(storage, 'alpha')
    await assign(storage, 'usr_ada', 'editor', 'alpha')
    const single = await assign(storage, 'usr_ada', null, null)
    assert.equal((await assign(storage, 'usr_ada', null, null)).id, single.id, 'once')
    await assert.rejects(assign(storage, 'usr_none', 'viewer', null), refusedAs('not-found'))
    for (const reference of [ada.id, ada.email])
      assert.deepEqual({ ...(await storage.query('findUser', { reference })) }, ada)
    const person = await storage.read('person', { id: ada.id })
    assert.deepEqual({ ...person!.user }, ada)
    assert.deepEqual(plain(person!.assignments), [
      { role: 'editor', permission: null, team: 'alpha' },
      { role: null, permission: 'event.send', team: null },
    ])
    assert.equal(await storage.read('person', { id: 'usr_none' }), null)
    await storage.execute('unassignRole', { id: single.id })
    assert.equal((await storage.query('assignmentsOf', { userIds: [ada.id] })).length, 1)
    assert.deepEqual(await storage.query('assignmentsOf', { userIds: [] }), [])

    const list = async (after: string, limit: number, teams: 'all' | string[]) =>
      (await storage.query('listUsers', { after, limit, teams })).map(user => user.id)
    assert.deepEqual(await list('', 9, 'all'), ['usr_ada', 'usr_bob'])
    assert.deepEqual(await list(ada.email, 1, 'all'), ['usr_bob'])
    assert.deepEqual(await list('', 9, ['alpha']), ['usr_ada'])
    assert.deepEqual(await list('', 9, ['beta']), [])
    await storage.execute('deleteTeam', { name: 'alpha', nowMs: 5 })
    assert.deepEqual((await storage.read('person', { id: ada.id }))!.assignments, [])
  })

  scenario('an invitation sets a password once, within its time', async ({ storage }) => {
    const { id } = await createUser(storage, 'usr_ada')
    const invite = (token_hash: string) =>
      storage.execute('inviteUser', {
        token_hash,
        user_id: id,
        actor: 'admin',
        created_at: 1,
        expires_at: 100,
      })
    const accept = (tokenHash: string, nowMs: number) =>
      storage.execute('acceptInvitation', { tokenHash, password: 'hash', nowMs })
    await invite('first')
    await invite('second')
    assert.equal(await accept('first', 2), null, 'another took its place')
    await signIn(storage, 'old', id)
    assert.equal((await accept('second', 2))?.password, 'hash')
    assert.equal(await storage.read('session', { tokenHash: 'old' }), null, 'who was signed in is so no more')
    assert.equal(await accept('second', 2), null, 'once')
    await invite('late')
    assert.equal(await accept('late', 100), null)
    await invite('third')
    await storage.execute('updateUser', { id, nowMs: 3, set: { state: 'disabled' } })
    assert.equal(await accept('third', 4), null, 'of a user who was disabled')
    await assert.rejects(invite('fourth'), refusedAs('state-conflict'))
    await storage.execute('sweep', { nowMs: 200, keepKeysMs: 1, keepDeliveriesMs: 1 })
  })

  scenario('a new password, or being disabled, ends sessions', async ({ storage }) => {
    const { id } = await createUser(storage, 'usr_ada')
    await createUser(storage, 'usr_bob')
    for (const tokenHash of ['a', 'b']) await signIn(storage, tokenHash, id)
    await signIn(storage, 'bob', 'usr_bob')
    await storage.execute('setPassword', { userId: id, password: 'hash', keepTokenHash: 'b', nowMs: 2 })
    const held = async (actor: string) =>
      (await storage.query('listSessions', { actor, nowMs: 1 })).map(row => row.token_hash)
    assert.deepEqual(await held(id), ['b'])
    await storage.execute('updateUser', { id, nowMs: 3, set: { state: 'disabled' } })
    assert.deepEqual(await held(id), [])
    assert.deepEqual(await held('usr_bob'), ['bob'])
  })

  scenario('a key is found by its token, and says when it was used and who ended it', async ({ storage }) => {
    const create = (id: string, user_id: string | null) =>
      storage.execute('createKey', {
        id,
        token_hash: `hash of ${id}`,
        name: id,
        user_id,
        scope: '[]',
        actor: 'admin',
        created_at: 1,
        expires_at: null,
      })
    const key = await create('key_1', 'usr_ada')
    await create('key_2', null)
    await create('key_3', 'usr_ada')
    await signIn(storage, 'session', 'usr_ada')
    const seen = { keys: [{ id: key.id, atMs: 7 }], sessions: [{ tokenHash: 'session', atMs: 8 }] }
    await storage.execute('noteSeen', seen)
    assert.equal((await storage.read('session', { tokenHash: 'session' }))?.last_seen_at, 8)
    const used = { ...key, last_used_at: 7 }
    assert.deepEqual({ ...(await storage.read('apiKey', { tokenHash: key.token_hash })) }, used)
    assert.equal(await storage.read('apiKey', { tokenHash: 'none' }), null)
    const revoke = (actor: string) => storage.execute('revokeKey', { id: key.id, actor, nowMs: 9 })
    const ended = { ...used, revoked_at: 9, revoked_by: 'ada' }
    assert.deepEqual({ ...(await revoke('ada')) }, ended)
    assert.deepEqual({ ...(await revoke('eve')) }, ended, 'a second time changes nothing')
    assert.deepEqual({ ...(await storage.query('findKey', { id: key.id })) }, ended)
    await assert.rejects(
      storage.execute('revokeKey', { id: 'none', actor: 'ada', nowMs: 9 }),
      refusedAs('not-found'),
    )
    const list = async (owner: { userId: string | null } | 'all', before = '') =>
      (await storage.query('listKeys', { before, limit: 9, owner })).map(({ id }) => id)
    assert.deepEqual(await list('all'), ['key_3', 'key_2', 'key_1'])
    assert.deepEqual(await list({ userId: 'usr_ada' }), ['key_3', 'key_1'])
    assert.deepEqual(await list({ userId: null }), ['key_2'])
    assert.deepEqual(await list('all', 'key_2'), ['key_1'])
  })

  scenario('lists of several teams are one list, newest first, in pages', async ({ storage }) => {
    const team = (index: number) => ['alpha', 'beta', null, 'gamma'][index % 4]!
    const teams = ['alpha', 'beta']
    const events: string[] = []
    const runs: string[] = []
    for (let index = 0; index < 16; index++) {
      const { event } = await appendNamed(storage, team(index))
      const [run] = await makeRuns(storage, { team: team(index) })
      if (teams.includes(team(index))) {
        events.unshift(event)
        runs.unshift(run!.id)
      }
    }
    const seenRuns: string[] = []
    for (let before: number | null = null; ; ) {
      const page: RunPage = await storage.query('listRuns', { filter: { teams }, before, limit: 3 })
      seenRuns.push(...page.runs.map(({ id }) => id))
      if ((before = page.before) === null) break
    }
    assert.deepEqual(seenRuns, runs)
    const seenEvents: string[] = []
    for (let before: number | null = null; ; ) {
      const deadlineAtMs = Date.now() + 9_000
      const page: EventList = await storage.query('listEvents', {
        filter: { teams },
        before,
        limit: 3,
        deadlineAtMs,
      })
      seenEvents.push(...page.events.map(({ id }) => id))
      if ((before = page.before) === null) break
    }
    assert.deepEqual(seenEvents, events)
    const kinds = await storage.query('seenKinds', { teams: ['alpha'] })
    assert.deepEqual(
      kinds.map(({ name, count }) => [name, count]),
      [['app.of.alpha', 4]],
    )
  })

  scenario('a change says whose it is; of what is moved, both teams are told', async ({ storage }) => {
    const { id } = await createEndpoint(storage, { team: 'alpha' })
    const set = { team: 'beta' }
    await storage.execute('updateEndpoint', { id, expectedVersion: null, atMs: 2, set })
    const { reaction_id } = await createReaction(storage, { team: 'beta' })
    await storage.execute('updateReaction', {
      id: reaction_id,
      expectedVersion: null,
      actor: 'ada',
      atMs: 3,
      set: { team: null },
    })
    const last = await append(storage)
    await settled(storage, last.position)
    const { changes } = await storage.read('changesAfter', { position: 0, limit: 99 })
    const told = changes.flatMap(change =>
      change.type === 'configuration' ? [`${change.topic} ${change.team}`] : [],
    )
    assert.deepEqual(told, [
      'endpoint alpha',
      'endpoint alpha',
      'endpoint beta',
      'reaction beta',
      'reaction beta',
      'reaction null',
    ])
  })
}

async function appendNamed(storage: Storage, team: string | null): Promise<{ event: string }> {
  const id = `evt_${String(++made + 5_000_000).padStart(24, '0')}`
  await append(storage, { id, team, kindName: `app.of.${team}` })
  return { event: id }
}
