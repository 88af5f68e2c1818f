import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TemplateError } from '../language.ts'
import { OwnVariables } from './context.ts'
import { filterNames } from './filters.ts'
import { compileOctostache } from './template.ts'

const evaluate = (source: string, values: Record<string, string> = {}, outside?: object) =>
  compileOctostache('t', source).evaluate(new OwnVariables(new Map(Object.entries(values)), outside), {
    nowMs: 0,
  })

const codeOf = (run: () => unknown): string => {
  try {
    run()
    return 'nothing'
  } catch (error) {
    assert.ok(error instanceof TemplateError, String(error))
    return error.code
  }
}

test('a variable that stands for itself is told with the way that leads back to it', () => {
  assert.throws(
    () => evaluate('a\n #{Foo}', { Foo: '#{Fox}', Fox: 'x#{Fax | ToUpper}', Fax: '#{foo}' }),
    (error: unknown) => {
      assert.ok(error instanceof TemplateError)
      assert.match(error.message, /self referencing loop \(Foo -> Fox -> Fax -> foo\)/)
      assert.deepEqual([error.code, error.line, error.column], ['template.execution', 2, 2])
      return true
    },
  )
  assert.equal(
    codeOf(() => evaluate('#{T.a}', { T: '{"a":"#{T.a}"}' })),
    'template.execution',
  )
  assert.equal(
    codeOf(() => evaluate('#{T.a}', { T: '#{T.a}' })),
    'template.execution',
  )
})

test('variables that grow each other end at the bound of steps or of output', () => {
  const laughs: Record<string, string> = { L0: 'ha' }
  const silence: Record<string, string> = { L0: '' }
  for (let level = 1; level < 40; level++) {
    laughs[`L${level}`] = `#{L${level - 1}}#{L${level - 1}}`
    silence[`L${level}`] = laughs[`L${level}`]!
  }
  assert.equal(
    codeOf(() => evaluate('#{L39}', laughs)),
    'template.limit',
  )
  assert.equal(
    codeOf(() => evaluate('#{L39}', silence)),
    'template.limit',
  )
})

test('loops within loops end', () => {
  const items = Array.from({ length: 1000 }, (_, place) => place).join(',')
  const source = '#{each a in I}#{each b in I}#{each c in I}#{/each}#{/each}#{/each}'
  assert.equal(
    codeOf(() => evaluate(source, { I: items })),
    'template.limit',
  )
})

test('what is nested without end is refused', () => {
  for (const source of [
    '#{if a}'.repeat(5000) + '#{/if}'.repeat(5000),
    '#{a | Append '.repeat(5000),
    '#{calc ' + '('.repeat(5000),
    '#{a['.repeat(5000),
  ])
    assert.equal(
      codeOf(() => compileOctostache('t', source)),
      'template.limit',
      source.slice(0, 20),
    )
})

test('a long text that looks like many templates is read at once, leniently too', () => {
  const startMs = performance.now()
  for (const part of [
    '#{if a}x',
    '#{a[',
    '#{a | F "',
    '#{a | F \\"',
    '#',
    '##',
    '#{each a in ',
    '{{{',
    '#{a',
  ])
    for (const isLenient of [false, true]) {
      const source = part.repeat(Math.ceil(60_000 / part.length))
      codeOf(() => compileOctostache('t', source, { isLenient }).evaluate({}))
    }
  assert.ok(performance.now() - startMs < 20_000)
})

test('patterns of hostile minds answer in linear time', () => {
  const input = `${'a'.repeat(30_000)}!`
  const startMs = performance.now()
  for (const pattern of ['^(a+)+$', '(a|aa)+$', '(.*a){20}$', '^(([a-z])+.)+[A-Z]([a-z])+$'])
    codeOf(() => evaluate(`#{I | Match "${pattern}"} #{I | Replace "${pattern}" x}`, { I: input }))
  assert.ok(performance.now() - startMs < 10_000)
})

test('names that objects inherit are names like any other', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    assert.equal(evaluate(`#{${name}}`).text, `#{${name}}`)
    assert.equal(evaluate(`#{${name}}`, {}, { body: {} }).text, `#{${name}}`)
    assert.equal(evaluate(`#{body.${name}}|`, {}, { body: {} }).text, '|')
    assert.equal(evaluate(`#{headers.${name}}|`, {}, { headers: {} }).text, '|')
    assert.equal(evaluate(`#{x | ${name}}`, { x: '1' }).text, `#{x | ${name}}`)
  }
  assert.equal(evaluate('#{__proto__}', Object.fromEntries([['__proto__', 'v']])).text, 'v')
})

test('a lenient template keeps what cannot be read, and evaluates the rest', () => {
  const lenient = (source: string) =>
    compileOctostache('t', source, { isLenient: true }).render(new OwnVariables(new Map([['a', '1']])))
  assert.equal(lenient('x #{a | } #{a} #{/if} #{!} #{a}#{'), 'x #{a | } 1 #{/if} #{!} 1#{')
  assert.equal(lenient('#{each i in a}#{i}'), '#{each i in a}#{i}')
})

test('a template that cannot be read says where and why', () => {
  for (const [source, message, line, column] of [
    ['a\n #{/if}', /does not belong to any block/, 2, 2],
    ['#{each x in A}\n', /not closed/, 1, 1],
    ['#{if A}#{else}', /does not belong to any block/, 1, 8],
    ['#{Foo', /expected }/, 1, 6],
    ['#{A} #{A | }', /the name of a filter/, 1, 11],
  ] as const)
    assert.throws(
      () => compileOctostache('t', source),
      (error: unknown) => {
        assert.ok(error instanceof TemplateError)
        assert.deepEqual([error.code, error.line, error.column], ['template.syntax', line, column], source)
        assert.match(error.message, message)
        return true
      },
    )
})

test('what can be read but never works is doubted: blocks left open, unknown filters, patterns', () => {
  const doubts = (source: string) => compileOctostache('t', source).doubts?.map(({ message }) => message)
  assert.match(doubts('#{if A}x')![0]!, /not closed/)
  assert.match(doubts('#{A | Uppercase}')![0]!, /no filter Uppercase/)
  assert.match(doubts('#{A | Match "(?=x)"}')![0]!, /linear time/)
  assert.deepEqual(doubts('#{if A | Match "x"}#{A | ToUpper}#{/if}'), [])
})

test('secrets are told by name, and one that is chosen from outside is refused', () => {
  const named = compileOctostache('t', '#{Secrets.A}#{if secrets[B]}#{/if}#{Secrets[#{body.x}]}').secrets
  assert.deepEqual(
    named.map(({ name }) => name),
    ['A', 'B', null],
  )
  const render = (source: string) =>
    compileOctostache('t', source).render({ body: { x: 'A' } }, { secrets: name => `<#{${name}}>` })
  assert.equal(render('#{Secrets.A}'), '<#{A}>')
  assert.throws(() => render('#{Secrets[#{body.x}]}'), /stand in the template itself/)
  assert.throws(() => compileOctostache('t', '#{Secrets.A}').render({}), /not available/)
})

const words = [
  '#{ } #{if #{/if} #{else} #{elseif #{unless #{/unless} #{each #{/each} #{calc " \\" | [ ] . # ( ) + - * /'.split(
    ' ',
  ),
  [' in ', ' == ', ' != ', ' ', '\n', 'a', 'b', 'J', 'body', '1', '0.5', 'é', '😀', '\ud800'],
  Object.keys(filterNames),
].flat()
const word = fc.constantFrom(...words)

test('whatever is written, a render ends in a text or a TemplateError', () => {
  const values = { a: '#{b}', b: '1,2', J: '{"a":[1,{"b":"#{a}"}]}' }
  fc.assert(
    fc.property(fc.array(word, { maxLength: 25 }), fc.boolean(), (chosen, isLenient) => {
      codeOf(() => {
        const template = compileOctostache('t', chosen.join(''), { isLenient })
        const context = new OwnVariables(new Map(Object.entries(values)), { body: { a: ['#{b}'] } })
        const { text } = template.evaluate(context, { maxOutputBytes: 2000, maxSteps: 20_000, nowMs: 0 })
        assert.ok(text === null || Buffer.byteLength(text) <= 2000)
      })
    }),
    { numRuns: 1500 },
  )
})

test('whatever a filter is given, it answers a text or nothing', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('1.5', '2020-01-01', '-0'),
  )
  const option = fc.oneof(text, fc.constantFrom('0', '5', '-1', 'C', 'E9', 'yyyy', '(', '$1', '999999999'))
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(filterNames)),
      text,
      fc.array(option, { maxLength: 3 }),
      (name, input, options) => {
        const values = Object.fromEntries(options.map((value, at) => [`o${at}`, value]))
        const source = `#{body | ${name} ${options.map((_, at) => `#{o[${at}]}`).join('')}}`
        const outside = { body: input, o: options }
        codeOf(() => evaluate(source, values, outside))
      },
    ),
    { numRuns: 1500 },
  )
})

test('a payload is never evaluated, however it is taken', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), chosen => {
      const hostile = `${chosen.join('')}#{Secret}`
      const outside = { body: { x: hostile, l: [hostile], j: JSON.stringify({ y: hostile }) }, raw: hostile }
      for (const source of [
        '#{body.x}',
        '#{raw}',
        '#{Mine}',
        '#{body.j.y}',
        '#{each i in body.l}#{i}#{/each}',
        '#{body | Append ""}',
        '#{x | Append #{body.x}}',
      ])
        assert.doesNotMatch(
          evaluate(source, { Secret: 's3cret', Mine: '#{body.x}' }, outside).text ?? '',
          /s3cret/,
        )
    }),
    { numRuns: 200 },
  )
})
