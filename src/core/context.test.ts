import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { someEvent, someRequest } from '../../test/support/examples.ts'
import { eventContext, mediaType, parseBody } from './context.ts'
import { eventJson } from './event-json.ts'

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const bodyOf = (contentType: string | null, bytes: Uint8Array): unknown =>
  eventContext(someEvent({ contentType }), bytes).body

test('a body is parsed by what its type says', () => {
  const cases: [type: string | null, text: string, expected: unknown][] = [
    ['application/json', '{"a":1}', { a: 1 }],
    ['Application/JSON; charset=utf-8', ' [1, 2] ', [1, 2]],
    ['application/json', 'null', null],
    ['application/json', 'false', false],
    ['application/json', '0', 0],
    ['application/json', '""', ''],
    ['application/vnd.github+json', '{"a":1}', { a: 1 }],
    ['application/cloudevents+json;charset=UTF-8', '{"a":1}', { a: 1 }],
    ['application/x-www-form-urlencoded', 'a=1&b=x+y%21', { a: '1', b: 'x y!' }],
    ['application/x-www-form-urlencoded', 'a=1&a=2&a=3&b', { a: ['1', '2', '3'], b: '' }],
    ['text/plain', 'hello', 'hello'],
    ['text/plain', '{"a":1}', { a: 1 }],
    ['application/octet-stream', ' {"a":1}', { a: 1 }],
    [null, '[1]', [1]],
    [null, 'hello', 'hello'],
    ['', '', ''],
    ['application/xml', '<a/>', { a: '' }],
    [
      'text/xml; charset=utf-8',
      '<order id="7"><item>a</item><item>b</item></order>',
      { order: { _id: '7', item: ['a', 'b'] } },
    ],
    ['application/soap+xml', '<s:Envelope xmlns:s="u"><s:Body/></s:Envelope>', { Envelope: { Body: '' } }],
    ['application/x-www-form-urlencoded', '<?xml version="1.0"?><a>1</a>', { a: '1' }],
    ['text/plain', '<a/>', '<a/>'],
    ['application/xml', '<a>', '<a>'],
    ['application/xml', '{"a":1}', '{"a":1}'],
  ]
  for (const [type, text, expected] of cases)
    assert.deepEqual(plain(parseBody(type, text)), expected, `${type}: ${text}`)
})

test('curl -d calls JSON a form, and is understood', () => {
  const form = 'application/x-www-form-urlencoded'
  assert.deepEqual(parseBody(form, '{"a":"b&c=d"}'), { a: 'b&c=d' })
  assert.deepEqual(parseBody(form, '[1,2]'), [1, 2])
  assert.deepEqual(plain(parseBody(form, '{broken=1')), { '{broken': '1' })
})

test('what is no JSON stays text', () => {
  for (const text of ['{"a":', 'undefined', '{a:1}', "{'a':1}", '', '[1,]', 'NaN'])
    assert.equal(parseBody('application/json', text), text)
})

test('names that objects inherit are names like any other', () => {
  const json = parseBody('application/json', '{"__proto__":{"admin":true},"constructor":1}') as object
  assert.deepEqual(Object.keys(json), ['__proto__', 'constructor'])
  assert.equal(Reflect.get(json, 'admin'), undefined)
  const form = parseBody('application/x-www-form-urlencoded', '__proto__=a&__proto__=b&toString=c') as object
  assert.deepEqual(Object.entries(form), [
    ['__proto__', ['a', 'b']],
    ['toString', 'c'],
  ])
  const request = someRequest({ query: '__proto__=x', headers: { ['__proto__']: 'h' } })
  const context = eventContext(someEvent({ request }), new Uint8Array())
  assert.deepEqual(Object.entries(context.query), [['__proto__', 'x']])
  assert.deepEqual(Object.entries(context.headers), [['__proto__', 'h']])
  assert.equal(Reflect.get({}, 'admin'), undefined)
})

test('bytes are decoded by the charset that the type names, as UTF-8 where it names none that is known', () => {
  const latin = Uint8Array.of(0x63, 0x61, 0x66, 0xe9)
  assert.equal(bodyOf('text/plain; charset=ISO-8859-1', latin), 'café')
  assert.equal(bodyOf('text/plain; charset="windows-1252"', latin), 'café')
  assert.equal(bodyOf('text/plain', latin), 'caf�')
  assert.equal(bodyOf('text/plain; charset=klingon', latin), 'caf�')
  assert.equal(bodyOf('text/plain;charset=utf-8', Buffer.from('café')), 'café')
  assert.deepEqual(bodyOf('application/json;charset=utf-16le', Buffer.from('{"a":"é"}', 'utf16le')), {
    a: 'é',
  })
})

test('a byte order mark does not keep JSON from being read', () => {
  assert.deepEqual(bodyOf('application/json', Buffer.from('\uFEFF{"a":1}')), { a: 1 })
})

test('binary is text with marks where it cannot be read, and changes nothing else', () => {
  const context = eventContext(someEvent({ contentType: 'image/png' }), Uint8Array.of(0x89, 0x50, 0xff, 0))
  assert.equal(context.raw, '�P�\0')
  assert.equal(context.body, context.raw)
})

test('large and deep bodies are read in time', { timeout: 20_000 }, () => {
  const startedAt = performance.now()
  const many = 'a&'.repeat(500_000)
  const form = parseBody('application/x-www-form-urlencoded', many) as { a: string[] }
  assert.equal(form.a.length, 500_000)
  assert.ok(parseBody('application/x-www-form-urlencoded', '%zz%41'.repeat(200_000)))
  const deep = '['.repeat(500_000) + ']'.repeat(500_000)
  assert.ok(Array.isArray(parseBody('application/json', deep)))
  const long = 'x'.repeat(8 * 1024 * 1024)
  assert.ok(parseBody('application/json', JSON.stringify({ long })) instanceof Object)
  assert.ok(performance.now() - startedAt < 3_000)
})

test('a form is read as browsers write it', () => {
  const bytes = fc.array(fc.constantFrom('a', 'b', '=', '&', '+', '%', '%41', '%C3%A9', '%ff', ' ', '%zz'))
  fc.assert(
    fc.property(bytes, parts => {
      const text = parts.join('')
      const expected: Record<string, string[]> = {}
      for (const [name, value] of new URLSearchParams(text)) (expected[name] ??= []).push(value)
      const form = parseBody('application/x-www-form-urlencoded', text) as Record<string, string | string[]>
      const came = Object.fromEntries(Object.entries(form).map(([name, value]) => [name, [value].flat()]))
      assert.deepEqual(came, expected, text)
    }),
    { numRuns: 2000 },
  )
})

test('nothing is parsed before it is asked for, and nothing twice', t => {
  const parse = t.mock.method(JSON, 'parse')
  const context = eventContext(someEvent({ request: someRequest({ query: 'a=1' }) }), Buffer.from('{"a":1}'))
  assert.equal(parse.mock.callCount(), 0)
  const { body } = context
  assert.equal(context.body, body)
  assert.equal(context.data, body)
  assert.equal(parse.mock.callCount(), 1)
  assert.equal(context.query, context.query)
})

test('a repeated header is one text, of a repeated query parameter the last counts', () => {
  const request = someRequest({ headers: { 'set-cookie': ['a=1', 'b=2'], 'x-one': '1' }, query: 'a=1&a=2' })
  const context = eventContext(someEvent({ request }), new Uint8Array())
  assert.deepEqual({ ...context.headers }, { 'set-cookie': 'a=1, b=2', 'x-one': '1' })
  assert.deepEqual({ ...context.query }, { a: '2' })
})

test('an event of our own has no request and no endpoint', () => {
  const event = someEvent({ endpointId: null, targets: [], request: null })
  const context = eventContext(event, Buffer.from('{}'))
  assert.equal(context.endpoint, null)
  assert.equal(context.event.target, null)
  assert.deepEqual([{ ...context.headers }, { ...context.query }, context.params], [{}, {}, {}])
})

test('the event as JSON has what was received as data', () => {
  const event = someEvent({ request: someRequest({ query: 'a=1', headers: { 'x-a': 'b' } }) })
  const json = JSON.parse(eventJson(event, eventContext(event, Buffer.from('{"n":[1]}')))) as object
  assert.deepEqual(json, {
    id: event.id,
    time: '2023-11-14T22:13:20.000Z',
    kind: event.kind,
    targets: event.targets,
    owner: event.owner,
    error: null,
    endpoint: { id: 'ep_1', name: 'shop' },
    request: { method: 'POST', path: '/hooks/shop', query: 'a=1', headers: { 'x-a': 'b' } },
    data: { n: [1] },
  })
})

test('a media type is told without parameters, in lower case', () => {
  assert.equal(mediaType(' Text/HTML ; charset=x'), 'text/html')
  assert.equal(mediaType(null), '')
})

test('whatever came, parsing it does not throw', () => {
  const types = fc.oneof(
    fc.constantFrom('application/json', 'a/b+json', 'application/x-www-form-urlencoded', 'text/plain', null),
    fc.string(),
  )
  fc.assert(
    fc.property(types, fc.uint8Array({ maxLength: 200 }), (contentType, bytes) => {
      const context = eventContext(someEvent({ contentType }), bytes)
      assert.notEqual(context.body, undefined)
      assert.equal(typeof context.raw, 'string')
    }),
    { numRuns: 1000 },
  )
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      assert.deepEqual(parseBody('application/json', JSON.stringify(value)), plain(value))
    }),
  )
})
