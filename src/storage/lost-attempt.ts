import { isListenerLane } from '../core/listener.ts'
import type { RecordAttempt } from './hot.ts'
import { toRunEventAppend } from './rows.ts'
import type { RunTable } from './schema.ts'

/** What a run's own row does not say, and its own events tell. */
export interface RunContext {
  reactionName: string | null
  /** Of the event that the run is for. */
  hops: number
}

/**
 * What is recorded for an attempt whose process died: nobody knows whether the target got the request. The run is
 * tried again at once, unless its reaction says that twice is worse than not knowing.
 */
export function lostAttempt(run: RunTable, nowMs: number, context: RunContext): RecordAttempt {
  const fails = run.on_lost === 'fail'
  const who = isListenerLane(run.lane) ? 'The listener' : 'Signalbox'
  const label = fails
    ? `Outcome unknown: ${who} stopped during the attempt`
    : 'An attempt was lost; trying again'
  return {
    runId: run.id,
    claimNo: run.claim_no,
    number: run.attempts + 1,
    startedAtMs: Math.min(run.due_at ?? nowMs, nowMs),
    endedAtMs: nowMs,
    outcome: 'lost',
    errorCode: 'attempt.lost',
    message: `${who} stopped while this attempt was under way; whether the target got the request is not known`,
    status: null,
    record: '{}',
    request: new Uint8Array(),
    response: new Uint8Array(),
    next: fails ? { state: 'failed', dueAtMs: null, label } : { state: 'trying', dueAtMs: nowMs, label },
    ownEvents: fails
      ? [toRunEventAppend('run.failed', { ...runSubject({ ...run, label }), ...context }, nowMs)]
      : [],
  }
}

export const runSubject = (run: RunTable) => ({
  runId: run.id,
  eventId: run.event_id,
  reactionId: run.reaction_id,
  team: run.team,
  label: run.label,
})
