import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventDetail } from '../../../api/types.ts'
import { rawRequest } from './request-text.ts'

test('the raw request lists a repeated header as often as it came', () => {
  const event = {
    body: { contentType: 'text/plain', bytes: 1, text: 'x', truncated: false, parts: null },
    request: { method: 'POST', path: '/hooks/a', query: 'a=1', headers: { via: ['one', 'two'] } },
  } as unknown as EventDetail
  assert.equal(rawRequest(event), 'POST /hooks/a?a=1 HTTP/1.1\nvia: one\nvia: two\n\nx')
})
