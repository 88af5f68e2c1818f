import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { buildPathIndex } from './endpoint-path-index.ts'
import { parseEndpointPath } from './endpoint-path.ts'

const indexOf = (...paths: string[]) => buildPathIndex(paths.map(path => ({ path })))

function winner(paths: string[], path: string): string | null {
  return indexOf(...paths).match(path)?.entry.path ?? null
}

function conflictMessages(taken: string[], path: string): string[] {
  const parsed = parseEndpointPath(path)
  assert.ok(parsed.ok)
  return indexOf(...taken)
    .conflicts(parsed.path)
    .map(({ message }) => message)
}

test('fixed text beats a form, that a parameter, and that the rest', () => {
  const paths = ['/hooks/*', '/hooks/:any', '/hooks/:id(\\d+)', '/hooks/12']
  assert.equal(winner(paths, '/hooks/12'), '/hooks/12')
  assert.equal(winner(paths, '/hooks/13'), '/hooks/:id(\\d+)')
  assert.equal(winner(paths, '/hooks/x'), '/hooks/:any')
  assert.equal(winner(paths, '/hooks/x/y'), '/hooks/*')
  assert.equal(winner(paths, '/hooks/'), '/hooks/*')
  assert.equal(winner(paths, '/hooks'), null)
  assert.equal(winner(paths, '/triggers/12'), null)
})

test('the leftmost difference decides, and a dead end leads back', () => {
  const paths = ['/hooks/a/:x/end', '/hooks/:y/b/end', '/hooks/a/b/other']
  assert.equal(winner(paths, '/hooks/a/b/end'), '/hooks/a/:x/end')
  assert.equal(winner(paths, '/hooks/c/b/end'), '/hooks/:y/b/end')
  assert.equal(winner(paths, '/hooks/a/b/none'), null)
  assert.equal(
    winner(['/hooks/:n(\\d+)/x/:c', '/hooks/:m(1.*)/:d/y'], '/hooks/12/x/y'),
    '/hooks/:n(\\d+)/x/:c',
  )
  assert.equal(
    winner(['/hooks/:n(\\d+)/x/:c', '/hooks/:m(1.*)/:d/y'], '/hooks/1b/x/y'),
    '/hooks/:m(1.*)/:d/y',
  )
})

test('parameters come decoded, and named like properties of every object they are plain data', () => {
  const { match } = indexOf('/hooks/:__proto__/:constructor', '/triggers/:shop/*')
  assert.deepEqual(Object.entries(match('/hooks/a%20b/%C3%A4%2F')?.params ?? {}), [
    ['__proto__', 'a b'],
    ['constructor', 'ä/'],
  ])
  assert.deepEqual(match('/triggers/s/a/b%20c/')?.params, { shop: 's', '0': 'a/b c/' })
  assert.deepEqual(match('/hooks/%FF/%')?.params.constructor, '%')
})

test('every spelling of a fixed text finds it', () => {
  const { match } = indexOf('/hooks/ä%28x', '/hooks/a@b')
  for (const path of ['/hooks/%C3%A4%28x', '/hooks/%c3%a4(x', '/hooks/ä%28%78']) {
    assert.equal(match(path)?.entry.path, '/hooks/ä%28x', path)
  }
  for (const path of ['/hooks/a@b', '/hooks/a%40b', '/hooks/%61@b', '/%68ooks/a@b']) {
    assert.equal(match(path)?.entry.path, '/hooks/a@b', path)
  }
  for (const path of ['/hooks/A@b', '/hooks/a@b/', '//hooks/a@b', 'hooks/a@b', '/hooks/./a@b']) {
    assert.equal(match(path), null, path)
  }
})

test('an optional parameter may be left out together with its slash', () => {
  const { match } = indexOf('/hooks/a/:id?', '/triggers/:kind(k\\d)?/end')
  assert.deepEqual(match('/hooks/a')?.params, {})
  assert.deepEqual(match('/hooks/a/1')?.params, { id: '1' })
  assert.equal(match('/hooks/a/'), null)
  assert.deepEqual(match('/triggers/end')?.params, {})
  assert.deepEqual(match('/triggers/k1/end')?.params, { kind: 'k1' })
  assert.equal(match('/triggers/x/end'), null)
})

test('what a client would have resolved before sending matches nothing, and no parameter is empty', () => {
  const { match } = indexOf('/hooks/:x', '/hooks/:y([ab]*)', '/triggers/*')
  for (const path of ['/hooks/..', '/hooks/%2e', '/triggers/a/../b', '/triggers/%2E%2e/b', '/hooks/']) {
    assert.equal(match(path), null, path)
  }
})

test('a path that is as specific as one that is taken is refused by name', () => {
  assert.deepEqual(conflictMessages(['/hooks/a'], '/hooks/a'), ['The path /hooks/a is taken already.'])
  const equal: [string, string][] = [
    ['/hooks/:a', '/hooks/:b'],
    ['/hooks/:a(\\d+)', '/hooks/:b([a-z]+)'],
    ['/hooks/a', '/hooks/a/:x?'],
    ['/hooks/a/:x', '/hooks/a/:y?'],
    ['/hooks/a/*', '/hooks/a/*'],
    ['/hooks/ä', '/hooks/%c3%a4'],
  ]
  for (const [one, other] of equal) {
    for (const [taken, chosen] of [
      [one, other],
      [other, one],
    ] as const) {
      const messages = conflictMessages([taken, '/hooks/unrelated'], chosen)
      assert.equal(messages.length, 1, chosen)
      assert.ok(messages[0]?.includes(taken) || one === '/hooks/ä', messages[0])
    }
  }
  assert.equal(conflictMessages(['/hooks/a', '/hooks/a/:x'], '/hooks/a/:y?').length, 2)
})

test('paths that differ in any place are no conflict', () => {
  const taken = ['/hooks/a', '/hooks/:x', '/hooks/:x(\\d+)', '/hooks/*', '/hooks/a/:x']
  for (const path of [
    '/triggers/a',
    '/hooks/b',
    '/hooks/:x/b',
    '/hooks/a/*',
    '/hooks/a/:x(\\d+)',
    '/hooks/A',
  ]) {
    assert.deepEqual(conflictMessages(taken, path), [], path)
  }
})

test('stored entries that should have been refused are named, and the same one wins in every order', () => {
  for (const paths of [
    ['/hooks/:b', '/hooks/:a', '/x'],
    ['/x', '/hooks/:a', '/hooks/:b'],
  ]) {
    const index = indexOf(...paths)
    assert.equal(index.match('/hooks/1')?.entry.path, '/hooks/:a')
    assert.deepEqual(index.refused.map(({ entry }) => entry.path).sort(), ['/hooks/:b', '/x'])
  }
})

test('a form that would backtrack without end costs linear time, and a very long segment has no form', () => {
  const { match } = indexOf('/hooks/:evil((?:a+)+b)')
  assert.equal(match(`/hooks/${'a'.repeat(255)}`), null)
  assert.ok(match(`/hooks/${'a'.repeat(255)}b`))
  assert.equal(match(`/hooks/${'a'.repeat(256)}b`), null)
})

/** A generated segment: how it is written (names are made distinct by place), and its rank, 0 being the most specific. */
const generated = fc.constantFrom(
  ...(['a', 'b', 'ab', '1', '12'] as const).map(text => ({ rank: 0, write: () => text, optional: false })),
  ...['\\d+', '[ab]+', 'a|12', '\\w[b2]?'].flatMap(form => [
    { rank: 1, write: (at: number) => `:p${at}(${form})`, optional: false },
    { rank: 1, write: (at: number) => `:p${at}(${form})?`, optional: true },
  ]),
  { rank: 2, write: (at: number) => `:p${at}`, optional: false },
  { rank: 2, write: (at: number) => `:p${at}?`, optional: true },
)
const rest = { rank: 3, write: () => '*', optional: false }
const pattern = fc
  .tuple(fc.array(generated, { maxLength: 4 }), fc.boolean())
  .map(([segments, withRest]) => (withRest || segments.length === 0 ? [...segments, rest] : segments))
  .filter(segments => {
    const optional = segments.filter(({ optional }) => optional).length
    return optional === 0 || (optional === 1 && !segments.includes(rest))
  })
type Pattern = typeof pattern extends fc.Arbitrary<infer T> ? T : never
const written = (segments: Pattern) => `/hooks${segments.map(({ write }, at) => `/${write(at)}`).join('')}`
const requested = fc
  .array(fc.constantFrom('a', 'b', 'ab', '1', '12', 'c', ''), { maxLength: 5 })
  .map(parts => ['/hooks', ...parts].join('/'))

function groupsOf(text: string, path: string): Record<string, string> | null {
  const groups = new URLPattern({ pathname: text }).exec({ pathname: path })?.pathname.groups
  if (groups === undefined) return null
  return Object.fromEntries(
    Object.entries(groups).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

test('one path matches what URLPattern matches, with the same parameters', () => {
  let matched = 0
  fc.assert(
    fc.property(pattern, requested, (segments, path) => {
      const text = written(segments)
      const expected = groupsOf(text, path)
      const match = indexOf(text).match(path)
      assert.deepEqual(match === null ? null : { ...match.params }, expected, `${text} ${path}`)
      if (match !== null) matched++
    }),
    { numRuns: 4000 },
  )
  assert.ok(matched > 200, `only ${matched} matched: the test tells little`)
})

test('of several paths the most specific that URLPattern matches wins, in whatever order they were added', () => {
  const several = fc.array(pattern, { minLength: 2, maxLength: 12 })
  fc.assert(
    fc.property(several, requested, fc.infiniteStream(fc.nat()), (patterns, path, random) => {
      const taken = indexOf(...patterns.map(written)).refused.map(({ entry }) => entry.path)
      const candidates = patterns.filter(segments => !taken.includes(written(segments)))
      const ranked = candidates.flatMap(segments => {
        const groups = groupsOf(written(segments), path)
        if (groups === null) return []
        const used = segments.filter(({ optional }, at) => !optional || Object.hasOwn(groups, `p${at}`))
        return { text: written(segments), rank: used.map(({ rank }) => rank).join('') }
      })
      const [best] = ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1))
      const texts = candidates.map(written)
      for (const order of [texts, texts.toReversed(), shuffled(texts, random)]) {
        assert.equal(winner(order, path), best?.text ?? null)
      }
    }),
    { numRuns: 1000 },
  )
})

function shuffled(texts: readonly string[], random: Iterator<number>): string[] {
  const keyed = texts.map(text => ({ text, key: Number(random.next().value) }))
  return keyed.sort((a, b) => a.key - b.key).map(({ text }) => text)
}

test('no path makes it throw', () => {
  const { match } = indexOf('/hooks/*', '/hooks/:a/:b(\\w+)', '/triggers/:a?', '/hooks/%C3%A4')
  const piece = fc.constantFrom('/', '%', '%2', '%2e', '.', 'hooks', 'triggers', '\\', '__proto__', '\0', 'a')
  const noise = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 40 }).map(pieces => pieces.join('')),
  )
  fc.assert(
    fc.property(fc.constantFrom('', '/hooks/', '/triggers/'), noise, (prefix, rest) => {
      const found = match(prefix + rest)
      assert.ok(found === null || found.entry.path.startsWith('/'))
    }),
    { numRuns: 2000 },
  )
})
