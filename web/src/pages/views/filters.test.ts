import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as events from '../events/search.ts'
import * as runs from '../runs/search.ts'
import { areSame } from './same-filters.ts'

const without = (search: object) =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))

test('a view leads back to the address that it was saved from', () => {
  const ofEvents = events.eventSearch({
    endpoint: 'ep_1',
    kind: 'deployment',
    target: 'app:shop',
    outcome: 'error',
    range: '1h',
    text: 'x',
  })
  const { tab: _tab, ...filter } = ofEvents
  assert.deepEqual(without(events.searchOfView({ filters: events.filtersOf(filter) })), without(ofEvents))
  const ofRuns = runs.runSearch({ reaction: 'rea_1', state: 'failed', range: '24h', view: 'timeline' })
  assert.deepEqual(without(runs.searchOfView({ filters: runs.filtersOf(ofRuns) })), without(ofRuns))
})

test('what a view of somebody else holds and this dashboard does not know is left out', () => {
  const filters = { outcome: 'maybe', range: 'soon', kind: 7, surprise: '<script>' }
  assert.deepEqual(without(events.searchOfView({ filters })), {})
  assert.deepEqual(without(runs.searchOfView({ filters: { state: ['lost'], timeline: 1 } })), {})
})

test('filters are the same in whatever order they are written', () => {
  assert.ok(areSame({ a: 1, b: ['x'], c: undefined }, { b: ['x'], a: 1 }))
  assert.ok(!areSame({ a: 1 }, { a: 1, b: 2 }))
})
