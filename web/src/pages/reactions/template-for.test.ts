import assert from 'node:assert/strict'
import { test } from 'node:test'
import { templateFor } from './template-for.ts'

const body = (text: string | null) => ({
  body: { contentType: null, bytes: 0, text, truncated: false, parts: null },
})

test('the template begins with what the body holds at the top', () => {
  assert.equal(
    templateFor(body('{"repository":{"name":"web"},"odd key":1}')),
    '{\n  "event": {{ toJson .event.kind }},\n  "repository": {{ toJson .body.repository }},\n  "odd key": {{ toJson (index .body "odd key") }}\n}',
  )
})

test('a body that is no JSON object is passed on as text', () => {
  for (const text of ['[1]', 'a=b', '', null])
    assert.match(templateFor(body(text)), /"text": \{\{ toJson \.raw \}\}/)
})
