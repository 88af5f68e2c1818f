import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import type { EventDetail } from '../../../api/types.ts'
import { curlLine, rawRequest } from './request-text.ts'

function event(text: string | null, headers: Record<string, string | string[]> = {}): EventDetail {
  return {
    id: 'evt_1',
    body: { contentType: 'text/plain', bytes: text?.length ?? 3, text, truncated: false },
    request: {
      method: 'POST',
      path: '/hooks/a',
      query: 'x=1&y=$HOME',
      headers: { host: 'old.example', 'content-type': 'text/plain', ...headers },
      params: {},
      sender: '127.0.0.1',
      verified: '',
      deliveryId: null,
    },
  } as unknown as EventDetail
}

test('a shell reads the curl line back to exactly what was received', () => {
  const hostile = `it's $(touch /tmp/x) \`id\` "quoted" \\ !!\nsecond line`
  const line = curlLine(event(hostile, { 'x-odd': `a'b` }), 'http://box') ?? ''
  // printf stands in for curl and shows the words that the shell made of the line.
  const words = execFileSync('sh', ['-c', line.replace(/^curl/, 'printf "%s\\0"')])
    .toString()
    .split('\0')
  assert.deepEqual(words.slice(0, -1), [
    '-X',
    'POST',
    'http://box/hooks/a?x=1&y=$HOME',
    '-H',
    'content-type: text/plain',
    '-H',
    `x-odd: a'b`,
    '--data-binary',
    hostile,
  ])
})

test('a body that is no text is sent from the downloaded file', () => {
  assert.match(curlLine(event(null), 'http://box') ?? '', /--data-binary @evt_1\.bin$/)
})

test('an event that was no request has no curl line', () => {
  assert.equal(curlLine({ ...event('x'), request: null }, 'http://box'), null)
})

test('the raw request lists a repeated header as often as it came', () => {
  assert.match(rawRequest(event('x', { via: ['one', 'two'] })), /via: one\nvia: two\n\nx$/)
})
