import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileTemplate, TemplateError } from '../template.ts'

/** As webhooks bring them: parsed from JSON. */
const render = (source: string, json: string): string =>
  compileTemplate('go', 't', source).render(JSON.parse(json))
const renderAsFloat64 = (source: string, json: string): string =>
  compileTemplate('go', 't', source, { numbers: 'float64' }).render(JSON.parse(json))

function messageOf(source: string, json: string, numbers: 'json' | 'float64' = 'json'): string {
  const template = compileTemplate('go', 't', source, { numbers })
  try {
    template.render(JSON.parse(json))
  } catch (error) {
    assert.ok(error instanceof TemplateError, String(error))
    return error.message
  }
  return assert.fail(`${source} rendered`)
}

test('an id prints all its digits, wherever it is printed', () => {
  const json = '{"id": 123456789, "ids": [1000000, 2e6], "m": {"id": 9007199254740991}}'
  assert.equal(render('{{.id}} {{.m.id}}', json), '123456789 9007199254740991')
  assert.equal(render('{{print .id}} {{println .id}}', json), '123456789 123456789\n')
  assert.equal(render('{{.ids}} {{.m}}', json), '[1000000 2000000] map[id:9007199254740991]')
  assert.equal(render('{{printf "%v %6.3v %v" .id 5 .ids}}', json), '123456789    005 [1000000 2000000]')
  assert.equal(render('{{html .id}} {{js .id}} {{urlquery .id}}', json), '123456789 123456789 123456789')
  assert.equal(render('{{upper .id}} {{join "," .ids}}', json), '123456789 1000000,2000000')
  assert.equal(render('{{range .ids}}{{.}};{{end}}{{index .ids 1}}', json), '1000000;2000000;2000000')
  assert.equal(render('{{fromJson "[123456789, 1234567.5]"}}', json), '[123456789 1234567.5]')
})

test('a fraction prints without an exponent, but for the very small ones', () => {
  const json = '[1234567.5, -0.25, 0.0001, 0.00001, -1.5e-7]'
  assert.equal(render('{{.}}', json), '[1234567.5 -0.25 0.0001 1e-05 -1.5e-07]')
  assert.equal(
    render(
      '{{printf "%v|%+v|%#v|%12v|%.3v" (index . 0) (index . 0) (index . 0) (index . 0) (index . 0)}}',
      json,
    ),
    '1234567.5|1234567.5|1234567.5|   1234567.5|1.23e+06',
  )
})

test('beyond 2^53 a number prints as JSON.stringify writes it, and -0 is 0', () => {
  const json = '[9007199254740993, 12345678901234567890, 1e20, 1e21, -1.5e300, -0]'
  assert.equal(
    render('{{.}}', json),
    '[9007199254740992 12345678901234567000 100000000000000000000 1e+21 -1.5e+300 0]',
  )
  assert.equal(render('{{printf "%d" (index . 2)}}', json), '%!d(float64=100000000000000000000)')
})

test('5, 5.0 and 5.5 all take %.2f; 5 and 5.0 take %d, and 5.5 says that it does not', () => {
  for (const five of ['5', '5.0', '5e0', '0.5E1']) {
    const json = `{"n": ${five}}`
    assert.equal(
      render('{{printf "%d|%04d|%+d|%x|%b|%o|%U" .n .n .n .n .n .n .n}}', json),
      '5|0005|+5|5|101|5|U+0005',
    )
    assert.equal(
      render('{{printf "%.2f|%f|%e|%g|%6.1f" .n .n .n .n .n}}', json),
      '5.00|5.000000|5.000000e+00|5|   5.0',
    )
    assert.equal(render('{{printf "%T %s" .n .n}}', json), 'int %!s(int=5)')
  }
  assert.equal(render('{{printf "%.2f %d %T" . . .}}', '5.5'), '5.50 %!d(float64=5.5) float64')
  assert.equal(render('{{printf "%c%c %q" (index . 0) (index . 1) (index . 0)}}', '[72, 105]'), "Hi 'H'")
  assert.equal(render('{{printf "%d %.1f" . .}}', '[1, 2.0]'), '[1 2] [1.0 2.0]')
  assert.equal(render('{{printf "%*d|%.*f" .w 7 .p .n}}', '{"w": 4, "p": 1, "n": 2.25}'), '   7|2.2')
  assert.equal(render('{{printf "%*d" .w 7}}', '{"w": 4.5}'), '%!(BADWIDTH)7')
  assert.equal(render('{{printf "x" .}}', '5'), 'x%!(EXTRA int=5)')
})

test('numbers compare by value, and whole ones serve as index, bound and count', () => {
  const json = '{"three": 3, "half": 0.5, "big": 123456789, "list": ["a", "b", "c", "d"]}'
  assert.equal(
    render('{{eq .three 3}} {{eq .three 3.0}} {{eq 3.0 .three}} {{eq .half 0.5}}', json),
    'true true true true',
  )
  assert.equal(
    render('{{ne .three 4}} {{lt .half 1}} {{gt .big 1e8}} {{ge .three 3.5}}', json),
    'true true true false',
  )
  assert.equal(render('{{eq (len .list) 4}} {{lt .three (len .list)}}', json), 'true true')
  assert.equal(
    render('{{index .list .three}} {{slice .list 1 .three}} {{range .three}}{{.}}{{end}}', json),
    'd [b c] 012',
  )
  assert.equal(render('{{if .zero}}T{{else}}F{{end}}{{default 7 .zero}}', '{"zero": 0}'), 'F7')
  assert.match(messageOf('{{index .list .half}}', json), /the fraction 0\.5/)
})

test('an error names the type that %T names', () => {
  assert.match(messageOf('{{.n.x}}', '{"n": 5}'), /type int$/)
  assert.match(messageOf('{{.n.x}}', '{"n": 5.5}'), /type float64$/)
  assert.match(messageOf('{{eq .n "5"}}', '{"n": 5}'), /int and string$/)
  assert.match(messageOf('{{eq .n "5"}}', '{"n": 5}', 'float64'), /float64 and string$/)
})

test('what the template makes itself stays as in Go', () => {
  assert.equal(render('{{1e6}} {{1000000}} {{1.5}} {{123456789.0}}', '0'), '1e+06 1000000 1.5 1.23456789e+08')
  assert.equal(render('{{printf "%d %T %T" 5.0 5.0 5}}', '0'), '%!d(float64=5) float64 int')
  assert.equal(
    render('{{$x := 1e6}}{{$x}} {{print $x}} {{len "abc"}} {{toJson 1e6}}', '0'),
    '1e+06 1e+06 3 1000000',
  )
  const times = { from: new Date(0), to: new Date(3_600_000_000_000) }
  assert.equal(
    compileTemplate('go', 't', '{{(.to.Sub .from).Hours}} {{printf "%.1f" (.to.Sub .from).Hours}}').render(
      times,
    ),
    '1e+06 1000000.0',
  )
})

test('toJson writes numbers as JSON.stringify, whatever the option says', () => {
  const json = '[123456789,5.5,1e-7,1e+21,100000000000000000000]'
  assert.equal(render('{{toJson .}}', json), json)
  assert.equal(renderAsFloat64('{{toJson .}}', json), json)
})

test('with float64 the numbers of the context look as in Go', () => {
  assert.equal(
    renderAsFloat64('{{.id}} {{printf "%d %T" .id .id}}', '{"id": 123456789}'),
    '1.23456789e+08 %!d(float64=1.23456789e+08) float64',
  )
  assert.equal(renderAsFloat64('{{.}}', '[1000000, 999999.5, -0, 0.00001]'), '[1e+06 999999.5 -0 1e-05]')
})

// Numbers that lie at the edges of what is said above.
const edges = [
  1e-4,
  9.9e-5,
  1e5,
  1e6,
  1e20,
  1e21,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 63,
  5e-324,
  1.7976931348623157e308,
]
const number = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.integer(),
    fc.tuple(fc.integer(), fc.integer({ min: 0, max: 6 })).map(([digits, places]) => digits / 10 ** places),
    fc.constantFrom(...edges.flatMap(edge => [edge, -edge])),
  )
  // JSON.stringify writes -0 as 0.
  .map(value => value + 0)

test('whatever number JSON has, it prints as text that JSON.parse reads as the same number', () => {
  const source = '[{{.n}}, {{print .n}}, {{printf "%v" .n}}, {{range .l}}{{.}}{{end}}, {{.n | upper}}]'
  const template = compileTemplate('go', 't', source)
  fc.assert(
    fc.property(number, n => {
      const text = template.render(JSON.parse(JSON.stringify({ n, l: [n] })))
      // `upper` makes 1E+21 of 1e+21, which is the same in JSON.
      assert.deepEqual(JSON.parse(text), [n, n, n, n, n], text)
    }),
    { numRuns: 2000 },
  )
})

/** Flags, width and precision. */
const flags = fc
  .tuple(
    fc.subarray(['+', '-', '#', ' ', '0']),
    fc.constantFrom('', '1', '12'),
    fc.constantFrom('', '.0', '.3', '.14'),
  )
  .map(parts => parts.flat().join(''))

/** `{{printf "%…" .}}`, and the same with a literal in its place. */
const printfOf = (layout: string, operand: string, context: unknown = null): string =>
  compileTemplate('go', 't', `{{printf ${JSON.stringify(layout)} ${operand}}}`).render(context)

test('a whole number prints with each verb as an int literal does, and with %e %f %g as a float literal', () => {
  const verb = fc.constantFrom(...Array.from('vdboOxXcqUTsteEfFgG'))
  fc.assert(
    fc.property(
      flags,
      verb,
      fc.oneof(fc.maxSafeInteger(), fc.integer({ min: 0, max: 0x10ffff })),
      (flag, letter, n) => {
        const literal = 'eEfFgG'.includes(letter) ? n.toExponential() : String(n)
        assert.equal(printfOf(`%${flag}${letter}`, '.', n), printfOf(`%${flag}${letter}`, literal))
      },
    ),
    { numRuns: 2000 },
  )
})

test('any other number prints with each verb but %v as a float literal does', () => {
  const verb = fc.constantFrom(...Array.from('bxXTeEfFgG'))
  const other = number.filter(n => !Number.isSafeInteger(n))
  fc.assert(
    fc.property(flags, verb, other, (flag, letter, n) => {
      assert.equal(printfOf(`%${flag}${letter}`, '.', n), printfOf(`%${flag}${letter}`, n.toExponential()))
    }),
    { numRuns: 2000 },
  )
})
