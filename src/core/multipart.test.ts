import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { someEvent } from '../../test/support/examples.ts'
import { eventContext } from './context.ts'
import { readParts } from './multipart.ts'

const type = 'multipart/form-data; boundary=XX'
const lines = (...all: string[]) => Buffer.from(all.join('\r\n'), 'latin1')
const bodyOf = (contentType: string, bytes: Uint8Array): unknown =>
  JSON.parse(JSON.stringify(eventContext(someEvent({ contentType }), bytes).body))

/** As the platform itself writes a form. */
async function written(form: FormData): Promise<{ contentType: string; body: Buffer }> {
  const response = new Response(form)
  return {
    contentType: response.headers.get('content-type')!,
    body: Buffer.from(await response.arrayBuffer()),
  }
}

test('fields are their values, files are told of, and what repeats is a list', async () => {
  const form = new FormData()
  form.append('name', 'Jürgen')
  form.append('tag', 'a')
  form.append('tag', 'b')
  form.append('order', new Blob(['{"id":7}'], { type: 'application/json' }), 'order.json')
  form.append('photo', new Blob([Uint8Array.of(0, 255, 13, 10, 45, 45)], { type: 'image/png' }), 'ä "1".png')
  const { contentType, body } = await written(form)
  assert.deepEqual(bodyOf(contentType, body), {
    name: 'Jürgen',
    tag: ['a', 'b'],
    order: {
      name: 'order',
      filename: 'order.json',
      contentType: 'application/json',
      bytes: 8,
      text: '{"id":7}',
    },
    photo: { name: 'photo', filename: 'ä %221%22.png', contentType: 'image/png', bytes: 6, text: null },
  })
  assert.deepEqual(readParts(contentType, body)?.at(-1)?.bytes, Buffer.of(0, 255, 13, 10, 45, 45))
})

test('a field that says it is JSON or XML is read as such', () => {
  const body = lines(
    '--XX',
    'Content-Disposition: form-data; name="a"',
    'Content-Type: application/json',
    '',
    '{"id":7}',
    '--XX',
    'content-disposition: form-data; name=b',
    'content-type: text/xml',
    '',
    '<x>1</x>',
    '--XX',
    'Content-Disposition: form-data; name="c"',
    '',
    '{"id":7}',
    '--XX--',
    '',
  )
  assert.deepEqual(bodyOf(type, body), { a: { id: 7 }, b: { x: '1' }, c: '{"id":7}' })
})

test('any other multipart is a list of its parts, whatever stands before and after them', () => {
  const body = lines('for old readers', '--X Y', 'Content-Type: text/plain', '', 'one', '--X Y--', 'end')
  const file = { name: null, filename: null, contentType: 'text/plain', bytes: 3, text: 'one' }
  assert.deepEqual(bodyOf('multipart/mixed; boundary="X Y"', body), [file])
})

test('what is no whole multipart stays the text that it is', () => {
  const cases: [string, Buffer][] = [
    ['multipart/form-data', lines('--XX', '', 'a', '--XX--')],
    [type, lines('no boundary')],
    [type, lines('--XX', 'Content-Disposition: form-data; name="a"', '', 'cut')],
    [type, Buffer.alloc(0)],
    [type, lines('--XX', '', 'one', '--XX', 'Content-Type: a/b', '', 'two', '--XX--')],
    [
      `multipart/form-data; boundary=${'x'.repeat(71)}`,
      lines(`--${'x'.repeat(70)}`, 'a: b', '', 'a', `--${'x'.repeat(70)}--`),
    ],
    [type, lines('--XX', `x: ${'y'.repeat(9000)}`, '', 'a', '--XX--')],
  ]
  for (const [contentType, body] of cases) assert.equal(bodyOf(contentType, body), body.toString())
})

test('names that objects inherit are names like any other', () => {
  const body = lines('--XX', 'Content-Disposition: form-data; name="__proto__"', '', 'x', '--XX--')
  const value = eventContext(someEvent({ contentType: type }), body).body as object
  assert.deepEqual(Object.entries(value), [['__proto__', 'x']])
})

test('too many parts are not read, and many are read quickly', () => {
  const part = '--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
  const parts = (count: number) => readParts(type, Buffer.from(`${part.repeat(count)}--XX--`))
  assert.equal(parts(1000)?.length, 1000)
  assert.equal(parts(1001), null)
  assert.equal(readParts(type, Buffer.from(part.repeat(100_000))), null)
})

test('whatever comes, it is read or not, and never throws', () => {
  const pieces = fc.constantFrom(
    '--XX',
    '\r\n',
    '\n',
    '--',
    'Content-Disposition: form-data; name="a"',
    'name=',
    ';',
    '"',
    ':',
    "filename*=UTF-8''%E4%zz",
    'x',
    '\xff',
  )
  const body = fc.oneof(
    fc.uint8Array().map(bytes => Buffer.from(bytes)),
    fc.array(pieces, { maxLength: 40 }).map(all => Buffer.from(`--XX\r\n${all.join('')}`, 'latin1')),
  )
  fc.assert(
    fc.property(body, one => void readParts(type, one)),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(fc.string(), fc.uint8Array(), (said, bytes) => void readParts(`multipart/${said}`, bytes)),
  )
})

test('a form is read as the platform wrote it', async () => {
  // Browsers write a backslash as it is, curl before a quote: who reads can not tell which was meant.
  const text = fc.string({ maxLength: 20 }).filter(one => !/[\r\n\\]/.test(one) && one.isWellFormed())
  const file = fc.record({ name: text, filename: fc.stringMatching(/^[a-z.]{1,9}$/), bytes: fc.uint8Array() })
  await fc.assert(
    fc.asyncProperty(fc.array(file, { maxLength: 5, minLength: 1 }), async files => {
      const form = new FormData()
      for (const { name, filename, bytes } of files)
        form.append(name, new Blob([Buffer.from(bytes)]), filename)
      const { contentType, body } = await written(form)
      const parts = readParts(contentType, body)
      assert.deepEqual(
        parts?.map(({ filename, bytes }) => ({ filename, bytes })),
        files.map(({ filename, bytes }) => ({ filename, bytes: Buffer.from(bytes) })),
      )
    }),
    { numRuns: 50 },
  )
})
