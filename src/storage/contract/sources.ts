import assert from 'node:assert/strict'
import type { SourceTable } from '../schema.ts'
import { anEvent } from './builders.ts'
import type { Scenario } from './store.ts'

const aSource = (set: Partial<SourceTable> = {}): SourceTable => ({
  id: 'src_1',
  name: 'cloud',
  product: 'tsuru',
  url: 'https://tsuru.example.com',
  token_sealed: 'sealed',
  progress: '{"sinceMs":1000}',
  problem: null,
  asked_at: null,
  team: null,
  actor: 'Ada',
  created_at: 1_000,
  ...set,
})

export function sourceScenarios(scenario: Scenario): void {
  scenario('sources are kept by name, with how far they were read', async ({ storage }) => {
    const source = await storage.execute('createSource', aSource())
    const other = await storage.execute('createSource', aSource({ id: 'src_2', name: 'dev' }))
    assert.deepEqual(await storage.read('sources', null), [source, other])
    await assert.rejects(storage.execute('createSource', aSource({ id: 'src_3' })), { code: 'name-taken' })

    await storage.execute('noteSource', { id: 'src_1', problem: 'no answer', asked_at: 2_000 })
    const failed = { ...source, problem: 'no answer', asked_at: 2_000 }
    assert.deepEqual(await storage.query('findSource', { reference: 'cloud' }), failed)
    await storage.execute('noteSource', { id: 'src_1', problem: null, asked_at: 3_000, progress: '{}' })
    assert.deepEqual(await storage.query('findSource', { reference: 'src_1' }), {
      ...source,
      asked_at: 3_000,
      progress: '{}',
    })
    await storage.execute('deleteSource', { id: 'src_1' })
    await storage.execute('noteSource', { id: 'src_1', problem: null, asked_at: 4_000 })
    assert.equal(await storage.query('findSource', { reference: 'cloud' }), null)
    await assert.rejects(storage.execute('deleteSource', { id: 'src_1' }), { code: 'not-found' })
  })

  scenario('an event is found by a delivery id of 24 characters', async ({ storage }) => {
    const id = 'a'.repeat(24)
    const [first, second, third] = [anEvent(), anEvent(), anEvent()]
    await storage.execute('appendEvent', { ...first, deliveryId: id, receivedAtMs: 1 })
    await storage.execute('appendEvent', { ...second, deliveryId: id, actor: 'another', receivedAtMs: 2 })
    await storage.execute('appendEvent', { ...third, deliveryId: 'short' })
    const found = (deliveryId: string) => storage.query('eventsDelivered', { deliveryId })
    assert.deepEqual(await found(id), [first.id, second.id])
    assert.deepEqual(await found('b'.repeat(24)), [])
  })
}
