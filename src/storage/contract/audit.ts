import assert from 'node:assert/strict'
import type { AuditEntry } from '../../core/audit.ts'
import type { Storage } from '../port.ts'
import type { AuditFilter } from '../queries/audit.ts'
import type { AuditTable } from '../schema.ts'
import { aReaction as anyReaction, anEndpoint as anyEndpoint } from './builders.ts'
import type { Scenario } from './store.ts'

let asked = 0
const anEntry = (set: Partial<AuditEntry> = {}): AuditEntry => ({
  id: `aud_${String(++asked).padStart(4, '0')}`,
  atMs: 1_000,
  actor: 'Ada',
  by: 'token',
  from: '192.0.2.7',
  userAgent: 'curl/8',
  action: 'endpoint.update',
  ...set,
})

/** What is told of is read, so here definitions are whole where the trail looks. */
const anEndpoint = (set: Parameters<typeof anyEndpoint>[0] = {}) =>
  anyEndpoint({ definition: '{"authentication":[{"type":"bearer","secrets":["s3cret-of-it"]}]}', ...set })
const aReaction = () =>
  anyReaction({ definition: '{"name":"orders","action":{"headers":[],"signingSecrets":["s3cret-of-it"]}}' })

const trail = (storage: Storage, filter: AuditFilter = {}): Promise<AuditTable[]> =>
  storage.query('listAudit', { filter, before: null, limit: 100 })
const told = (rows: readonly AuditTable[]) => rows.map(({ action }) => action)
const shown = (text: string | null) => JSON.parse(text ?? 'null') as Record<string, unknown> | null

export function auditScenarios(scenario: Scenario): void {
  scenario('a change leaves a row: who, from where, what, before and after', async ({ storage }) => {
    const action = 'endpoint.create'
    const made = await storage.execute(
      'createEndpoint',
      anEndpoint({ team: 'payments' }),
      anEntry({ action }),
    )
    const set = { state: 'disabled' }
    const change = { id: made.id, expectedVersion: null, atMs: 2_000, set }
    await storage.execute('updateEndpoint', change, anEntry({ atMs: 2_000 }))
    await storage.execute('updateEndpoint', { ...change, set: { name: 'renamed' } })

    const [changed, created, ...others] = await trail(storage)
    assert.deepEqual(others, [], 'what nobody asked for leaves no row')
    assert.deepEqual(
      [created?.action, created?.before, shown(created!.after)?.['state']],
      [action, null, 'active'],
    )
    const { before, after, position: _position, id: _id, ...rest } = changed!
    assert.deepEqual(rest, {
      at: 2_000,
      actor: 'Ada',
      known_by: 'token',
      sender: '192.0.2.7',
      user_agent: 'curl/8',
      action: 'endpoint.update',
      subject_kind: 'endpoint',
      subject_id: made.id,
      subject_name: made.name,
      team: 'payments',
      outcome: 'done',
      detail: '',
      purged_before: null,
    })
    assert.deepEqual({ ...shown(before), state: 'disabled' }, shown(after), 'nothing but the state differs')
    assert.equal(shown(before)?.['state'], 'active')
    assert.doesNotMatch(before + after!, new RegExp(`s3cret|${made.token_hash}|${made.token_sealed}`))
  })

  scenario('what is refused leaves neither a change nor a row', async ({ storage }) => {
    const reaction = await storage.execute('createReaction', aReaction())
    const change = { id: reaction.reaction_id, actor: 'Ada', atMs: 2_000, set: { state: 'paused' } as const }
    const stale = storage.execute('updateReaction', { ...change, expectedVersion: 7 }, anEntry())
    await assert.rejects(stale, { code: 'version-conflict' })
    assert.deepEqual(await trail(storage), [])
  })

  scenario(
    'commands that wait together have a row each, and one that fails takes its own along',
    async ({ storage }) => {
      const [first, , third] = await Promise.allSettled([
        storage.execute('createEndpoint', anEndpoint({ id: 'ep_a', name: 'same' }), anEntry()),
        storage.execute('createEndpoint', anEndpoint({ id: 'ep_b', name: 'same' }), anEntry()),
        storage.execute('createEndpoint', anEndpoint({ id: 'ep_c', name: 'other' }), anEntry()),
      ])
      assert.deepEqual([first.status, third.status], ['fulfilled', 'fulfilled'])
      assert.deepEqual(
        (await trail(storage)).map(row => row.subject_id),
        ['ep_c', 'ep_a'],
      )
    },
  )

  scenario('a session is known by who holds it, never by what opens it', async ({ storage }) => {
    const session = { tokenHash: 'hash-of-it', actor: 'Ada', userId: null, nowMs: 1_000, expiresAtMs: 9_000 }
    const nobody = { actor: 'nobody', by: 'nothing' }
    await storage.execute('createSession', session, anEntry({ ...nobody, action: 'session.create' }))
    const end = { tokenHash: 'hash-of-it' }
    await storage.execute('deleteSession', end, anEntry({ action: 'session.delete' }))
    await storage.execute('deleteSession', end, anEntry({ action: 'session.delete' }))
    const rows = await trail(storage)
    assert.deepEqual(told(rows), ['session.delete', 'session.create'], 'the end of what had ended is none')
    assert.equal(rows[1]?.actor, 'Ada', 'whoever signs in is known once they have')
    assert.doesNotMatch(JSON.stringify(rows), /hash-of-it/)
  })

  scenario('a setting that is not known to be harmless is named, and not shown', async ({ storage }) => {
    const set = (key: string, value: string) => storage.execute('setInstallation', { key, value }, anEntry())
    await set('retention', '{"keepDays":7}')
    await set('adminTokenHash', '"s3cret"')
    const [secret, known] = await trail(storage)
    assert.deepEqual([secret?.subject_id, secret?.before, secret?.after], ['adminTokenHash', null, null])
    assert.deepEqual([known?.subject_id, known?.after], ['retention', '{"keepDays":7}'])
  })

  scenario('rows are found by who, what, when and any text, page by page', async ({ storage }) => {
    const note = (set: Partial<AuditEntry>, facts: object = {}) =>
      storage.execute('noteAudit', { entry: anEntry(set), ...facts })
    await note({ action: 'reaction.update', atMs: 1_000 }, { kind: 'reaction', id: 'rea_1', name: 'orders' })
    await note(
      { action: 'reaction.delete', atMs: 2_000, actor: 'Bob' },
      { kind: 'reaction', id: 'rea_1', name: 'orders' },
    )
    await note(
      { action: 'reactions.x', atMs: 3_000 },
      { team: 'core', after: { url: 'https://Example.com/100%' } },
    )
    await note(
      { action: 'session.create', atMs: 4_000 },
      { outcome: 'refused', detail: 'The token is wrong' },
    )

    const found = async (filter: AuditFilter) => told(await trail(storage, filter))
    assert.deepEqual(await found({ action: 'reaction' }), ['reaction.delete', 'reaction.update'])
    assert.deepEqual(await found({ action: 'reaction.delete' }), ['reaction.delete'])
    assert.deepEqual(await found({ actor: 'Bob' }), ['reaction.delete'])
    assert.deepEqual(await found({ subject: 'orders', sinceMs: 1_500 }), ['reaction.delete'])
    assert.deepEqual(await found({ subject: 'rea_1', untilMs: 1_500 }), ['reaction.update'])
    assert.deepEqual(await found({ kind: 'reaction', team: 'core' }), [])
    assert.deepEqual(await found({ team: 'core' }), ['reactions.x'])
    assert.deepEqual(await found({ teams: ['core', 'other'] }), ['reactions.x'])
    assert.deepEqual(await found({ teams: [] }), [])
    assert.deepEqual(await found({ outcome: 'refused' }), ['session.create'])
    assert.deepEqual(await found({ text: 'example.COM/100%' }), ['reactions.x'])
    assert.deepEqual(await found({ text: '100_' }), [], 'a wildcard of the engine is a character like others')
    assert.deepEqual(await found({ text: 'TOKEN is' }), ['session.create'])

    const all = await trail(storage)
    const pages = []
    for (let before: number | null = null; pages.length < 4; before = pages.at(-1)!.position)
      pages.push(...(await storage.query('listAudit', { filter: {}, before, limit: 1 })))
    assert.deepEqual(pages, all)
    assert.deepEqual(await storage.query('findAudit', { id: all[2]!.id }), all[2])
    assert.equal(await storage.query('findAudit', { id: 'aud_none' }), null)
  })

  scenario('what is old leaves by a purge, which is a row itself', async ({ storage }) => {
    for (const atMs of [1_000, 2_000, 3_000]) await storage.execute('noteAudit', { entry: anEntry({ atMs }) })
    const purge = (beforeMs: number, limit = 10) =>
      storage.execute('purgeAudit', {
        entry: anEntry({ atMs: 9_000, action: 'audit.purge' }),
        beforeMs,
        limit,
      })
    assert.equal(await purge(1_000), 0, 'nothing is due, and nothing is told')
    assert.equal((await trail(storage)).length, 3)
    assert.equal(await purge(3_000, 1), 1)
    assert.equal(await purge(3_000, 1), 1)
    assert.equal(await purge(3_000, 1), 0)
    const rows = await trail(storage)
    assert.deepEqual(told(rows), ['audit.purge', 'endpoint.update'], 'one row tells of both steps')
    assert.deepEqual([rows[0]?.at, rows[1]?.at], [9_000, 3_000])
    assert.deepEqual(shown(rows[0]!.after), { before: '1970-01-01T00:00:03.000Z' })
  })
}
