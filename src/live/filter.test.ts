import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Change } from './change.ts'
import { audienceKey, compileFilter, type Filter } from './filter.ts'
import type { Viewer } from './viewer.ts'

const change = (name: string, set: Partial<Change>): Change => ({
  position: 1,
  topic: 'events',
  team: null,
  endpointId: null,
  kindName: null,
  reactionId: null,
  failed: false,
  text: name,
  ...set,
})

const changes = [
  change('event at a', { endpointId: 'ep_a', kindName: 'deployment.failed', failed: true }),
  change('event at b', { endpointId: 'ep_b', kindName: 'deployments.started' }),
  change('event of ours', { kindName: 'deployment' }),
  change('run for a', {
    topic: 'runs',
    endpointId: 'ep_a',
    kindName: 'deployment.failed',
    reactionId: 'rea_1',
  }),
  change('failed run', { topic: 'runs', reactionId: 'rea_2', failed: true }),
  change('endpoint a', { topic: 'configuration', endpointId: 'ep_a' }),
  change('reaction 1', { topic: 'configuration', reactionId: 'rea_1' }),
]

const admin: Viewer = { kind: 'member', sees: { events: 'all', runs: 'all', configuration: 'all' } }
const seen = (filter: Filter, viewer: Viewer = admin): string[] =>
  changes.filter(compileFilter(filter, viewer)).map(one => one.text)

test('without a filter an administrator sees everything', () => {
  assert.equal(seen({}).length, changes.length)
})

test('each field of a filter narrows, and all of them must hold', () => {
  assert.deepEqual(seen({ topics: ['configuration'] }), ['endpoint a', 'reaction 1'])
  assert.deepEqual(seen({ endpoints: ['ep_a'] }), ['event at a', 'run for a', 'endpoint a'])
  assert.deepEqual(seen({ kinds: ['deployment'] }), ['event at a', 'event of ours', 'run for a'])
  assert.deepEqual(seen({ kinds: ['deployment.failed', 'x'] }), ['event at a', 'run for a'])
  assert.deepEqual(seen({ reactions: ['rea_1'] }), ['run for a', 'reaction 1'])
  assert.deepEqual(seen({ outcome: 'error' }), ['event at a', 'failed run'])
  assert.deepEqual(seen({ topics: ['events'], endpoints: ['ep_a', 'ep_b'], outcome: 'error' }), [
    'event at a',
  ])
})

test('a visitor sees the events and changes of their endpoints, whatever they ask for', () => {
  const visitor: Viewer = { kind: 'visitor', endpointIds: new Set(['ep_a']) }
  assert.deepEqual(seen({}, visitor), ['event at a', 'endpoint a'])
  assert.deepEqual(seen({ endpoints: ['ep_b'] }, visitor), [])
  assert.deepEqual(seen({ topics: ['runs'], reactions: ['rea_1'] }, visitor), [])
  assert.deepEqual(seen({}, { kind: 'visitor', endpointIds: new Set() }), [])
})

test('watchers share what they are sent when filter and view are the same, however they are put', () => {
  const key = audienceKey({ kinds: ['b', 'a', 'b'], topics: ['runs'] }, admin)
  assert.equal(audienceKey({ topics: ['runs'], kinds: ['a', 'b'] }, admin), key)
  const visitor = (...ids: string[]): Viewer => ({ kind: 'visitor', endpointIds: new Set(ids) })
  assert.equal(audienceKey({}, visitor('a', 'b')), audienceKey({}, visitor('b', 'a')))
})

test('watchers share nothing when filter or view differ', () => {
  const visitor = (...ids: string[]): Viewer => ({ kind: 'visitor', endpointIds: new Set(ids) })
  const keys = [
    audienceKey({}, admin),
    audienceKey({}, visitor()),
    audienceKey({}, visitor('everything')),
    audienceKey({}, visitor('a', 'b')),
    audienceKey({}, visitor('a","b')),
    audienceKey({ endpoints: ['x'] }, admin),
    audienceKey({ kinds: ['x'] }, admin),
    audienceKey({ reactions: ['x'] }, admin),
    audienceKey({ outcome: 'error' }, admin),
    audienceKey({ topics: ['events'] }, admin),
  ]
  assert.equal(new Set(keys).size, keys.length)
})
