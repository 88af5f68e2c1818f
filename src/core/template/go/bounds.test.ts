import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileTemplate, TemplateError } from '../template.ts'

const maxOutputBytes = 2000
const maxSteps = 20_000
const secrets = (): string => 's3cret'

/** The output, or null for a TemplateError; anything else is thrown on. */
function outcome(source: string, context: unknown): string | null {
  try {
    return compileTemplate('go', 't', source).render(context, { maxOutputBytes, maxSteps, secrets, nowMs: 0 })
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const { line, column } = error
    const lines = source.split('\n')
    assert.ok(
      line >= 1 && line <= lines.length && column >= 1,
      `${line}:${column} lies outside of the source`,
    )
    assert.ok(column <= (lines[line - 1] ?? '').length + 1, `${line}:${column} lies outside of the source`)
    return null
  }
}

function staysInBounds(source: string, context: unknown): void {
  const output = outcome(source, context)
  assert.ok(output === null || Buffer.byteLength(output) <= maxOutputBytes)
}

const names = ['a', 'b', 'l', 'm', '__proto__', 'constructor', 'toString', 'length']
const context = fc.oneof(
  fc.anything({ withDate: true, withMap: true, withBigInt: true, withNullPrototype: true, maxDepth: 3 }),
  fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(fc.jsonValue(), fc.date({ noInvalidDate: false }), fc.array(fc.string({ unit: 'binary' }))),
  ),
)

const operand: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...names.map(name => `.${name}`)),
  fc.constantFrom(
    '.',
    '$',
    '$x',
    '$.a.b',
    '.l.m',
    'nil',
    'true',
    "'c'",
    '1.5',
    '1e9',
    '(len .l)',
    '(index . 0)',
    '(slice .a 1)',
  ),
  fc.integer({ min: -3, max: 9 }).map(String),
  fc.string({ maxLength: 6 }).map(text => JSON.stringify(text)),
  fc.constantFrom('%v', '%5.2f', '%q', '%-7x|', '%[2]*d', '%#v').map(text => JSON.stringify(text)),
)
const functions =
  'print println printf len index slice not and or eq ne lt le gt ge html js urlquery call toJson fromJson default trim lower upper replace split splitList join contains hasPrefix hasSuffix b64enc b64dec sha256 hmacSha256 now date uuid secret'
const command = fc.oneof(
  operand,
  fc
    .tuple(fc.constantFrom(...functions.split(' ')), fc.array(operand, { maxLength: 3 }))
    .map(parts => parts.flat().join(' ')),
)
const pipeline = fc.array(command, { minLength: 1, maxLength: 3 }).map(commands => commands.join(' | '))

const { body } = fc.letrec<{ body: string; statement: string }>(tie => ({
  statement: fc.oneof(
    { depthSize: 'small' },
    fc.string({ maxLength: 4 }),
    pipeline.map(text => `{{${text}}}`),
    pipeline.map(text => `{{- $x = ${text} -}}`),
    fc.constantFrom('{{break}}', '{{continue}}', '{{template "r" .}}', '{{/* c */}}'),
    fc
      .tuple(
        fc.constantFrom('if', 'with', 'range', 'range $i, $x :=', 'with $x :='),
        pipeline,
        tie('body'),
        tie('body'),
      )
      .map(([keyword, pipe, first, second]) => `{{${keyword} ${pipe}}}${first}{{else}}${second}{{end}}`),
  ),
  body: fc.array(tie('statement'), { maxLength: 4 }).map(statements => statements.join('')),
}))
const template = fc
  .tuple(body, body)
  .map(([named, main]) => `{{define "r"}}${named}{{end}}{{$x := .}}${main}`)

test('templates of every shape over any data render within bounds or end in a TemplateError inside the source', () => {
  let rendered = 0
  fc.assert(
    fc.property(template, context, (source, data) => {
      if (outcome(source, data) !== null) rendered++
      staysInBounds(source, data)
    }),
    { numRuns: 3000 },
  )
  assert.ok(rendered > 100, `only ${rendered} rendered`)
})

test('so does any text at all', () => {
  const fragment = fc.constantFrom(
    '{{',
    '}}',
    '{{-',
    '-}}',
    '(',
    ')',
    '|',
    '"',
    '`',
    "'",
    '/*',
    '*/',
    '.',
    '$x',
    ':=',
    ',',
    ' ',
    '\n',
    'if ',
    'end',
    'range ',
    '0x',
    '1e',
    '\\',
    'é',
    '😀',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(fc.oneof(fragment, fc.string({ maxLength: 3 })), { maxLength: 20 }).map(parts => parts.join('')),
    fc.array(fragment, { maxLength: 12 }).map(parts => `{{${parts.join('')}}}`),
  )
  fc.assert(fc.property(text, context, staysInBounds), { numRuns: 3000 })
})

test('so does any layout of printf', () => {
  const layout = fc
    .array(
      fc.constantFrom(
        '%',
        '+',
        '-',
        '#',
        ' ',
        '0',
        '1',
        '12',
        '.',
        '*',
        '[1]',
        '[2]',
        '[',
        ']',
        'v',
        'd',
        's',
        'q',
        'x',
        'f',
        'g',
        'e',
        'U',
        'c',
        'T',
        't',
        'é',
      ),
      { maxLength: 12 },
    )
    .map(parts => parts.join(''))
  fc.assert(
    fc.property(layout, fc.array(context, { maxLength: 3 }), (text, values) => {
      staysInBounds(`{{printf ${JSON.stringify(text)} (index . 0) (index . 1) 7}}`, [...values, null, 1.5])
    }),
    { numRuns: 3000 },
  )
})

test('a key is a key, whatever its name', () => {
  const key = fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty'),
    fc.string(),
  )
  fc.assert(
    fc.property(key, fc.string(), (name, value) => {
      const read = compileTemplate(
        'go',
        't',
        `{{index . ${JSON.stringify(name)}}}|{{range $k, $v := .}}{{$k}}={{$v}}{{end}}`,
      )
      const data = JSON.parse(`{${JSON.stringify(name)}: ${JSON.stringify(value)}}`) as unknown
      assert.equal(read.render(data), `${value}|${name}=${value}`)
      assert.equal(read.render({}), '<no value>|')
      assert.equal(read.render(new Map([[name, value]])), `${value}|${name}=${value}`)
    }),
  )
})

test('a billion laughs end in time: templates that call each other tenfold, texts and lists that double', () => {
  const tenfold = Array.from(
    { length: 12 },
    (_, at) => `{{define "t${at}"}}${at === 0 ? 'ha' : `{{template "t${at - 1}"}}`.repeat(10)}{{end}}`,
  ).join('')
  const laughs = [
    `${tenfold}{{template "t11"}}`,
    `${tenfold.replace('ha', '')}{{template "t11"}}`,
    '{{define "r"}}{{template "r"}}{{template "r"}}{{end}}{{template "r"}}',
    '{{$x := "ha"}}{{range 64}}{{$x = printf "%s%s" $x $x}}{{end}}{{$x}}',
    '{{range 1000000000000}}{{end}}',
    '{{printf "%1000000d%1000000d%1000000d" 1 2 3}}',
    '{{range 100000}}{{replace "" "haha" $.text}}{{end}}',
  ]
  for (const source of laughs) {
    const startedAt = performance.now()
    const rendered = compileTemplate('go', 't', source)
    assert.throws(() => rendered.render({ text: 'ha'.repeat(10_000) }), { code: 'template.limit' }, source)
    assert.ok(performance.now() - startedAt < 5000, `took long: ${source.slice(-60)}`)
  }
})
