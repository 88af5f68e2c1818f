/** Templates by a grammar, and data for them. Not every one makes sense; most do. */
import fc from 'fast-check'

type Text = fc.Arbitrary<string>

// Data

const instants = [
  '0001-01-01T00:00:00Z',
  '1999-12-31T23:59:59.5Z',
  '2024-02-29T00:05:09Z',
  '2026-09-10T12:34:56.789Z',
]
const time = fc.constantFrom(...instants).map($time => ({ $time }))
const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'abc',
    'app.deploy',
    'a<b>&"c"\'',
    'two\nlines',
    ' pad ',
    '%d %s',
    '{{.s}}',
    '__proto__',
  ),
  fc.string({ maxLength: 8 }),
)
const wide = fc.oneof(
  fc.constantFrom('é', 'wörld ✓', '😀', 'a\u2028b', '\u00ad', '\ufeffx'),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
)
const number = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.constantFrom(0.5, 1.5, -2.5, 0.1, 1e6, 123456789, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 2.675),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null))
const keys = ['a', 'b', 'k', 'x', '10', '9', '__proto__', 'constructor', 'toString', 'é', '']
const small = fc.dictionary(fc.constantFrom(...keys), scalar, { maxKeys: 4 })
const list = fc.array(fc.oneof(scalar, small, time), { maxLength: 4 })

/** Each name holds one kind of value, so that a template can be made to fit; `any` holds all of them. */
export const context: fc.Arbitrary<Record<string, unknown>> = fc.record({
  s: text,
  e: fc.constant(''),
  u: wide,
  n: number,
  z: fc.constant(0),
  yes: fc.constant(true),
  no: fc.constant(false),
  t: time,
  nil: fc.constant(null),
  l: list,
  texts: fc.array(text, { maxLength: 4 }),
  numbers: fc.array(number, { maxLength: 4 }),
  rows: fc.array(fc.record({ k: text, n: number, t: time }), { maxLength: 3 }),
  m: small,
  deep: fc.record({ m: small, l: list, m2: fc.record({ k: scalar }) }),
  any: fc.oneof(scalar, list, small, time),
})

// Expressions

/** JSON's texts are Go's too. */
const quote = (text: string): string => JSON.stringify(text)

const fields = [
  '.s',
  '.e',
  '.u',
  '.n',
  '.z',
  '.yes',
  '.no',
  '.t',
  '.nil',
  '.l',
  '.texts',
  '.numbers',
  '.rows',
  '.m',
  '.deep',
  '.any',
  '.missing',
]
const path = fc.constantFrom(
  ...fields,
  '.m.a',
  '.m.k',
  '.m.__proto__',
  '.deep.m.k',
  '.deep.m2.k',
  '.deep.l',
  '$',
  '$.s',
  '$.m.a',
  '.',
  '$x',
  '$.any.x',
  '.k',
  '.n.x',
)
const smallInteger = fc.integer({ min: -2, max: 6 }).map(String)
const literal = fc.oneof(
  smallInteger,
  fc.constantFrom(
    '1.5',
    '1e3',
    '0x1F',
    '0b11',
    '017',
    '1_000',
    "'a'",
    "'\\n'",
    'true',
    'false',
    'nil',
    '-0.0',
    '.5',
    '1e400',
    '9223372036854775807',
  ),
  fc.string({ maxLength: 5 }).map(quote),
  fc.constantFrom('`raw`', '"\\x41\\u00e9"', '"a\\tb"', '"app.deploy"', '"%v"', '"2006-01-02"'),
)
const timeMethod = fc.constantFrom(
  'Unix',
  'UnixMilli',
  'Year',
  'Month',
  'Day',
  'Weekday',
  'YearDay',
  'Hour',
  'IsZero',
  'UTC',
  'String',
  'Nanosecond',
  'Nope',
)
const layout = fc
  .array(
    fc.constantFrom(
      '2006',
      '06',
      '01',
      '1',
      'Jan',
      'January',
      '02',
      '_2',
      '2',
      '002',
      'Mon',
      'Monday',
      '15',
      '03',
      '3',
      '04',
      '4',
      '05',
      '5',
      '.000',
      '.999',
      ',00',
      'PM',
      'pm',
      'MST',
      'Z07:00',
      '-0700',
      '-07',
      ' ',
      'T',
      '-',
      '/',
      ':',
      'x',
    ),
    { maxLength: 8 },
  )
  .map(parts => parts.join(''))
const verb = fc
  .tuple(
    fc.constantFrom('', '', '', '-', '+', ' ', '0', '#', '-0', '+0', '# ', '+#'),
    fc.constantFrom('', '', '', '1', '4', '12', '*', '[1]', '[2]*'),
    fc.constantFrom('', '', '', '.0', '.2', '.', '.9', '.*', '.[1]*'),
    fc.constantFrom('', '', '', '[1]', '[2]', '[9]', '[x]'),
    fc.constantFrom(...'v v v v v d s q x X t T f F e E g G b c o O U % z w !'.split(' ')),
  )
  .map(parts => `%${parts.join('')}`)
const format = fc
  .array(fc.oneof(verb, verb, fc.constantFrom('a', ' ', '|', '%', '%%')), { minLength: 1, maxLength: 4 })
  .map(parts => quote(parts.join('')))

const { operand, call } = fc.letrec<{ operand: string; call: string; pipe: string }>(tie => {
  const operand = tie('operand')
  const call = (name: string, ...parameters: Text[]): Text =>
    fc.tuple(fc.constant(name), ...parameters).map(parts => parts.join(' '))
  const several = (name: string, least: number): Text =>
    fc.array(operand, { minLength: least, maxLength: 3 }).map(given => [name, ...given].join(' '))
  return {
    operand: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      path,
      literal,
      path,
      tie('pipe').map(pipe => `(${pipe})`),
      timeMethod.map(method => `.t.${method}`),
      timeMethod.map(method => `(.t).${method}`),
      layout.map(text => `(.t.Format ${quote(text)})`),
      fc.constantFrom(
        '(index .m "a")',
        '(index .l 0)',
        '(index .rows 0).k',
        '(len .s)',
        '(slice .s 0 1)',
        '(.t.Sub .t)',
        '(.t.AddDate 0 1 0)',
      ),
    ),
    call: fc.oneof(
      ...['print', 'println', 'html', 'js', 'urlquery', 'and', 'or'].map(name =>
        several(name, name === 'and' || name === 'or' ? 1 : 0),
      ),
      ...['not', 'len'].map(name => call(name, operand)),
      ...['eq', 'ne', 'lt', 'le', 'gt', 'ge'].map(name => call(name, operand, operand)),
      several('eq', 2),
      several('index', 1),
      several('slice', 1),
      several('call', 1),
      call('index', fc.constantFrom('.l', '.texts', '.numbers', '.rows', '.s'), smallInteger),
      call('index', fc.constantFrom('.m', '.deep.m', '.any'), fc.constantFrom(...keys).map(quote)),
      call('slice', fc.constantFrom('.l', '.texts', '.s'), smallInteger, smallInteger),
      fc
        .tuple(format, fc.array(operand, { maxLength: 3 }))
        .map(([given, values]) => ['printf', given, ...values].join(' ')),
      call('printf', format, operand),
      call('.t.Format', layout.map(quote)),
      call('.t.AddDate', smallInteger, smallInteger, smallInteger),
      call('.t.Before', operand),
      call('.s', operand),
    ),
    pipe: fc
      .array(fc.oneof(operand, tie('call'), tie('call')), { minLength: 1, maxLength: 3 })
      .map(commands => commands.join(' | ')),
  }
})
const stage = fc.constantFrom(
  'len',
  'html',
  'js',
  'urlquery',
  'print',
  'println',
  'printf "%v"',
  'printf "%q|%d" 1',
  'not',
  'eq 1',
  'and 1',
  'or 0',
  'index .m',
  'print 1 "x"',
)
export const pipeline: Text = fc
  .tuple(
    fc.oneof(operand, call, call),
    fc.array(fc.oneof({ weight: 4, arbitrary: stage }, { weight: 1, arbitrary: call }), { maxLength: 2 }),
  )
  .map(([first, others]) => [first, ...others].join(' | '))

// Statements

const open = fc.constantFrom('{{', '{{', '{{ ', '{{- ')
const close = fc.constantFrom('}}', '}}', ' }}', ' -}}')
const action = (inner: Text): Text => fc.tuple(open, inner, close).map(parts => parts.join(''))
const plain = fc.constantFrom('x', ' ', '\n', ' a \n', 'é', '}}', '{', '"', '\t b')
const declared = fc.constantFrom('$x', '$y', '$i')
const loopable = fc.constantFrom(
  '.l',
  '.texts',
  '.numbers',
  '.rows',
  '.m',
  '.deep.m',
  '.any',
  '.missing',
  '3',
  '.z',
  '$.l',
)

const { body } = fc.letrec<{ body: string; statement: string; branch: string }>(tie => {
  const end = action(fc.constant('end'))
  const otherwise = fc.oneof(
    fc.constant(''),
    fc.tuple(action(fc.constant('else')), tie('body')).map(parts => parts.join('')),
    fc
      .tuple(
        action(fc.tuple(fc.constantFrom('else if ', 'else with '), pipeline).map(parts => parts.join(''))),
        tie('body'),
      )
      .map(parts => parts.join('')),
  )
  const block = (head: Text): Text =>
    fc.tuple(action(head), tie('body'), otherwise, end).map(parts => parts.join(''))
  return {
    branch: fc.oneof(
      block(
        fc
          .tuple(fc.constantFrom('if ', 'with ', 'if $x := ', 'with $y := '), pipeline)
          .map(parts => parts.join('')),
      ),
      block(
        fc
          .tuple(
            fc.constantFrom('range ', 'range $x := ', 'range $i, $x := ', 'range $i, $y = '),
            fc.oneof(loopable, loopable, pipeline),
          )
          .map(parts => parts.join('')),
      ),
    ),
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      plain,
      action(pipeline),
      action(pipeline),
      action(fc.tuple(declared, fc.constantFrom(' := ', ' = '), pipeline).map(parts => parts.join(''))),
      tie('branch'),
      tie('branch'),
      action(fc.constantFrom('break', 'continue', 'template "part"', '/* c */', '$x', '.k', 'end', 'else')),
      action(fc.oneof(operand).map(given => `template "part" ${given}`)),
      fc
        .tuple(action(operand.map(given => `block "part" ${given}`)), tie('body'), end)
        .map(parts => parts.join('')),
    ),
    body: fc.array(tie('statement'), { maxLength: 4 }).map(statements => statements.join('')),
  }
})

/** Every one ends. */
export const template: Text = fc
  .tuple(
    fc.oneof(
      pipeline.map(given => `[{{${given}}}]`),
      plain,
    ),
    body,
  )
  .map(([part, main]) =>
    main.includes('block "part"')
      ? `{{$x := .}}${main}`
      : `{{define "part"}}${part}{{end}}{{$x := .}}${main}`,
  )
  .filter(source => !endless(source))

/** A block named part that holds a call of part goes on for ever, and ranges over such numbers as good as that. */
const endless = (source: string): boolean =>
  (source.includes('block "part"') && /(?:template|block) "part".*(?:template|block) "part"/s.test(source)) ||
  (source.includes('range') && /Unix|Nano|9223372036854775807/.test(source))

/** Text that is hardly a template. */
export const noise: Text = fc
  .array(
    fc.constantFrom(
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
      '.s',
      '$',
      '$x',
      ':=',
      '=',
      ',',
      ' ',
      '\n',
      'if ',
      'end',
      'else',
      'range ',
      'with ',
      'define "a"',
      'template "a"',
      'block "a" .',
      'nil',
      'true',
      '0x',
      '1e',
      '1',
      '-',
      '+',
      '\\',
      'é',
      '😀',
      'len ',
      'print ',
      'nope ',
    ),
    { maxLength: 12 },
  )
  .map(parts => parts.join(''))
  .filter(source => !source.includes('template "a"') || !/(?:define|block) "a"/.test(source))
