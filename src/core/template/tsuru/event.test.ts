import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fromTsuruEvent, goTime, readTsuruEvent } from './event.ts'
import { goJson } from './go-json.ts'

/** As Go's json.Marshal wrote them: one with everything in it, one with nothing. */
const written = readFileSync(
  new URL('../../../../test/vectors/tsuru/events.jsonl', import.meta.url),
  'utf8',
).split('\n')
const [full = '', zero = ''] = written

test('what Go wrote of an event is written again byte by byte', () => {
  for (const line of [full, zero]) assert.equal(goJson(readTsuruEvent(JSON.parse(line))), line)
})

test('the order of its keys, spaces and escapes in what came do not matter', () => {
  const shuffled = Object.fromEntries(Object.entries(JSON.parse(full) as object).toReversed())
  assert.equal(goJson(readTsuruEvent(JSON.parse(JSON.stringify(shuffled, null, 2)))), full)
})

test('times are in UTC, to the millisecond, without zeros at the end', () => {
  assert.equal(goTime(new Date('2026-09-10T12:34:50.700Z')), '2026-09-10T12:34:50.7Z')
  assert.equal(goTime(new Date('2026-09-10T12:34:50.000Z')), '2026-09-10T12:34:50Z')
  const given = {
    ...(JSON.parse(full) as object),
    StartTime: '2026-09-10T14:34:56.789123+02:00',
    EndTime: 'soon',
  }
  const event = readTsuruEvent(given)
  assert.deepEqual([event?.StartTime, event?.EndTime], ['2026-09-10T12:34:56.789Z', '0001-01-01T00:00:00Z'])
})

test('what Go escapes is escaped, and half a character is replaced', () => {
  assert.equal(
    goJson({ a: '<&>\u2028\u2029\u007f\b\f"\\/\ud800' }),
    '{"a":"\\u003c\\u0026\\u003e\\u2028\\u2029\u007f\\b\\f\\"\\\\/\ufffd"}',
  )
})

test('what is not shaped like an event is none, whatever it is', () => {
  for (const value of [null, 1, 'x', [], {}, { UniqueID: 1 }, { UniqueID: 'a', Kind: {}, Target: {} }])
    assert.equal(readTsuruEvent(value), null)
  const odd = readTsuruEvent({
    ...(JSON.parse(full) as object),
    ExtraTargets: [1, null],
    Owner: 7,
    Log: {},
    Allowed: [],
  })
  assert.deepEqual(odd?.Owner, { Type: '', Name: '' })
  assert.deepEqual(odd?.ExtraTargets?.[1], { Target: { Type: '', Value: '' }, Lock: false })
})

test('of its teams the first owns it among ours; one that goes on may come again', () => {
  const contexts = ['app', 'team', 'team', 'team'].map((CtxType, index) => ({
    CtxType,
    Value: `v${Math.min(2, index)}`,
  }))
  const event = readTsuruEvent({
    ...(JSON.parse(full) as object),
    Allowed: { Scheme: 's', Contexts: contexts },
  })!
  const shaped = fromTsuruEvent(event)
  assert.deepEqual(
    [shaped?.team, shaped?.sharedWith, shaped?.deliveryId],
    ['v1', ['v2'], '5d8f0c1e2a3b4c5d6e7f8091'],
  )
  assert.equal(shaped?.error, 'boom <&> "q"')
  assert.equal(fromTsuruEvent({ ...event, Running: true })?.deliveryId, '')
  assert.equal(fromTsuruEvent({ ...event, Kind: { Type: 'permission', Name: '' } }), null)
  assert.equal(fromTsuruEvent({ ...event, Target: { Type: 'app', Value: 'x'.repeat(301) } }), null)
})
