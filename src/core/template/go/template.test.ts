import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileTemplate, TemplateError, type RenderOptions } from '../template.ts'
import { Byte, GoStruct, nilPointer, type GoType } from './values.ts'

const render = (source: string, context: unknown = {}, options?: RenderOptions): string =>
  compileTemplate('go', 'hook', source).render(context, options)

/** The error that compiling or rendering ends with. */
function errorOf(source: string, context: unknown = {}, options?: RenderOptions): TemplateError {
  try {
    render(source, context, options)
  } catch (error) {
    assert.ok(error instanceof TemplateError, String(error))
    return error
  }
  return assert.fail(`${source} rendered`)
}

const place = ({ code, line, column }: TemplateError): string => `${code} ${line}:${column}`

test('a template renders again and again with other contexts', () => {
  const template = compileTemplate('go', 'hook', '{{$x := .a}}{{range .l}}{{$x}}{{.}} {{end}}')
  assert.equal(template.source, '{{$x := .a}}{{range .l}}{{$x}}{{.}} {{end}}')
  assert.equal(template.render({ a: 1, l: ['x', 'y'] }), '1x 1y ')
  assert.equal(template.render({ a: 2, l: ['z'] }), '2z ')
  assert.equal(template.render({}), '')
})

test('an error says where it is, in lines and columns from 1', () => {
  assert.equal(place(errorOf('a\n{{if .x}}\n  {{nope}}')), 'template.syntax 3:5')
  assert.equal(place(errorOf('a\né {{len 3}}')), 'template.execution 2:5')
  assert.equal(place(errorOf('{{.a.b}}', { a: 'text' })), 'template.execution 1:5')
  assert.match(errorOf('{{.a.b}}', { a: 'text' }).message, /can't evaluate field b in type string/)
  assert.equal(errorOf('{{.a.b}}', { a: null }).hint, 'the value is null; guard it with {{if}} or {{with}}')
})

test('int and float64 compare by value, and whole float64 serve as index, bound and count', () => {
  const context = { three: 3, half: 0.5, list: ['a', 'b', 'c', 'd'], text: 'abcdef' }
  assert.equal(
    render('{{eq .three 3}} {{eq 3 .three}} {{ne .half 0}} {{eq 1 .half}}', context),
    'true true true false',
  )
  assert.equal(
    render('{{lt .half 1}} {{gt .three 2}} {{le 3 .three}} {{ge .half 1}}', context),
    'true true true false',
  )
  assert.equal(render('{{eq .half 1 2 0.5}} {{eq (len .list) 4.0}}', context), 'true true')
  assert.equal(render('{{index .list .three}} {{slice .text 1 .three}}', context), 'd bc')
  assert.equal(render('{{range .three}}{{.}}{{end}}', context), '012')
  assert.equal(place(errorOf('{{index .list .half}}', context)), 'template.execution 1:3')
  assert.equal(place(errorOf('{{range .half}}{{end}}', context)), 'template.execution 1:9')
  assert.equal(place(errorOf('{{eq .three "3"}}', context)), 'template.execution 1:3')
})

test('inherited names and names of the prototype are data or nothing', () => {
  const context = JSON.parse('{"__proto__": {"x": 1}, "own": {"constructor": "c"}}') as unknown
  assert.equal(render('{{.__proto__.x}} {{.own.constructor}}', context), '1 c')
  assert.equal(
    render('{{.constructor}} {{.toString}} {{.own.__proto__}}', context),
    '<no value> <no value> <no value>',
  )
  assert.equal(render('{{index .own "hasOwnProperty"}} {{len .own}}', context), '<no value> 1')
  assert.equal(render('{{.f}} {{.f.name}}', { f: () => 'called' }), '<no value> <no value>')
  assert.equal(render('{{with fromJson "{\\"__proto__\\": 5}"}}{{.__proto__}}{{end}}'), '5')
})

test('a Map is a map, a Date a time, a Byte a byte', () => {
  const context = new Map<string, unknown>([
    ['b', 1],
    ['a', new Date(Date.UTC(2026, 8, 10, 12, 34, 56, 789))],
    ['c', new Byte(65)],
  ])
  assert.equal(render('{{.b}} {{.a.Year}} {{len .}} {{printf "%c" .c}}', context), '1 2026 3 A')
  assert.equal(render('{{.}}', context), 'map[a:2026-09-10 12:34:56.789 +0000 UTC b:1 c:65]')
  assert.equal(render('{{.get}}', context), '<no value>')
})

interface Target {
  type: string
  value: string
}

const target: GoType<Target> = {
  name: 'event.Target',
  fields: new Map([
    ['Type', (self: Target) => self.type],
    ['Value', (self: Target) => self.value],
  ]),
  methods: new Map([['IsValid', { parameters: [], call: (self: Target) => self.type !== '' }]]),
}
const printing: GoType<Target> = { ...target, print: self => `${self.type}(${self.value})` }

test('a GoStruct has its fields and methods and nothing else', () => {
  const context = new GoStruct(target, { type: 'app', value: 'myapp' })
  assert.equal(render('{{.Type}} {{.Value}} {{.IsValid}}', context), 'app myapp true')
  assert.equal(
    render('{{.}} {{printf "%v|%+v|%T" . . .}}', context),
    '{app myapp} {app myapp}|{Type:app Value:myapp}|event.Target',
  )
  assert.equal(
    render('{{if .}}T{{end}} {{eq . .}} {{toJson .}}', context),
    'T true {"Type":"app","Value":"myapp"}',
  )
  assert.equal(
    render('{{.}} {{printf "%q" .}}', new GoStruct(printing, { type: 'app', value: 'x' })),
    'app(x) "app(x)"',
  )
  for (const name of ['type', 'Nope', 'constructor', 'self']) {
    assert.match(errorOf(`{{.${name}}}`, context).message, /can't evaluate field/)
  }
  assert.equal(place(errorOf('{{.IsValid 1}}', context)), 'template.execution 1:3')
  assert.match(errorOf('{{.Type 1}}', context).message, /not a method/)
})

test('a nil pointer prints <nil>, is false and equal to nil, and has no fields', () => {
  const context = { lock: nilPointer('*event.Lock') }
  assert.equal(
    render('{{.lock}} {{if .lock}}T{{else}}F{{end}} {{eq .lock nil}} {{toJson .lock}}', context),
    '<nil> F true null',
  )
  assert.match(errorOf('{{.lock.Owner}}', context).message, /nil pointer evaluating \*event\.Lock\.Owner/)
})

test('an invalid time prints, and its methods fail', () => {
  const context = { at: new Date(Number.NaN) }
  assert.equal(render('{{.at}} {{toJson .at}}', context), 'invalid time null')
  assert.equal(place(errorOf('{{.at.Year}}', context)), 'template.execution 1:6')
  assert.equal(place(errorOf('{{.at.Format "2006"}}', context)), 'template.execution 1:6')
})

test('a method that throws is an execution error with its cause', () => {
  const cause = new Error('no such document')
  const failing: GoType<null> = {
    name: 'bson.Raw',
    fields: new Map(),
    methods: new Map([
      [
        'Lookup',
        {
          parameters: ['string'],
          call: () => {
            throw cause
          },
        },
      ],
    ]),
  }
  const error = errorOf('x{{.Lookup "a"}}', new GoStruct(failing, null))
  assert.equal(place(error), 'template.execution 1:4')
  assert.equal(error.cause, cause)
})

test('our own functions', () => {
  const context = {
    s: ' Ab c ',
    l: ['a', 1, true],
    m: { b: 1, a: [null, '<'] },
    n: 12,
    e: '',
    time: new Date(0),
  }
  const cases: [string, string][] = [
    [
      '{{toJson .m}} {{toJson .s}} {{toJson .missing}} {{toJson 5}}',
      '{"b":1,"a":[null,"<"]} " Ab c " null 5',
    ],
    ['{{toJson .time}}', '"1970-01-01T00:00:00Z"'],
    ['{{(fromJson "{\\"x\\": [1, 2]}").x}}', '[1 2]'],
    ['{{default "d" .missing}}{{default "d" .e}}{{.n | default "d"}}', 'dd12'],
    ['{{trim .s}}|{{lower .s}}|{{upper .s}}|{{upper .n}}', 'Ab c| ab c | AB C |12'],
    ['{{replace "b" "-" .s}}{{replace "z" "-" .s}}', ' A- c  Ab c '],
    ['{{replace "" "-" "abc"}}|{{replace "" "-" ""}}|{{replace "b" "" "abcb"}}', '-a-b-c-|-|ac'],
    ['{{range splitList "," "a,b,,c"}}[{{.}}]{{end}}{{splitList "" "é😀"}}', '[a][b][][c][é 😀]'],
    ['{{(split "." "a.b.c")._1}} {{split "," ""}}', 'b map[_0:]'],
    [
      '{{join "-" .l}} {{.l | join ", "}} {{join "-" .m.a}} {{join "-" 5}}{{join "-" .missing}}',
      'a-1-true a, 1, true < 5',
    ],
    ['{{default "d"}}{{default "d" .m.a}}{{default "d" false}}', 'd[<nil> <]d'],
    ['{{trim "\\u0085\\u00a0 x\\ufeff "}}|', 'x\ufeff|'],
    ['{{upper "straße ǆ é"}} {{lower "ÀÉΣΑΣ"}}', 'STRAßE Ǆ É àéσασ'],
    [
      '{{date "2006-01-02 15:04:05 MST" 0}} {{date "Jan 2" .time}} {{date "15:04" "2026-09-10T12:34:56+02:00"}}',
      '1970-01-01 00:00:00 UTC Jan 1 10:34',
    ],
    ['{{now}} {{now.Year}} {{now | date "02.01."}}', '2026-09-10 12:34:56.789 +0000 UTC 2026 10.09.'],
    ['{{len uuid}} {{eq uuid uuid}} {{slice uuidv4 14 15}}', '36 false 4'],
    ['{{contains "b c" .s}} {{contains "x" .s}}', 'true false'],
    ['{{hasPrefix "a" "abc"}} {{hasSuffix "c" "abc"}} {{hasPrefix "b" "abc"}}', 'true true false'],
    ['{{b64enc "é?"}} {{b64dec "w6k/"}} {{b64enc "a" | b64dec}}', 'w6k/ é? a'],
    ['{{sha256 "abc"}}', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    // RFC 4231, test case 2.
    [
      '{{hmacSha256 "Jefe" "what do ya want for nothing?"}}',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
  ]
  const nowMs = Date.parse('2026-09-10T12:34:56.789Z')
  for (const [source, expected] of cases) assert.equal(render(source, context, { nowMs }), expected)
  for (const source of [
    '{{trim .missing}}',
    '{{fromJson "{"}}',
    '{{now}}',
    '{{date "2006" "yesterday"}}',
    '{{date "2006" .missing}}',
    '{{date "2006" 1e300}}',
    '{{b64dec "*"}}',
    '{{lower .m}}',
  ]) {
    assert.equal(errorOf(source, context).code, 'template.execution', source)
  }
})

test('without our own functions their names are unknown, as in Go', () => {
  assert.throws(() => compileTemplate('go', 'hook', 'x {{toJson .}}', { functions: 'builtin' }), {
    name: 'TemplateError',
    code: 'template.syntax',
    line: 1,
    column: 5,
    message: 'function "toJson" not defined',
  })
})

test('a secret comes from the resolver; without one, or when it refuses, the render fails', () => {
  const secrets = (name: string): string => {
    if (name !== 'TOKEN') throw new Error(`no secret ${name}`)
    return 's3cret {{.x}}'
  }
  assert.equal(render('Bearer {{secret "TOKEN"}}', {}, { secrets }), 'Bearer s3cret {{.x}}')
  assert.equal(place(errorOf('{{secret "TOKEN"}}')), 'template.execution 1:3')
  assert.equal(place(errorOf('{{secret "OTHER"}}', {}, { secrets })), 'template.execution 1:3')
})

test('steps, output, depth and source are bounded', () => {
  const loop = '{{range 1000000000}}{{range 1000000000}}{{end}}{{end}}'
  const doubling = '{{$x := "ab"}}{{range 100}}{{$x = print $x $x}}{{end}}'
  const growing = '{{$x := "aaaaaaaa"}}{{range 9}}{{$x = replace "a" $x $x}}{{end}}'
  const fan =
    '{{define "a"}}{{template "b" .}}{{template "b" .}}{{end}}{{define "b"}}{{range 5000}}{{template "c"}}{{end}}{{end}}{{define "c"}}{{range 5000}}{{end}}{{end}}{{template "a"}}'
  const limited: [string, string][] = [
    [loop, 'template.limit 1:29'],
    [doubling, 'template.limit 1:35'],
    ['{{$x := "ab"}}{{range 100}}{{$x = b64enc $x}}{{end}}', 'template.limit 1:35'],
    [`{{$x := "1"}}{{range 100}}{{$x = $.time.Format $x}}{{end}}`, 'template.limit 1:35'],
    [`{{1${'|print'.repeat(1000)}}}`, 'template.limit 1:3'],
    ['{{$x := 1}}'.repeat(2000), 'template.limit'],
    [growing, 'template.limit 1:39'],
    ['{{range 100000}}0123456789012345678901234567890123456789{{end}}', 'template.limit 1:17'],
    ['{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}', 'template.limit 1:26'],
    ['{{if 1}}'.repeat(500), 'template.limit'],
    [`{{${'('.repeat(500)}`, 'template.limit'],
    [`{{printf "%${'9'.repeat(6)}d%${'9'.repeat(6)}d" 1 2}}`, 'template.limit 1:3'],
    ['x'.repeat(1_048_577), 'template.limit 1:1'],
    [fan, 'template.limit'],
  ]
  for (const [source, expected] of limited)
    assert.match(
      place(errorOf(source, { time: new Date('2026-12-12') })),
      new RegExp(`^${expected}`),
      source.slice(0, 80),
    )
})

test('a template may call itself some hundred times', () => {
  const source = '{{define "r"}}{{if .}}{{template "r" (slice . 1)}}.{{end}}{{end}}{{template "r" .}}'
  assert.equal(render(source, 'x'.repeat(400)), '.'.repeat(400))
  assert.match(errorOf(source, 'x'.repeat(2000)).message, /call each other too deeply/)
})

test('work on large texts costs steps, so a loop over them ends', () => {
  const context = {
    text: 'é'.repeat(500_000),
    map: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i])),
  }
  for (const action of [
    'len .text',
    'index .text 5',
    'upper .text',
    'eq .text .text',
    'html .text',
    'not .map',
  ]) {
    const source = `{{with .}}{{range 100000}}{{$x := ${action.replaceAll(' .', ' $.')}}}{{end}}{{end}}`
    assert.equal(errorOf(source, context).code, 'template.limit', action)
  }
  assert.equal(
    errorOf('{{range 100000}}{{range $.map}}{{break}}{{end}}{{end}}', context).code,
    'template.limit',
  )
})

test('limits can be set, and count UTF-8 bytes', () => {
  assert.equal(render('{{.}}', 'ééé', { maxOutputBytes: 6 }), 'ééé')
  assert.equal(errorOf('{{.}}', 'ééé', { maxOutputBytes: 5 }).code, 'template.limit')
  assert.equal(errorOf('{{range 20}}{{end}}', {}, { maxSteps: 10 }).code, 'template.limit')
})

test('data in a circle or nested very deeply is a limit, not a crash', () => {
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  let deep: unknown = 1
  for (let depth = 0; depth < 100_000; depth++) deep = [deep]
  for (const source of ['{{.}}', '{{print .}}', '{{printf "%v" .}}', '{{toJson .}}', '{{printf "%d" .}}']) {
    assert.equal(errorOf(source, circle).code, 'template.limit')
    assert.equal(errorOf(source, deep).code, 'template.limit')
  }
})
