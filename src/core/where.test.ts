import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { someEvent, someRequest } from '../../test/support/examples.ts'
import { eventContext } from './context.ts'
import { compileWhere, type WhereResult } from './where.ts'

const contextOf = (body: unknown, headers: Record<string, string> = {}): object =>
  eventContext(someEvent({ request: someRequest({ headers }) }), Buffer.from(JSON.stringify(body)))

function evaluate(source: string, context: object): WhereResult {
  const compiled = compileWhere(source)
  assert.ok(compiled.ok, compiled.ok ? '' : `${source}: ${compiled.message}`)
  return compiled.evaluate(context)
}

const yes = (source: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  assert.deepEqual(evaluate(source, contextOf(body, headers)), { matches: true }, source)
const no = (source: string, body: unknown = {}) =>
  assert.deepEqual(evaluate(source, contextOf(body)), { matches: false, error: null }, source)
const fails = (source: string, body: unknown, reason: RegExp) => {
  const result = evaluate(source, contextOf(body))
  assert.ok(!result.matches && result.error !== null, source)
  assert.match(result.error, reason, source)
}
const refused = (source: string) => {
  const compiled = compileWhere(source)
  assert.ok(!compiled.ok, source)
  return compiled
}

test('numbers of JSON and of the expression compare and calculate, whole or not', () => {
  const body = { count: 6, half: 0.5 }
  for (const source of [
    'body.count > 5',
    'body.count >= 6.0',
    'body.count == 6',
    '6 == body.count',
    'body.count != 7',
    'body.count + 1 == 7',
    '1 + body.count == 7',
    '1 + body.count == 7.0',
    '7 - body.count == 1 && 2 * body.count == 12 && 1 == 7 % body.count',
    'body.count - 1 < 6',
    'body.count * 2 == 12',
    'body.count / 4 == 1.5',
    '3 / body.half == 6',
    'body.count % 2 == 0',
    'body.count % 4 == 2.0',
    'int(body.count) % 4 == 2',
    '-body.count == -6',
    'body.count in [6, 7]',
    'body.half in [0.5]',
    'double(1) == body.half * 2',
  ])
    yes(source, body)
  no('body.count < 6', body)
})

test('both names of the body, the event, headers, query, params and the raw text can be asked for', () => {
  const event = someEvent({
    error: 'boom',
    hops: 2,
    request: someRequest({ headers: { 'x-kind': 'a' }, query: 'a=1&a=2', params: { id: '7' } }),
  })
  const context = eventContext(event, Buffer.from('{"a":{"b":[1,2]}}'))
  for (const source of [
    'body.a.b[1] == 2 && data.a.b.size() == 2',
    'event.kind == "webhook.received" && event.kindType == "external"',
    'event.target.value == "shop" && event.targets.exists(t, t.type == "endpoint")',
    'event.error == "boom" && event.hops == 2',
    'headers["x-kind"] == "a" && query.a == "2" && params.id == "7"',
    'endpoint.id == "ep_1" && endpoint.name == "shop"',
    'raw.startsWith("{\\"a\\"")',
    'timestamp(event.time) > timestamp("2020-01-01T00:00:00Z")',
  ])
    assert.deepEqual(evaluate(source, context), { matches: true }, source)
})

test('what is missing does not match and says so; has and ?. ask for it', () => {
  fails('body.missing == 1', {}, /No such key: missing/)
  fails('body.a.b.c == 1', { a: {} }, /No such key: b/)
  fails('endpoint.nope == "x"', {}, /No such key: nope/)
  fails('body.list[3] == 1', { list: [1] }, /index|No such key|out of/i)
  no('has(body.missing)')
  no('has(body.missing) && body.missing == 1')
  yes('has(body.a) && has(body.a.b)', { a: { b: null } })
  yes('body.?a.?b.orValue("none") == "none"', { a: {} })
  yes('body.?a.?b.orValue("none") == "x"', { a: { b: 'x' } })
  yes('!body.?a.hasValue()')
})

test('a type error does not match and says why', () => {
  fails('body.count == 1 && body.name > 3', { count: 1, name: 'x' }, /no such overload/)
  fails('body.name.contains("x")', { name: 5 }, /no matching overload/)
  fails('body.flag', { flag: 'yes' }, /gave string, not true or false/)
  fails('body.flag', { flag: null }, /gave null, not/)
  fails('body', {}, /gave a map, not/)
  fails('body', [], /gave a list, not/)
})

test('what is no expression, or gives no bool, is refused with its place', () => {
  const { line, column, message } = refused('body.a == 1 &&\n  body.b ==')
  assert.equal(line, 2)
  assert.ok(column > 1)
  assert.ok(message.length > 0)
  assert.match(refused('1 + 1').message, /gives a int; it must give true or false/)
  assert.match(refused('"text"').message, /gives a string/)
  assert.match(refused('nobody.knows == 1').message, /Unknown variable: nobody/)
  assert.equal(refused('true && nobody.knows == 1').column, 9)
  assert.match(refused(`${'('.repeat(200)}true${')'.repeat(200)}`).message, /maxDepth/)
  assert.match(refused(`[${'1,'.repeat(600)}1].size() > 0`).message, /maxListElements/)
})

test('matches() is refused wherever it stands, with its place', () => {
  for (const source of [
    'body.x.matches("(a+)+$")',
    'body.items.exists(x, x.matches("(a+)+$"))',
    'cel.bind(f, body.x, f.matches("(a+)+$"))',
    '{"a": body.x.matches("(a+)+$")}.a',
    'body.?y.orValue("a").matches("a")',
    'true || [body.x].map(x, x.matches("a"))[0]',
  ])
    assert.match(refused(source).message, /matches\(\) is not offered; write text\.re/)
  assert.equal(refused('true &&\n body.x.matches("a")').line, 2)
})

test('re searches by RE2, as a method and as a function', () => {
  yes('body.ref.re("^refs/tags/v[0-9]+") && re(body.ref, "v1$")', { ref: 'refs/tags/v1' })
  no('body.ref.re("^v")', { ref: 'refs/tags/v1' })
  yes('body.pattern.re("a|b") && body.text.re(body.pattern)', { pattern: 'b+', text: 'abb' })
  assert.match(refused('body.ref.re("(unclosed")').message, /pattern is not valid/)
  assert.equal(refused('true && body.ref.re("(unclosed")').column, 21)
  assert.match(refused('re(body.ref, "(?=ahead)")').message, /pattern is not valid/)
  fails('body.text.re(body.pattern)', { text: 'a', pattern: '(' }, /missing closing/)
})

test('keys named like what objects inherit are keys like any other', () => {
  const hostile: unknown = JSON.parse('{"__proto__":"p","constructor":"c","toString":"t","plain":"x"}')
  yes('body.__proto__ == "p" && body.constructor == "c" && body.toString == "t"', hostile)
  yes('body.plain == "x" && body.size() == 4 && "constructor" in body', hostile)
  yes('has(body.constructor) && body.exists(key, key == "__proto__")', hostile)
  yes('body.list.exists(x, x.constructor == 1) && body.list[0].other == 2', {
    list: [{ constructor: 1, other: 2 }],
  })
  yes('headers.constructor == "c" && headers.a == "b"', {}, { constructor: 'c', a: 'b' })
  no('has(body.toString) || has(body.constructor) || "toString" in body || has(headers.constructor)')
  fails('body.toString == "x"', {}, /No such key/)
})

/** Each took from one second to minutes before work was counted. */
test('no expression and no body takes long', { timeout: 20_000 }, () => {
  const numbers = Array.from({ length: 10_000 }, (_, index) => index)
  const hostile: [source: string, body: unknown][] = [
    ['body.all(x, body.all(y, x + y >= 0))', numbers],
    ['body.all(x, body.exists(y, body.exists(z, x + y + z < 0)))', numbers],
    ['body.map(x, body.map(y, [x, y])).size() == 0', numbers],
    ['cel.bind(b, body, b.filter(x, b.filter(y, x == y).size() == 1).size() == 0)', numbers],
    ['body.all(x, body.filter(y, y == x).all(z, z == x))', numbers],
    ['body.all(x, !([x, x] in body))', numbers.map(n => [n, n, n])],
    ['body.list.all(x, body.list == body.copy)', { list: numbers, copy: numbers }],
    ['body.exists(x, x.missing == 1)', Array.from({ length: 300_000 }, () => ({}))],
    ['body.all(x, body.exists(y, y.missing == x))', numbers],
    ['duration(body) > duration("1s")', '1'.repeat(5_000)],
    ['body.re("(x+x+)+y")', 'x'.repeat(1_000_000)],
    ['body.re("(.{0,500}x){2}$")', 'ax'.repeat(500_000)],
    ['body.text.re(body.pattern)', { text: 'a'.repeat(1_000_000), pattern: '(a{0,30}){30}b' }],
    ['body.text.re(body.pattern)', { text: 'a', pattern: '(a|b)'.repeat(10_000) }],
    ['body.text.contains(body.needle)', { text: 'a'.repeat(900_000), needle: `b${'a'.repeat(90_000)}` }],
    ['body.list.all(x, !body.text.contains(x))', { text: 'a'.repeat(500_000), list: numbers.map(String) }],
    ['body.all(x, timestamp("2024-01-01T00:00:00Z").getHours("Europe/Berlin") == 1)', numbers],
    [doubled(20), 'a'.repeat(10_000)],
    ['body.map(x, raw).join("").contains("q")', numbers],
  ]
  for (const [source, body] of hostile) {
    const context = contextOf(body)
    const startedAt = performance.now()
    const result = evaluate(source, context)
    const tookMs = performance.now() - startedAt
    assert.ok(tookMs < 3_000, `${source} took ${Math.round(tookMs)} ms: ${JSON.stringify(result)}`)
  }
  fails('body.all(x, body.all(y, x + y >= 0))', numbers, /costs too much on this event/)
})

/** cel.bind doubles a text as often as it is nested. */
function doubled(times: number): string {
  let source = `v${times}.contains("q")`
  for (let at = times; at > 0; at--)
    source = `cel.bind(v${at}, ${at === 1 ? 'body' : `v${at - 1} + v${at - 1}`}, ${source})`
  return source
}

test('an honest loop over a large body is not refused', () => {
  const items = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `n${id}`, tags: ['a', 'b'] }))
  yes('body.exists(x, x.id == 19999 && x.name == "n19999")', items)
  yes('body.all(x, x.tags.exists(t, t == "b"))', items)
  yes('body.filter(x, x.name.startsWith("n1")).size() > 5', items)
})

test('what is spent on one evaluation is not owed by the next', () => {
  const numbers = Array.from({ length: 10_000 }, (_, index) => index)
  for (let round = 0; round < 20; round++) yes('body.all(x, x >= 0)', numbers)
})

test('an error quotes a long value in part only', () => {
  const result = evaluate('duration(body) > duration("1s")', contextOf('x'.repeat(50)))
  assert.ok(!result.matches && result.error !== null && result.error.length <= 301)
  const { message } = refused(`body.${'x'.repeat(1000)} == nobody`)
  assert.ok(message.length <= 301)
})

test('a stack trace is as long after an evaluation as before', () => {
  const before = Error.stackTraceLimit
  fails('body.missing == 1', {}, /No such key/)
  assert.equal(Error.stackTraceLimit, before)
})

const fragments = fc.constantFrom(
  ...'body data headers query raw event endpoint .a .b [0] ["a"] .?a .size() .re("a") .contains("a")'.split(
    ' ',
  ),
  ...'== != < + - % && || in ? : ! ( ) 1 1.5 "a" null true [1,2] {"a":1} has(body.a)'.split(' '),
  ...'.exists(x,x==1) .all(x,x.a) .map(x,x) duration("1s") cel.bind( '.split(' '),
)
const sources = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.array(fragments, { maxLength: 12 }).map(parts => parts.join(' ')),
)

test('whatever is written, and whatever came, an answer comes and never an exception', () => {
  fc.assert(
    fc.property(sources, fc.jsonValue(), fc.dictionary(fc.string(), fc.string()), (source, body, headers) => {
      const compiled = compileWhere(source)
      if (!compiled.ok) {
        assert.ok(compiled.line >= 1 && compiled.column >= 1 && compiled.message !== '')
        return
      }
      const result = compiled.evaluate(contextOf(body, headers))
      assert.ok(result.matches || result.error === null || result.error !== '')
    }),
    { numRuns: 3000 },
  )
})
