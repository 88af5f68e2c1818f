import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseXml, xmlLimits } from './xml.ts'

const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value))
const read = (text: string): unknown => plain(parseXml(text))

test('elements are fields, repeated ones lists, attributes have an underscore, text beside them is _', () => {
  assert.deepEqual(
    read(`<?xml version="1.0"?>
      <o:order xmlns:o="urn:orders" o:id="7">
        <o:item>a &amp; b</o:item> <item><![CDATA[<c>]]></item>
        <total currency="EUR"> 5 </total> <note>one <b>two</b> three</note> <nothing/> <paid at="noon"/>
      </o:order>`),
    {
      order: {
        _id: '7',
        item: ['a & b', '<c>'],
        total: { _currency: 'EUR', _: '5' },
        note: { b: 'two', _: 'one  three' },
        nothing: '',
        paid: { _at: 'noon' },
      },
    },
  )
})

test('what is not well-formed is no XML', () => {
  for (const text of [
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a b=1/>',
    '<a/><b/>',
    '<a b="1" b="2"/>',
    '<a>&nbsp;</a>',
    '{}',
  ])
    assert.equal(read(text), undefined, text)
})

test('no entity is expanded and none is fetched', () => {
  const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`)
  assert.equal(read(`<!DOCTYPE l [<!ENTITY l0 "lol">${laughs.join('')}]><l>&l9;</l>`), undefined)
  for (const entity of ['SYSTEM "file:///etc/passwd"', 'SYSTEM "http://127.0.0.1/"', '"inner"'])
    assert.equal(read(`<!DOCTYPE a [<!ENTITY x ${entity}>]><a>&x;</a>`), undefined)
  assert.equal(read('<!DOCTYPE a [<!ENTITY x "inner">]><a b="&x;"/>'), undefined)
  assert.deepEqual(read('<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a>1</a>'), { a: '1' })
})

test('names that objects inherit are names like any other', () => {
  const value = parseXml('<__proto__ polluted="yes"><constructor/><toString>x</toString></__proto__>')!
  assert.deepEqual(Object.keys(value), ['__proto__'])
  assert.deepEqual(Object.entries(Reflect.get(value, '__proto__') as object), [
    ['_polluted', 'yes'],
    ['constructor', ''],
    ['toString', 'x'],
  ])
  assert.equal(Reflect.get({}, '_polluted'), undefined)
})

test('what is too deep, too large or has too many elements or attributes is not read', () => {
  const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth)
  assert.notEqual(read(nested(xmlLimits.depth)), undefined)
  assert.equal(read(nested(xmlLimits.depth + 1)), undefined)
  assert.equal(read('<a>'.repeat(300_000)), undefined)
  assert.equal(read(`<a>${'<b/>'.repeat(xmlLimits.nodes)}</a>`), undefined)
  assert.notEqual(read(`<a>${'<b/>'.repeat(xmlLimits.nodes - 1)}</a>`), undefined)
  const attributes = Array.from({ length: xmlLimits.nodes }, (_, at) => `a${at.toString(36)}=""`)
  assert.equal(read(`<a ${attributes.join(' ')}/>`), undefined)
  assert.equal(read(`<a>${'x'.repeat(xmlLimits.characters)}</a>`), undefined)
})

test('whatever comes, it is read or not, and never throws', () => {
  const pieces = fc.constantFrom(
    '<a>',
    '</a>',
    '<a',
    '/>',
    ' b="',
    '"',
    '<![CDATA[',
    ']]>',
    '&',
    ';',
    '&#x41;',
    '<!--',
    '-->',
    '<?',
    '?>',
    '<!DOCTYPE',
    '[',
    ']>',
    'x',
    ' ',
    '\u0000',
    '\ud800',
    ':',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 30 }).map(all => all.join('')),
  )
  fc.assert(
    fc.property(text, one => void parseXml(one)),
    { numRuns: 2000 },
  )
})

type Leaf = { name: string; attributes: Record<string, string>; text: string }
const escape = (text: string) => text.replace(/[&<>"\s]/g, one => `&#${one.charCodeAt(0)};`)
const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,8}$/)
const value = fc.stringMatching(/^[!-~¡-ÿ]{1,12}$/)

test('a document is read as what it was written from', () => {
  const leaf: fc.Arbitrary<Leaf> = fc.record({
    name,
    attributes: fc.dictionary(name, value, { noNullPrototype: true }),
    text: value,
  })
  fc.assert(
    fc.property(name, fc.uniqueArray(leaf, { selector: one => one.name, minLength: 1 }), (root, leaves) => {
      const written = leaves.map(({ name, attributes, text }) => {
        const pairs = Object.entries(attributes).map(([key, one]) => ` ${key}="${escape(one)}"`)
        return `<${name}${pairs.join('')}>${escape(text)}</${name}>\n`
      })
      const expected = leaves.map(({ name, attributes, text }) => {
        const fields = Object.entries(attributes).map(([key, one]) => [`_${key}`, one])
        return [name, fields.length === 0 ? text : Object.fromEntries([...fields, ['_', text]])]
      })
      assert.deepEqual(read(`<${root}>${written.join('')}</${root}>`), {
        [root]: Object.fromEntries(expected),
      })
    }),
  )
})
