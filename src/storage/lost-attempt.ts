import type { RecordAttempt } from './hot.ts'
import type { RunTable } from './schema.ts'

/**
 * What is recorded for an attempt whose process died: nobody knows whether the target got the request. The run is
 * tried again at once, unless its reaction says that twice is worse than not knowing.
 */
export function lostAttempt(run: RunTable, nowMs: number): RecordAttempt {
  const fails = run.on_lost === 'fail'
  return {
    runId: run.id,
    claimNo: run.claim_no,
    number: run.attempts + 1,
    startedAtMs: Math.min(run.due_at ?? nowMs, nowMs),
    endedAtMs: nowMs,
    outcome: 'lost',
    errorCode: 'attempt.lost',
    message:
      'Signalbox stopped while this attempt was under way; whether the target got the request is not known',
    status: null,
    record: '{}',
    request: new Uint8Array(),
    response: new Uint8Array(),
    next: fails
      ? { state: 'failed', dueAtMs: null, label: 'Outcome unknown: Signalbox stopped during the attempt' }
      : { state: 'trying', dueAtMs: nowMs, label: 'An attempt was lost; trying again' },
    ownEvents: [],
  }
}
