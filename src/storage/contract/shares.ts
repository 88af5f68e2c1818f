import assert from 'node:assert/strict'
import type { NewShare } from '../commands/shares.ts'
import type { Storage } from '../port.ts'
import { anEvent } from './builders.ts'
import type { Scenario } from './store.ts'

const weekMs = 7 * 86_400_000
let made = 0

async function appendedId(storage: Storage): Promise<string> {
  const event = anEvent()
  await storage.execute('appendEvent', event)
  return event.id
}

async function share(storage: Storage, set: Partial<NewShare> = {}) {
  const number = String(++made).padStart(6, '0')
  const event_id = set.event_id ?? (await appendedId(storage))
  return storage.execute('createShare', {
    id: `sh_${number}`,
    token_hash: `hash ${number}`,
    event_id,
    redact: '["body.password"]',
    team: null,
    actor: 'ada',
    created_at: 1_000,
    expires_at: 5_000,
    limitOfOpen: 100,
    ...set,
  })
}

const refusedAs = (code: string) => ({ name: 'Refusal', code })

export function shareScenarios(scenario: Scenario): void {
  scenario('a share is found by its token, and says who made it and who ended it', async ({ storage }) => {
    const made = await share(storage)
    assert.deepEqual([made.actor, made.team, made.revoked_at], ['ada', null, null])
    assert.equal('limitOfOpen' in made, false)
    const find = (tokenHash: string) => storage.read('share', { tokenHash })
    assert.deepEqual({ ...(await find(made.token_hash)) }, made)
    assert.equal(await find('none'), null)

    const revoke = (actor: string, atMs: number) =>
      storage.execute('revokeShare', { id: made.id, actor, atMs })
    const ended = { ...made, revoked_at: 2_000, revoked_by: 'bob' }
    assert.deepEqual({ ...(await revoke('bob', 2_000)) }, ended)
    assert.deepEqual({ ...(await revoke('eve', 3_000)) }, ended, 'a second time changes nothing')
    assert.deepEqual({ ...(await find(made.token_hash)) }, ended)
    await assert.rejects(
      storage.execute('revokeShare', { id: 'sh_none', actor: 'ada', atMs: 1 }),
      refusedAs('not-found'),
    )
  })

  scenario('what does not exist is not shared, and only so many shares are open at once', async store => {
    const { storage } = store
    await assert.rejects(share(storage, { event_id: 'evt_none' }), refusedAs('not-found'))
    await share(storage, { expires_at: 1_500 })
    const second = await share(storage)
    await assert.rejects(share(storage, { limitOfOpen: 2 }), refusedAs('too-many'))
    await storage.execute('revokeShare', { id: second.id, actor: 'ada', atMs: 1_100 })
    await share(storage, { limitOfOpen: 2 })
    await share(storage, { limitOfOpen: 2, created_at: 1_500 })
  })

  scenario('shares are listed newest first in pages, all or those of one event', async ({ storage }) => {
    const a = await share(storage)
    const b = await share(storage)
    const c = await share(storage, { event_id: a.event_id })
    const list = async (before: string, limit: number, eventId: string | null) =>
      (await storage.query('listShares', { before, limit, eventId, teams: 'all' })).map(({ id }) => id)
    assert.deepEqual(await list('', 2, null), [c.id, b.id])
    assert.deepEqual(await list(b.id, 2, null), [a.id])
    assert.deepEqual(await list('', 9, a.event_id), [c.id, a.id])
  })

  scenario('a share that has expired is swept a week later, revoked or not', async ({ storage }) => {
    const open = await share(storage)
    const revoked = await share(storage)
    await storage.execute('revokeShare', { id: revoked.id, actor: 'ada', atMs: 2_000 })
    const sweep = (nowMs: number) => storage.execute('sweep', { nowMs, keepKeysMs: 1, keepDeliveriesMs: 1 })
    const left = async () =>
      (await storage.query('listShares', { before: '', limit: 9, eventId: null, teams: 'all' })).length
    await sweep(5_000 + weekMs - 1)
    assert.equal(await left(), 2)
    await sweep(5_000 + weekMs)
    assert.equal(await left(), 0)
    assert.equal(await storage.read('share', { tokenHash: open.token_hash }), null)
  })
}
