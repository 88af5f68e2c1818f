import assert from 'node:assert/strict'
import type { Storage } from '../port.ts'
import { anEndpoint, append, createEndpoint, createReaction } from './builders.ts'
import type { Scenario } from './store.ts'

const refusedAs = (code: string) => ({ name: 'Refusal', code })
const since = (storage: Storage, version: number) => storage.read('configurationSince', { version })
const activeNow = { expectedVersion: null, atMs: 2_000 }
const outcomes = (results: PromiseSettledResult<unknown>[]) =>
  results.map(result => (result.status === 'fulfilled' ? 'done' : String(result.reason.code))).sort()

export function endpointScenarios(scenario: Scenario): void {
  scenario(
    'an endpoint is made, found, changed and deleted, each a version of the configuration',
    async ({ storage }) => {
      const made = await createEndpoint(storage, { name: 'harbor', path: '/hooks/harbor' })
      assert.equal(made.config_version, 1)
      assert.deepEqual({ ...(await storage.query('findEndpoint', { reference: 'harbor' })) }, made)
      assert.deepEqual({ ...(await storage.query('findEndpoint', { reference: made.id })) }, made)

      const set = { state: 'disabled', definition: '{"a":1}' }
      const changed = await storage.execute('updateEndpoint', { ...activeNow, id: made.id, set })
      assert.deepEqual(changed, { ...made, ...set, config_version: 2, updated_at: 2_000 })

      const gone = await storage.execute('deleteEndpoint', { id: made.id, atMs: 3_000 })
      assert.deepEqual([gone.state, gone.name, gone.path, gone.config_version], ['deleted', null, null, 3])
      assert.equal(await storage.query('findEndpoint', { reference: made.id }), null)
      await assert.rejects(
        storage.execute('updateEndpoint', { ...activeNow, id: made.id, set }),
        refusedAs('not-found'),
      )
      await assert.rejects(
        storage.execute('deleteEndpoint', { id: 'ep_none', atMs: 1 }),
        refusedAs('not-found'),
      )
    },
  )

  scenario('names and paths of endpoints are unique until their owner is deleted', async ({ storage }) => {
    const first = await createEndpoint(storage, { name: 'a', path: '/hooks/a' })
    const second = await createEndpoint(storage, { name: 'b', path: '/hooks/b' })
    await assert.rejects(createEndpoint(storage, { name: 'a' }), refusedAs('name-taken'))
    await assert.rejects(createEndpoint(storage, { path: '/hooks/a' }), refusedAs('path-taken'))
    const rename = (name: string) =>
      storage.execute('updateEndpoint', { ...activeNow, id: second.id, set: { name } })
    await assert.rejects(rename('a'), refusedAs('name-taken'))
    await storage.execute('deleteEndpoint', { id: first.id, atMs: 2_000 })
    assert.equal((await rename('a')).name, 'a')
    await createEndpoint(storage, { path: '/hooks/a' })
  })

  scenario('a refused command takes back only what it did itself', async ({ storage }) => {
    await createEndpoint(storage, { name: 'a' })
    const results = await Promise.allSettled([
      createEndpoint(storage, { name: 'b' }),
      createEndpoint(storage, { name: 'a' }),
      append(storage),
      createEndpoint(storage, { name: 'c' }),
    ])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    )
    const { version, endpoints } = await since(storage, 0)
    assert.equal(version, 3, 'the refused one took no version')
    assert.deepEqual(new Set(endpoints.map(one => one.name)), new Set(['a', 'b', 'c']))
    assert.deepEqual(storage.health(), { ok: true })
  })

  scenario('an edit from an older version is refused, and of edits at once one wins', async store => {
    const nodes = [store.storage, await store.node()]
    const { id, config_version: expectedVersion } = await createEndpoint(store.storage)
    const edit = (node: Storage, definition: string) =>
      node.execute('updateEndpoint', { id, expectedVersion, atMs: 2_000, set: { definition } })
    const results = await Promise.allSettled(nodes.map((node, index) => edit(node, `{"by":${index}}`)))
    assert.deepEqual(outcomes(results), ['done', 'version-conflict'])
    await assert.rejects(edit(store.storage, '{}'), refusedAs('version-conflict'))
  })

  scenario('of endpoints that are made at once under one name, on any node, one is kept', async store => {
    const nodes = [store.storage, await store.node()]
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, (_, index) => createEndpoint(nodes[index % 2]!, { name: 'same' })),
    )
    assert.deepEqual(outcomes(results), ['done', ...Array.from({ length: 5 }, () => 'name-taken')])
  })

  scenario('a visitor has only so many endpoints, and they end by themselves', async ({ storage }) => {
    let keys = 0
    const visitors = () =>
      createEndpoint(storage, {
        actor: 'visitor',
        view_key_hash: `key ${++keys}`,
        limitOfActor: 2,
        expires_at: 5_000,
      })
    await visitors()
    await visitors()
    await assert.rejects(visitors(), refusedAs('too-many'))
    const mine = await createEndpoint(storage, { expires_at: 5_000 })
    assert.equal(await storage.execute('expireEndpoints', { nowMs: 4_999 }), 0)
    assert.equal(await storage.execute('expireEndpoints', { nowMs: 5_000 }), 2)
    assert.equal(await storage.execute('expireEndpoints', { nowMs: 5_000 }), 0)
    const own = await storage.read('eventsAfter', { partition: 0, position: 0, limit: 9, maxBytes: 9_000 })
    assert.deepEqual(
      own.map(({ event }) => event.kind_name),
      ['endpoint.expired', 'endpoint.expired'],
      'each is told once, with the change',
    )
    const { endpoints } = await since(storage, 0)
    assert.deepEqual(
      endpoints.filter(one => one.state !== 'deleted').map(one => one.id),
      [mine.id],
      'any other endpoint stays, to be renewed',
    )
    await visitors()
  })

  scenario(
    'what an endpoint turned away is counted for each reason, and shown with its last event',
    async ({ storage }) => {
      const { id: endpointId } = await createEndpoint(storage)
      const other = await createEndpoint(storage)
      await append(storage, { endpointId, receivedAtMs: 3_000 })
      await append(storage, { endpointId, receivedAtMs: 4_000 })
      const rejection = {
        endpointId,
        reason: 'signature',
        count: 3,
        atMs: 100,
        sender: '10.0.0.1',
        detail: 'x',
        refused: true,
      }
      await storage.execute('recordRejections', {
        rejections: [rejection, { ...rejection, reason: 'method', count: 1, atMs: 50 }],
      })
      const later = { ...rejection, count: 2, atMs: 200, sender: '10.0.0.2', detail: 'y' }
      await storage.execute('recordRejections', { rejections: [later] })
      const activity = await storage.query('endpointActivity', {
        endpointIds: [endpointId, other.id],
        nowMs: 300_000,
      })
      assert.equal(activity[0]!.lastEventAtMs, 4_000)
      assert.equal(activity[0]!.eventsPerMinute, 0.4, 'two in five minutes')
      assert.deepEqual(
        activity[0]!.rejections.map(row => ({ ...row })),
        [
          {
            endpoint_id: endpointId,
            reason: 'signature',
            count: 5,
            last_at: 200,
            last_sender: '10.0.0.2',
            last_detail: 'y',
            in_a_row: 2,
            row_since: 200,
          },
          {
            endpoint_id: endpointId,
            reason: 'method',
            count: 1,
            last_at: 50,
            last_sender: '10.0.0.1',
            last_detail: 'x',
            in_a_row: 1,
            row_since: 50,
          },
        ],
      )
      assert.deepEqual(activity[1], {
        endpointId: other.id,
        lastEventAtMs: null,
        eventsPerMinute: 0,
        formerTokenUses: 0,
        formerTokenUsedAtMs: null,
        formerTokenUsedBy: null,
        rejections: [],
      })
      assert.deepEqual(await storage.query('endpointActivity', { endpointIds: [], nowMs: 0 }), [])
    },
  )

  scenario(
    'uses of the token before a rotation are counted, and change no configuration',
    async ({ storage }) => {
      const { id: endpointId } = await createEndpoint(storage)
      const set = {
        token_hash: 'new',
        former_token_hash: 'old',
        former_token_sealed: 's',
        former_token_ends_at: 9_000,
      }
      const rotated = await storage.execute('updateEndpoint', { ...activeNow, id: endpointId, set })
      const use = { endpointId, tokenHash: 'old', count: 2, atMs: 3_000, sender: '10.0.0.1' }
      await storage.execute('recordFormerTokenUses', {
        uses: [use, { ...use, tokenHash: 'older still', count: 9 }],
      })
      await storage.execute('recordFormerTokenUses', {
        uses: [{ ...use, count: 1, atMs: 4_000, sender: '10.0.0.2' }],
      })
      const row = await storage.query('findEndpoint', { reference: endpointId })
      assert.deepEqual(
        { ...row },
        { ...rotated, former_token_uses: 3, former_token_used_at: 4_000, former_token_used_by: '10.0.0.2' },
      )
      assert.equal((await since(storage, 0)).version, rotated.config_version)
    },
  )

  scenario('whoever asks what changed since a version gets just that', async ({ storage }) => {
    assert.deepEqual(await since(storage, 0), { version: 0, endpoints: [], reactions: [] })
    const endpoint = await createEndpoint(storage)
    const reaction = await createReaction(storage)
    const all = await since(storage, 0)
    assert.equal(all.version, 2)
    assert.deepEqual(
      all.endpoints.map(row => ({ ...row })),
      [endpoint],
    )
    assert.deepEqual(
      all.reactions.map(row => ({ ...row })),
      [reaction],
    )
    assert.deepEqual(await since(storage, 2), { version: 2, endpoints: [], reactions: [] })
    await storage.execute('deleteEndpoint', { id: endpoint.id, atMs: 2_000 })
    const { endpoints, reactions } = await since(storage, 2)
    assert.deepEqual([endpoints.map(one => one.state), reactions], [['deleted'], []])
  })
}

export function reactionScenarios(scenario: Scenario): void {
  scenario('every change of a reaction is a new version, and the old ones stay', async ({ storage }) => {
    const first = await createReaction(storage, { name: 'deploy', definition: '{"v":1}' })
    const { reaction_id: id } = first
    const change = { id, actor: 'bob', ...activeNow }
    const second = await storage.execute('updateReaction', { ...change, set: { definition: '{"v":2}' } })
    const paused = { state: 'paused', stateReason: 'maintenance' } as const
    const third = await storage.execute('updateReaction', { ...change, set: paused })
    assert.deepEqual([first.version, second.version, third.version], [1, 2, 3])
    assert.equal(second.since_position, first.since_position)
    assert.deepEqual(
      [third.definition, third.state, third.state_reason],
      ['{"v":2}', 'paused', 'maintenance'],
    )
    assert.deepEqual({ ...(await storage.read('reactionVersion', { id, version: 2 })) }, second)
    assert.equal(await storage.read('reactionVersion', { id, version: 9 }), null)
    assert.deepEqual({ ...(await storage.query('findReaction', { reference: 'deploy' })) }, third)
    const versions = await storage.query('versionsOfReaction', { id })
    assert.deepEqual(
      versions.map(one => one.version),
      [3, 2, 1],
    )
    const { reactions } = await since(storage, 0)
    assert.deepEqual(
      reactions.map(one => one.version),
      [3],
      'only the latest',
    )
  })

  scenario('names of reactions are unique until their owner is deleted', async ({ storage }) => {
    const first = await createReaction(storage, { name: 'a' })
    const second = await createReaction(storage, { name: 'b' })
    await assert.rejects(createReaction(storage, { name: 'a' }), refusedAs('name-taken'))
    const change = (id: string, set: object) =>
      storage.execute('updateReaction', { id, actor: 'bob', ...activeNow, set })
    await assert.rejects(change(second.reaction_id, { name: 'a' }), refusedAs('name-taken'))
    await change(first.reaction_id, { state: 'deleted' })
    await change(second.reaction_id, { name: 'a' })
    await assert.rejects(change(first.reaction_id, {}), refusedAs('not-found'))
    const listed = await storage.query('listReactions', { after: '', limit: 10, teams: 'all' })
    assert.deepEqual(
      listed.map(one => one.reaction_id),
      [second.reaction_id],
    )
  })

  scenario('of edits of one version of a reaction, on any node, one wins', async store => {
    const nodes = [store.storage, await store.node()]
    const { reaction_id: id } = await createReaction(store.storage)
    const results = await Promise.allSettled(
      [0, 1, 2, 3].map(index =>
        nodes[index % 2]!.execute('updateReaction', {
          id,
          actor: 'bob',
          atMs: 2_000,
          expectedVersion: 1,
          set: { definition: `{"by":${index}}` },
        }),
      ),
    )
    assert.deepEqual(outcomes(results), ['done', 'version-conflict', 'version-conflict', 'version-conflict'])
    assert.equal((await store.storage.query('versionsOfReaction', { id })).length, 2)
  })

  scenario('edits of one reaction at once, from whatever version, follow one another', async store => {
    const nodes = [store.storage, await store.node()]
    const { reaction_id: id } = await createReaction(store.storage)
    const edited = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        nodes[index % 2]!.execute('updateReaction', { id, actor: 'bob', ...activeNow, set: {} }),
      ),
    )
    assert.deepEqual(
      edited.map(one => one.version).sort((a, b) => a - b),
      Array.from({ length: 10 }, (_, index) => index + 2),
    )
    assert.equal(new Set(edited.map(one => one.config_version)).size, 10)
  })

  scenario('the reactions of any version of the configuration can be seen again', async ({ storage }) => {
    const a = await createReaction(storage)
    const b = await createReaction(storage)
    const change = (id: string, set: object) =>
      storage.execute('updateReaction', { id, actor: 'bob', ...activeNow, set })
    const a2 = await change(a.reaction_id, { definition: '{"v":2}' })
    const gone = await change(b.reaction_id, { state: 'deleted' })
    const at = async (configVersion: number, after = '', limit = 10) =>
      (await storage.query('reactionsAt', { configVersion, after, limit })).map(
        one => `${one.reaction_id} ${one.version}`,
      )
    const name = (one: { reaction_id: string; version: number }) => `${one.reaction_id} ${one.version}`
    assert.deepEqual(await at(0), [])
    assert.deepEqual(await at(a.config_version), [name(a)])
    assert.deepEqual(await at(b.config_version), [name(a), name(b)])
    assert.deepEqual(await at(a2.config_version), [name(a2), name(b)])
    assert.deepEqual(await at(gone.config_version), [name(a2), name(gone)])
    assert.deepEqual(await at(gone.config_version, '', 1), [name(a2)])
    assert.deepEqual(await at(gone.config_version, a.reaction_id), [name(gone)])
  })
}

export function administrationScenarios(scenario: Scenario): void {
  scenario('a session lasts until it is deleted or swept', async ({ storage }) => {
    const session = { tokenHash: 'h1', actor: 'ada', userId: null, nowMs: 0, expiresAtMs: 1_000 }
    await storage.execute('createSession', session)
    await storage.execute('createSession', { ...session, tokenHash: 'h2', expiresAtMs: 2_000 })
    const find = (tokenHash: string) => storage.read('session', { tokenHash })
    assert.deepEqual(
      { ...(await find('h1')) },
      {
        token_hash: 'h1',
        actor: 'ada',
        created_at: 0,
        expires_at: 1_000,
        user_id: null,
        last_seen_at: 0,
      },
    )
    assert.equal(await find('none'), null)
    await storage.execute('sweep', { nowMs: 1_000, keepKeysMs: 1, keepDeliveriesMs: 1 })
    assert.equal(await find('h1'), null)
    await storage.execute('deleteSession', { tokenHash: 'h2' })
    assert.equal(await find('h2'), null)
  })

  scenario('all sessions but one end at once', async ({ storage }) => {
    const session = { actor: 'ada', userId: null, nowMs: 0, expiresAtMs: 2_000 }
    for (const [at, tokenHash] of ['h1', 'h2', 'h3'].entries())
      await storage.execute('createSession', { ...session, tokenHash, nowMs: at })
    await storage.execute('createSession', { ...session, tokenHash: 'over', expiresAtMs: 1_000 })
    const held = async () =>
      (await storage.query('listSessions', { actor: 'ada', nowMs: 1_000 })).map(row => row.token_hash)
    assert.deepEqual(await held(), ['h3', 'h2', 'h1'])
    const end = (keepTokenHash: string | null) =>
      storage.execute('deleteOtherSessions', { actor: 'ada', keepTokenHash, nowMs: 1_000 })
    assert.equal(await end('h2'), 2, 'one was over already')
    assert.deepEqual(await held(), ['h2'])
    assert.equal(await end(null), 1)
    assert.deepEqual(await held(), [])
  })

  scenario('a value of the installation is set and set again', async ({ storage }) => {
    assert.equal(await storage.read('installation', { key: 'org' }), null)
    await storage.execute('setInstallation', { key: 'org', value: 'one' })
    await storage.execute('setInstallation', { key: 'org', value: 'two' })
    assert.equal(await storage.read('installation', { key: 'org' }), 'two')
  })

  scenario('the first answer under an idempotency key stays, on any node, until it is swept', async store => {
    const nodes = [store.storage, await store.node()]
    const keep = (node: Storage, response: string) =>
      node.execute('keepIdempotent', {
        key: 'k',
        actor: 'ada',
        fingerprint: 'f',
        status: 201,
        response,
        nowMs: 100,
      })
    const kept = await Promise.all([0, 1, 2, 3].map(index => keep(nodes[index % 2]!, `answer ${index}`)))
    assert.equal(new Set(kept.map(one => one.response)).size, 1)
    const find = (actor: string) => store.storage.query('idempotentAnswer', { key: 'k', actor })
    assert.deepEqual({ ...(await find('ada')) }, { ...kept[0] })
    assert.equal(await find('bob'), null)
    await store.storage.execute('sweep', { nowMs: 1_100, keepKeysMs: 1_000, keepDeliveriesMs: 1_000 })
    assert.equal(await find('ada'), null)
  })

  scenario('a delivery id can be sent again once it is too old', async ({ storage }) => {
    const deliver = () => append(storage, { endpointId: 'ep_1', deliveryId: 'd1', receivedAtMs: 100 })
    await deliver()
    await storage.execute('sweep', { nowMs: 1_099, keepKeysMs: 1, keepDeliveriesMs: 1_000 })
    assert.notEqual((await deliver()).duplicateOf, null)
    await storage.execute('sweep', { nowMs: 1_100, keepKeysMs: 1, keepDeliveriesMs: 1_000 })
    assert.equal((await deliver()).duplicateOf, null)
  })

  scenario('what a command answers holds no word of its input limits', async ({ storage }) => {
    const row = await storage.execute('createEndpoint', anEndpoint({ limitOfActor: 5 }))
    assert.equal('limitOfActor' in row, false)
  })
}
