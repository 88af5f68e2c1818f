import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { textSearch } from './text-search.ts'

const detail = JSON.stringify({
  targets: [{ type: 'app', value: 'Shop' }],
  owner: { type: 'user', name: 'Zoë' },
  cause: null,
  request: {
    method: 'POST',
    path: '/hooks/orders',
    headers: { 'x-github-event': 'push' },
    sender: '10.0.0.7',
  },
})
const found = (text: string, body: string | Uint8Array): boolean =>
  textSearch(text).foundIn(typeof body === 'string' ? Buffer.from(body) : body, detail)

test('a text is found in any case, beyond ASCII too', () => {
  assert.ok(found('zürich', '{"city":"ZÜRICH"}'))
  assert.ok(found('ΑΘΉΝΑ', 'αθήνα'))
  assert.ok(!found('zurich', '{"city":"Zürich"}'))
})

test('a text is found where JSON escapes it', () => {
  assert.ok(found('Zürich', String.raw`{"city":"Z\u00fcrich"}`))
  assert.ok(found('zürich', String.raw`{"city":"Z\u00DCRICH"}`))
  assert.ok(found('he said "no"', String.raw`{"text":"he said \"no\""}`))
  assert.ok(found('a/b', String.raw`{"path":"a\/b"}`))
  assert.ok(found('😀', String.raw`"\ud83d\ude00"`))
  assert.ok(found(String.raw`\u00fc`, String.raw`{"city":"Z\u00fcrich"}`), 'as it stands, too')
})

test('a text is found between bytes that are no text', () => {
  assert.ok(found('Needle', new Uint8Array([0, 255, 0, ...Buffer.from('needle'), 200])))
})

test('values of the detail are found, and names of headers, but not our own names', () => {
  for (const text of ['shop', 'zoË', '/hooks/orders', 'X-GitHub-Event', '10.0.0.7'])
    assert.ok(found(text, ''), text)
  for (const text of ['sender', 'targets', 'eventId', '"type"']) assert.ok(!found(text, ''), text)
  assert.equal(textSearch('sender').isExact, false)
  assert.equal(textSearch('order-77').isExact, true)
})

/** What an engine does: bytes, and the case of ASCII letters. */
const lower = (text: string) => text.replaceAll(/[A-Z]/g, letter => letter.toLowerCase())
const engineFinds = (fragments: readonly string[], body: string) =>
  fragments.some(fragment => lower(body).includes(lower(fragment)))

test('whatever a text is, each JSON that holds it holds a fragment, and is then found', () => {
  const escapeAll = (json: string) =>
    json.replaceAll(
      /[^ -~]|[<>&'/]/g,
      character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom<(json: string) => string>(json => json, escapeAll),
      (text, around, write) => {
        const body = write(JSON.stringify({ value: around + text + around }))
        const search = textSearch(text)
        assert.ok(engineFinds(search.fragments, body), body)
        assert.ok(search.foundIn(Buffer.from(body), detail), body)
      },
    ),
    { numRuns: 500 },
  )
})
