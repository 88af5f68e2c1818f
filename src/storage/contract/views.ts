import assert from 'node:assert/strict'
import { mostViews } from '../../core/view.ts'
import type { SavedViewTable } from '../schema.ts'
import type { Scenario } from './store.ts'

let made = 0
const aView = (set: Partial<SavedViewTable> = {}): SavedViewTable => ({
  id: `view_${String(++made).padStart(4, '0')}`,
  list: 'events',
  name: `View ${made}`,
  filters: '{"outcome":"error"}',
  pinned: 0,
  team: null,
  actor: 'Ada',
  created_at: 1_000,
  updated_at: 1_000,
  ...set,
})

export function viewScenarios(scenario: Scenario): void {
  scenario('views are kept by name, changed and deleted', async ({ storage }) => {
    const view = await storage.execute('createView', aView({ name: 'Zebra', pinned: 1 }))
    const other = await storage.execute('createView', aView({ name: 'Ärger', list: 'runs' }))
    const ids = async (list: string | null) =>
      (await storage.query('listViews', { list, teams: 'all' })).map(({ id }) => id)
    assert.deepEqual([await ids('events'), await ids('runs')], [[view.id], [other.id]])
    assert.deepEqual(await ids(null), [view.id, other.id], 'in the order of their bytes')
    assert.deepEqual(await storage.query('findView', { id: view.id }), view)

    const set = { name: 'Zoo', filters: '{}', pinned: 0 }
    const changed = await storage.execute('updateView', { id: view.id, set, nowMs: 5_000 })
    assert.deepEqual(changed, { ...view, ...set, updated_at: 5_000 })
    assert.deepEqual(await storage.query('findView', { id: view.id }), changed)

    await storage.execute('deleteView', { id: view.id, nowMs: 6_000 })
    assert.equal(await storage.query('findView', { id: view.id }), null)
    const gone = { code: 'not-found' }
    await assert.rejects(storage.execute('deleteView', { id: view.id, nowMs: 6_000 }), gone)
    await assert.rejects(storage.execute('updateView', { id: view.id, set, nowMs: 6_000 }), gone)
  })

  scenario('a name is taken within its list only, and by one alone', async ({ storage }) => {
    const names = await Promise.allSettled(
      [1, 2, 3].map(() => storage.execute('createView', aView({ name: 'Same' }))),
    )
    assert.equal(names.filter(({ status }) => status === 'fulfilled').length, 1)
    await storage.execute('createView', aView({ name: 'Same', list: 'runs' }))
    const other = await storage.execute('createView', aView({ name: 'Other' }))
    const rename = (name: string) =>
      storage.execute('updateView', { id: other.id, set: { name, filters: '{}', pinned: 0 }, nowMs: 2 })
    await assert.rejects(rename('Same'), { code: 'name-taken' })
    assert.equal((await rename('Other')).name, 'Other', 'its own name is free for it')
  })

  scenario('there is a limit to how many views there are', async ({ storage }) => {
    for (let count = 0; count < mostViews; count++) await storage.execute('createView', aView())
    await assert.rejects(storage.execute('createView', aView()), { code: 'too-many' })
  })
}
