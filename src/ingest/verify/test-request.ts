import assert from 'node:assert/strict'
import type { ReceivedRequest, RejectionReason, Verdict } from './verdict.ts'

/** For tests: a POST at 2018-07-12T18:36:58Z, the moment of Slack's published example. */
export const receivedAtSeconds = 1531420618

export function testRequest(changes: Partial<ReceivedRequest> & { text?: string }): ReceivedRequest {
  const { text = '', ...rest } = changes
  return {
    method: 'POST',
    path: '/hooks/test',
    query: '',
    headers: {},
    body: Buffer.from(text),
    receivedAtMs: receivedAtSeconds * 1000,
    ...rest,
  }
}

export function assertAccepted(verdict: Verdict, secretIndex?: number): void {
  assert.ok(verdict.ok, JSON.stringify(verdict))
  if (secretIndex !== undefined) assert.equal(verdict.secretIndex, secretIndex)
}

export function assertRejected(verdict: Verdict, reason: RejectionReason, status: 401 | 403 = 401): void {
  assert.ok(!verdict.ok, `accepted, though expected ${reason}`)
  assert.deepEqual({ reason: verdict.reason, status: verdict.status }, { reason, status }, verdict.detail)
}
