import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseEndpointPath } from './endpoint-path.ts'

function parsed(text: string): string {
  const result = parseEndpointPath(text)
  return result.ok ? result.path.text : result.code
}

test('fixed text, parameters, forms, one optional parameter and a rest are read', () => {
  const result = parseEndpointPath('/hooks/orders/:shop/:id(\\d+)?/end')
  assert.ok(result.ok)
  assert.deepEqual(
    result.path.segments.map(segment => {
      if (segment.kind !== 'parameter') return segment.kind === 'static' ? segment.text : segment.kind
      return [segment.name, segment.form?.pattern() ?? null, segment.optional]
    }),
    ['hooks', 'orders', ['shop', null, false], ['id', '\\d+', true], 'end'],
  )
})

test('a rest is read at the end', () => {
  const result = parseEndpointPath('/triggers/:shop/*')
  assert.ok(result.ok)
  assert.deepEqual(result.path.segments[2], { kind: 'wildcard' })
})

test('a path has one spelling', () => {
  assert.equal(parsed('/hooks/ä'), '/hooks/%C3%A4')
  assert.equal(parsed('/hooks/%c3%a4'), '/hooks/%C3%A4')
  assert.equal(parsed('/hooks/%61%20b'), '/hooks/a%20b')
  assert.equal(parsed("/triggers/a-b_c.d~!$&',;=@"), "/triggers/a-b_c.d~!$&',;=@")
  assert.equal(parsed('/hooks/%3Aid/%2A/%28'), '/hooks/%3Aid/%2A/%28')
})

const refused = {
  'path.prefix': [
    '',
    '/',
    '/hooks',
    '/triggers',
    'hooks/a',
    '/hook/a',
    '/HOOKS/a',
    '/%68ooks/a',
    '/api/events',
  ],
  'path.too-long': [`/hooks/${'a'.repeat(506)}`, `/hooks/${'ä'.repeat(100)}`],
  'path.too-many-segments': [`/hooks${'/a'.repeat(32)}`],
  'path.trailing-slash': ['/hooks/', '/hooks/a/', '/hooks/:id/'],
  'path.empty-segment': ['/hooks//a', '/hooks/a//'],
  'path.dot-segment': ['/hooks/.', '/hooks/../a', '/hooks/%2e%2E'],
  'path.bad-character': [
    '/hooks/a b',
    '/hooks/a?b',
    '/hooks/a#',
    '/hooks/{a}',
    '/hooks/a\\b',
    '/hooks/(\\d+)',
    '/hooks/a+',
  ],
  'path.bad-encoding': [
    '/hooks/%',
    '/hooks/%zz',
    '/hooks/%FF',
    '/hooks/a%2Fb',
    '/hooks/%5c',
    '/hooks/%00',
    '/hooks/%C3',
  ],
  'path.bad-parameter': [
    '/hooks/:',
    '/hooks/:1',
    '/hooks/v:a',
    '/hooks/:a.b',
    '/hooks/:a+',
    '/hooks/:a*',
    '/hooks/:a(b)+',
    '/hooks/:ä',
  ],
  'path.duplicate-parameter': ['/hooks/:a/:a', '/hooks/:a/x/:a(\\d+)?'],
  'path.ambiguous-optional': ['/hooks/:a?/:b?', '/hooks/:a?/*', '/hooks/:a(\\d+)?/b/*'],
  'path.bad-wildcard': ['/hooks/*/a', '/hooks/a*', '/hooks/**', '/hooks/*?'],
  'path.bad-regex': [
    '/hooks/:a(',
    '/hooks/:a(b',
    '/hooks/:a()',
    '/hooks/:a((b))',
    '/hooks/:a(?b)',
    '/hooks/:a([^/]+)',
    '/hooks/:a(ä)',
    '/hooks/:a(b**)',
    '/hooks/:a(\\z)',
    '/hooks/:a([b)',
    '/hooks/:a(b{2,1})',
    '/hooks/:a((?=b)b)',
    '/hooks/:a(b\\)',
    '/hooks/:a(b{1001})',
    '/hooks/:a(b{900}c{900})',
    '/hooks/:a((?:b{99}){99})',
    '/hooks/:a([a-z&&[b]])',
    '/hooks/:a([[:digit:]])',
  ],
}

for (const [code, paths] of Object.entries(refused)) {
  test(`${code} is told`, () => {
    for (const path of paths) assert.equal(parsed(path), code, path)
  })
}

test('every refusal is one sentence or more about what to do', () => {
  for (const path of Object.values(refused).flat()) {
    const result = parseEndpointPath(path)
    assert.ok(!result.ok)
    assert.match(result.message, /^["A-Z].{10,300}\.$/s, path)
  }
})

test('at the limits a path is accepted', () => {
  assert.equal(parsed(`/hooks/${'a'.repeat(505)}`).length, 512)
  assert.equal(parsed(`/hooks${'/a'.repeat(31)}`).length, 68)
  assert.equal(parsed('/hooks/:__proto__/:constructor'), '/hooks/:__proto__/:constructor')
})

test('no text makes it throw, and what it accepts is valid for URLPattern and reads the same again', () => {
  const good = fc.constantFrom('a', ':id', ':no(\\d+)', ':x(a|[b-d]{2})?', '%20', 'ä', '%2a', '~', '/', '/b/')
  const bad = fc.constantFrom(':', '*', '?', '(', ')', '+', '%', '[', ']', '{2}', '//', '\\')
  const pieces = fc.array(fc.oneof({ weight: 8, arbitrary: good }, { weight: 1, arbitrary: bad }), {
    maxLength: 4,
  })
  const noise = fc.oneof(
    fc.string({ unit: 'binary' }),
    pieces.map(texts => texts.join('')),
  )
  let accepted = 0
  fc.assert(
    fc.property(fc.constantFrom('/hooks/', '/triggers/x/:a(', ''), noise, (prefix, rest) => {
      const result = parseEndpointPath(prefix + rest)
      if (!result.ok) return
      accepted++
      assert.equal(parsed(result.path.text), result.path.text)
      assert.ok(new URLPattern({ pathname: result.path.text }))
    }),
    { numRuns: 3000 },
  )
  assert.ok(accepted > 100, `only ${accepted} paths were accepted: the test tells little`)
})
