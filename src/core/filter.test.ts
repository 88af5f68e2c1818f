import assert from 'node:assert/strict'
import { test } from 'node:test'
import { someEvent, someReaction } from '../../test/support/examples.ts'
import type { Event } from './event.ts'
import { judge, type NoCode, type Verdict } from './filter.ts'
import type { Filter } from './reaction.ts'

const never = () => assert.fail('no where asks for the context')
const maxHops = 8

const verdictOn = (filter: Partial<Filter>, event: Partial<Event>): Verdict =>
  judge(someReaction({ definition: { filter } }), someEvent(event), () => ({ body: { n: 6 } }), maxHops)

const fires = (filter: Partial<Filter>, event: Partial<Event> = {}) =>
  assert.deepEqual(verdictOn(filter, event), { fires: true, held: false }, JSON.stringify({ filter, event }))

function refuses(code: NoCode, filter: Partial<Filter>, event: Partial<Event>, reason?: string): void {
  const verdict = verdictOn(filter, event)
  assert.ok(!verdict.fires, JSON.stringify({ filter, event }))
  assert.equal(verdict.code, code)
  if (reason !== undefined) assert.equal(verdict.reason, reason)
}

const target = (type: string, value: string) => ({ type, value })

test('a filter that asks for nothing takes every event', () => {
  fires({})
  fires({}, { targets: [], error: 'boom', kind: { type: 'internal', name: 'x' } })
})

test('any kind type of the list will do', () => {
  const event = { kind: { type: 'platform' as const, name: 'deployment.succeeded' } }
  fires({ kindTypes: ['platform'] }, event)
  fires({ kindTypes: ['external', 'platform'] }, event)
  const reason = 'The kind type is platform, not external or internal'
  refuses('filter.kind-type', { kindTypes: ['external', 'internal'] }, event, reason)
})

test('a kind name takes what lies below it, at dots only', () => {
  const named = (name: string) => ({ kind: { type: 'platform' as const, name } })
  fires({ kindNames: ['app.update'] }, named('app.update'))
  fires({ kindNames: ['app.update'] }, named('app.update.env'))
  fires({ kindNames: ['app'] }, named('app.update.env.set'))
  fires({ kindNames: ['nope', 'app'] }, named('app.create'))
  for (const name of ['app.updates', 'app.updated.env', 'app', 'App.update', 'x.app.update', '']) {
    refuses('filter.kind-name', { kindNames: ['app.update'] }, named(name))
  }
  refuses('filter.kind-name', { kindNames: ['app.'] }, named('app.update'))
  const reason = 'The kind is app.create, not app.update or app.delete or below'
  refuses('filter.kind-name', { kindNames: ['app.update', 'app.delete'] }, named('app.create'), reason)
})

test('type and value of a target are asked for apart: they need not be of one target', () => {
  const event = { targets: [target('app', 'shop'), target('pool', 'blue')] }
  fires({ targetTypes: ['app'], targetValues: ['shop'] }, event)
  fires({ targetTypes: ['app'], targetValues: ['blue'] }, event)
  fires({ targetTypes: ['x', 'pool'], targetValues: ['y', 'shop'] }, event)
  refuses('filter.target-type', { targetTypes: ['user'], targetValues: ['shop'] }, event)
  refuses('filter.target-value', { targetTypes: ['app'], targetValues: ['green'] }, event)
  refuses('filter.target-value', { targetValues: ['app'] }, event, 'No target is named app')
  refuses('filter.target-type', { targetTypes: ['app'] }, { targets: [] }, 'No target is of type app')
})

test('targets asks for type and value together: any value of a type, and every type', () => {
  const event = { targets: [target('project', 'Core Web'), target('environment', 'Production')] }
  fires({ targets: { project: ['Core Web'] } }, event)
  fires({ targets: { project: ['Other', 'Core Web'], environment: ['Production'] } }, event)
  refuses('filter.targets', { targets: { project: ['Production'] } }, event)
  refuses(
    'filter.targets',
    { targets: { project: ['Core Web'], environment: ['Test', 'Staging'] } },
    event,
    'No environment target is Test or Staging',
  )
  refuses('filter.targets', { targets: { project: [] } }, event)
  refuses('filter.targets', { targets: JSON.parse('{"__proto__":["x"]}') as Record<string, string[]> }, event)
})

test('the outcome is told by the error', () => {
  fires({ outcome: 'error' }, { error: 'boom' })
  fires({ outcome: 'success' }, { error: null })
  fires({ outcome: 'success' }, { error: '' })
  refuses('filter.outcome', { outcome: 'error' }, { error: null }, 'The event tells of no error')
  refuses('filter.outcome', { outcome: 'error' }, { error: '' })
  refuses('filter.outcome', { outcome: 'success' }, { error: 'boom' }, 'The event tells of an error: boom')
})

test('every list has to be met', () => {
  const filter: Partial<Filter> = {
    kindTypes: ['platform'],
    kindNames: ['app'],
    targetTypes: ['app'],
    targetValues: ['shop'],
    targets: { pool: ['blue'] },
    outcome: 'success',
    where: 'body.n == 6',
  }
  const event: Partial<Event> = {
    kind: { type: 'platform', name: 'app.update' },
    targets: [target('app', 'shop'), target('pool', 'blue')],
    error: null,
  }
  fires(filter, event)
  const spoiled: [NoCode, Partial<Filter>][] = [
    ['filter.kind-type', { kindTypes: ['internal'] }],
    ['filter.kind-name', { kindNames: ['user'] }],
    ['filter.target-type', { targetTypes: ['user'] }],
    ['filter.target-value', { targetValues: ['x'] }],
    ['filter.targets', { targets: { pool: ['red'] } }],
    ['filter.outcome', { outcome: 'error' }],
    ['filter.where', { where: 'body.n == 7' }],
    ['filter.where-error', { where: 'body.missing == 7' }],
    ['filter.where-error', { where: 'body.n ==' }],
  ]
  for (const [code, change] of spoiled) refuses(code, { ...filter, ...change }, event)
})

test('the context is made only for a where that is reached', () => {
  const judged = (filter: Partial<Filter>) =>
    judge(someReaction({ definition: { filter } }), someEvent(), never, maxHops)
  assert.ok(judged({}).fires)
  assert.ok(judged({ where: '  \n' }).fires)
  assert.ok(!judged({ kindNames: ['other'], where: 'body.n == 6' }).fires)
  assert.throws(() => judged({ where: 'body.n == 6' }), /no where asks/)
})

test('a long list is told in part', () => {
  const values = ['a', 'b', 'c', 'd', 'e', 'f']
  refuses('filter.target-value', { targetValues: values }, {}, 'No target is named a, b, c or 3 more')
  refuses('filter.target-value', { targetValues: values.slice(2) }, {}, 'No target is named c or d or e or f')
})

const codeOf = (
  reaction: Parameters<typeof someReaction>[0],
  event: Partial<Event> = {},
  replayed = false,
) => {
  const verdict = judge(someReaction(reaction), someEvent(event), never, maxHops, replayed)
  return verdict.fires ? (verdict.held ? 'held' : 'fires') : verdict.code
}

test('a reaction that is disabled or deleted does not fire, one that is paused holds its runs', () => {
  assert.equal(codeOf({ state: 'active' }), 'fires')
  assert.equal(codeOf({ state: 'paused' }), 'held')
  assert.equal(codeOf({ state: 'deleted' }), 'reaction.deleted')
  assert.equal(codeOf({ state: 'disabled' }), 'reaction.disabled')
  const verdict = judge(someReaction({ state: 'disabled', stateReason: '410' }), someEvent(), never, maxHops)
  assert.deepEqual(verdict, { fires: false, code: 'reaction.disabled', reason: '410' })
})

test('a reaction sees no event that is older than itself, unless it is replayed', () => {
  assert.equal(codeOf({ sincePosition: 9 }, { position: 10 }), 'fires')
  assert.equal(codeOf({ sincePosition: 10 }, { position: 10 }), 'reaction.younger')
  assert.equal(codeOf({ sincePosition: 11 }, { position: 10 }), 'reaction.younger')
  assert.equal(codeOf({ sincePosition: 11 }, { position: 10 }, true), 'fires')
  assert.equal(codeOf({ sincePosition: 11, state: 'disabled' }, {}, true), 'reaction.disabled')
})

test('a team’s reaction sees the events of its team, the organization’s all of them', () => {
  assert.equal(codeOf({ team: null }, { team: 'web' }), 'fires')
  assert.equal(codeOf({ team: 'web' }, { team: 'web' }), 'fires')
  assert.equal(codeOf({ team: 'web' }, { team: 'core' }), 'reaction.other-team')
  assert.equal(codeOf({ team: 'web' }, { team: null }), 'reaction.other-team')
  assert.equal(codeOf({ team: 'web' }, { team: 'core', sharedWith: ['ops', 'web'] }), 'fires')
  assert.equal(codeOf({ team: 'web' }, { team: 'core', sharedWith: ['ops'] }), 'reaction.other-team')
  assert.equal(codeOf({ team: 'web', definition: { anyTeam: true } }, { team: null }), 'fires')
})

test('at the limit of hops no reaction runs, not even in a replay', () => {
  assert.equal(codeOf({}, { hops: 7 }), 'fires')
  assert.equal(codeOf({}, { hops: 8 }), 'event.too-many-hops')
  assert.equal(codeOf({}, { hops: 900 }, true), 'event.too-many-hops')
})

test('a reaction on an endpoint takes the events of that endpoint only', () => {
  const definition = { trigger: { type: 'endpoint', endpoint: 'ep_1' } as const }
  assert.equal(codeOf({ definition }, { endpointId: 'ep_1' }), 'fires')
  assert.equal(codeOf({ definition }, { endpointId: 'ep_2' }), 'trigger.other-endpoint')
  assert.equal(codeOf({ definition }, { endpointId: null }), 'trigger.other-endpoint')
  assert.equal(codeOf({}, { endpointId: null }), 'fires')
})
