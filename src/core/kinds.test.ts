import assert from 'node:assert/strict'
import { test } from 'node:test'
import { someEvent, someReaction } from '../../test/support/examples.ts'
import { beginningEvent, breakerOpened, endingEvent, failing, rejecting, silence } from './alarm.ts'
import { eventContext } from './context.ts'
import { alarmTestEvent } from './alarm-test.ts'
import { diskEvent } from './disk-event.ts'
import { kinds, ownKinds, spellings } from './kinds.ts'
import {
  endpointExpiredEvent,
  reactionDisabledEvent,
  runEvent,
  runEventBody,
  runEventKinds,
} from './own-events.ts'
import { compileTemplate } from './template/template.ts'
import { compileWhere } from './where.ts'

const subject = {
  runId: 'r_1',
  eventId: 'evt_1',
  reactionId: 'rea_1',
  reactionName: 'deploy',
  team: null,
  label: 'broken',
  hops: 0,
}
const why = { reason: 'gone', runId: 'r_1', eventId: 'evt_1', hops: 0 }
const orders = { id: 'ep_1', name: 'orders', team: null }
const lastRun = { runId: 'r_1', eventId: 'evt_1', label: 'broken', hops: 0 }
/** One event of each kind that Signalbox tells, as it is really made. */
const made = [
  ...runEventKinds.map(name => ({ event: runEvent(name, subject, 0), body: runEventBody(name, subject) })),
  reactionDisabledEvent(someReaction(), why, 0),
  endpointExpiredEvent({ id: 'ep_1', name: 'orders', team: null }, 0),
  ...[
    silence(orders, 0, 1, 2),
    rejecting(orders, { reason: 'signature.mismatch', count: 10, sender: '203.0.113.7' }),
    failing(orders, 3, lastRun),
    breakerOpened('hooks.example.com', 'deploy', 10, lastRun),
  ].flatMap(beginning => [
    beginningEvent(beginning, 'https://signalbox.example.com', 0),
    endingEvent({ ...beginning, sinceMs: 0 }, 'https://signalbox.example.com', 0),
  ]),
  alarmTestEvent({ actor: 'admin', team: null, dashboardUrl: 'https://signalbox.example.com' }, 0),
  diskEvent({ directory: '/data', roomBytes: 1, totalBytes: 2, isLow: true }, 0),
]

function leaves(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner, path === '' ? name : `${path}.${name}`),
  )
}

test('every kind that Signalbox tells of itself is described as it is told', () => {
  assert.deepEqual(
    ownKinds.map(({ name }) => name).toSorted(),
    made.map(({ event }) => event.kind.name).toSorted(),
  )
  for (const { event, body } of made) {
    const { name } = event.kind
    const described = ownKinds.find(kind => kind.name === name)
    assert.deepEqual(
      described?.targets,
      event.targets.map(({ type }) => type),
    )
    assert.equal(described.error !== 'never', event.error !== null, name)
    const data: unknown = JSON.parse(new TextDecoder().decode(body))
    assert.deepEqual(described.data.map(({ path }) => path).toSorted(), leaves(data).toSorted(), name)
  }
})

test('each value is there where its template and its where look for it', () => {
  for (const { event, body } of made) {
    const context = eventContext(event, body)
    for (const { path } of ownKinds.find(kind => kind.name === event.kind.name)?.data ?? []) {
      const { template, where } = spellings(path)
      const rendered = compileTemplate('go', 'body', template).render({ ...context })
      assert.doesNotMatch(rendered, /no value/, `${event.kind.name} ${template}`)
      const compiled = compileWhere(`${where} != ""`)
      assert.ok(compiled.ok)
      assert.deepEqual(compiled.evaluate(context), { matches: true }, `${event.kind.name} ${where}`)
    }
  }
})

test('a name that is no identifier is written so that both languages take it', () => {
  const body = new TextEncoder().encode('{"pull-request":{"number":"17"}}')
  const context = eventContext(someEvent(), body)
  const { template, where } = spellings('pull-request.number')
  assert.equal(compileTemplate('go', 'body', template).render({ ...context }), '17')
  const compiled = compileWhere(`${where} == "17"`)
  assert.ok(compiled.ok && compiled.evaluate(context).matches)
})

test('each kind is described once, by a dotted name, and its examples fit its types', () => {
  assert.equal(new Set(kinds.map(({ name }) => name)).size, kinds.length)
  for (const { name, data } of kinds) {
    assert.match(name, /^[a-z][a-z-]*(\.[a-z][a-z-]*)+$/)
    for (const { type, example } of data)
      assert.equal(typeof example, type === 'number' ? 'number' : 'string', name)
  }
})
