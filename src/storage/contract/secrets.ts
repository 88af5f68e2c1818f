import assert from 'node:assert/strict'
import { mostSecrets } from '../../core/secret-limits.ts'
import type { CommandInput, Storage } from '../port.ts'
import type { Scenario } from './store.ts'

let made = 0
const create = (storage: Storage, set: Partial<CommandInput<'createSecret'>> = {}) => {
  const number = String(++made).padStart(6, '0')
  return storage.execute('createSecret', {
    id: `sec_${number}`,
    name: `NAME_${number}`,
    team: null,
    value_sealed: 'sealed',
    hosts: '[]',
    description: '',
    actor: 'ada',
    created_at: 1_000,
    ...set,
  })
}
const refusedAs = (code: string) => ({ name: 'Refusal', code })

export function secretScenarios(scenario: Scenario): void {
  scenario('a secret is made, found, changed and deleted, and each is told', async ({ storage }) => {
    const before = await storage.read('lastPosition', null)
    const secret = await create(storage, { name: 'TOKEN' })
    assert.deepEqual([secret.updated_at, secret.last_used_at], [1_000, null])
    const find = async (reference: string) =>
      (await storage.query('findSecrets', { reference })).map(row => ({ ...row }))
    const own = await create(storage, { name: 'TOKEN', team: 'ops' })
    assert.deepEqual(await find('TOKEN'), [secret, own])
    assert.deepEqual(await find(own.id), [own])
    await storage.execute('deleteSecret', { id: own.id, atMs: 1_500 })
    assert.deepEqual(await find('TOKEN'), [secret])

    const set = { value_sealed: 'other', hosts: '["a.example"]', description: 'd', actor: 'bob' }
    const changed = await storage.execute('updateSecret', { id: secret.id, set, atMs: 2_000 })
    assert.deepEqual({ ...changed }, { ...secret, ...set, updated_at: 2_000 })
    await storage.execute('deleteSecret', { id: secret.id, atMs: 3_000 })
    assert.deepEqual(await find('TOKEN'), [])
    const gone = refusedAs('not-found')
    await assert.rejects(storage.execute('deleteSecret', { id: secret.id, atMs: 3_000 }), gone)
    await assert.rejects(storage.execute('updateSecret', { id: secret.id, set, atMs: 3_000 }), gone)

    const { changes } = await storage.read('changesAfter', { position: before, limit: 10 })
    assert.deepEqual(
      changes.map(change => change.type === 'configuration' && [change.topic, change.subjectId]),
      [secret, own, own, secret, secret].map(({ id }) => ['secret', id]),
    )
  })

  scenario('a name is taken within its team only, on any node', async store => {
    const nodes = [store.storage, await store.node()]
    for (const team of [null, 'ops', 'web']) {
      const results = await Promise.allSettled(
        [0, 1, 2, 3].map(at => create(nodes[at % 2]!, { name: 'SAME', team })),
      )
      const refused = results.flatMap(result => (result.status === 'rejected' ? [result.reason.code] : []))
      assert.deepEqual(refused, ['name-taken', 'name-taken', 'name-taken'])
    }
    const listed = await store.storage.query('listSecrets', null)
    assert.deepEqual(
      listed.map(({ name, team }) => [name, team]),
      [null, 'ops', 'web'].map(team => ['SAME', team]),
    )
  })

  scenario('a team reads its own secrets and those of all, its own before others', async ({ storage }) => {
    const everyones = await create(storage, { name: 'TOKEN' })
    const own = await create(storage, { name: 'TOKEN', team: 'ops' })
    const shared = await create(storage, { name: 'SHARED' })
    const foreign = await create(storage, { name: 'FOREIGN', team: 'web' })
    const ids = async (team: string | null, ...names: string[]) =>
      new Set((await storage.read('secretsNamed', { names, team })).map(({ id }) => id))
    const all = ['TOKEN', 'SHARED', 'FOREIGN', 'NONE']
    assert.deepEqual(await ids('ops', ...all), new Set([own.id, shared.id]))
    assert.deepEqual(await ids(null, ...all), new Set([everyones.id, shared.id]))
    assert.deepEqual(await ids('web', ...all), new Set([everyones.id, shared.id, foreign.id]))
    assert.deepEqual(await ids('ops'), new Set())
    assert.deepEqual(await ids('ops', "SHARED' or 1=1 --", '"], "SHARED'), new Set())
  })

  scenario('the last use only moves forward, and is no change', async ({ storage }) => {
    const { id } = await create(storage, { name: 'USED' })
    const use = (atMs: number) =>
      storage.execute('recordSecretUses', {
        uses: [
          { secretId: id, atMs },
          { secretId: 'sec_gone', atMs },
        ],
      })
    await use(5_000)
    await use(4_000)
    const [found] = await storage.query('findSecrets', { reference: id })
    assert.deepEqual([found?.last_used_at, found?.updated_at], [5_000, 1_000])
  })

  scenario('there is a limit to how many secrets there are', async ({ storage }) => {
    await Promise.all(Array.from({ length: mostSecrets }, () => create(storage)))
    await assert.rejects(create(storage), refusedAs('too-many'))
  })
}
