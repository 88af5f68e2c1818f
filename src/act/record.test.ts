import assert from 'node:assert/strict'
import { test } from 'node:test'
import { someDefinition } from '../../test/support/examples.ts'
import { mask } from '../core/mask.ts'
import type { OutgoingRequest } from './http/outgoing.ts'
import { maskerOf, recordOf } from './record.ts'

const secret = 'Schlüssel-fürs-Stellwerk'
const definition = someDefinition({ action: { headers: [{ name: 'X-Api-Key', value: secret }] } })

function recordedBody(body: Buffer): Buffer {
  const request: OutgoingRequest = {
    method: 'POST',
    url: 'http://127.0.0.1/',
    headers: [],
    body,
    timeoutMs: 1000,
    followRedirects: 0,
    insecure: false,
    proxyUrl: null,
    maxAnswerBytes: 1000,
  }
  return Buffer.from(recordOf({ definition, request, hide: maskerOf(definition) }, null).request)
}

test('a secret with letters beyond ASCII is hidden in a body, too', () => {
  assert.equal(recordedBody(Buffer.from(`{"key":"${secret}"}`)).toString(), `{"key":"${mask}"}`)
})

test('a body that is no text is kept byte for byte', () => {
  const bytes = Buffer.from([0, 255, 128, 10, 200])
  assert.deepEqual(recordedBody(bytes), bytes)
})
