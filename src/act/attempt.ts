import type { KeyObject } from 'node:crypto'
import type { Work } from '../core/intake.ts'
import type { RunEventKind } from '../core/own-events.ts'
import type { HttpAction, Reaction, ReactionDefinition } from '../core/reaction.ts'
import { decide, type Next, parseRetryAfter, type Result } from '../core/retry.ts'
import type { AppendEvent, RecordAttempt } from '../storage/hot.ts'
import { toRunEventAppend } from '../storage/rows.ts'
import type { Caller } from './http/call.ts'
import type { OutgoingResult } from './http/outgoing.ts'
import { RenderError, renderRequest } from './http-request.ts'
import { type Rendered, recordOf } from './record.ts'

export interface AttemptOptions {
  caller: Caller
  causeKey: KeyObject
  /** The definition with its secrets opened. */
  open(reaction: Reaction): ReactionDefinition
  now(): number
  random(): number
  failpoint(name: 'after-call' | 'after-claim'): void
}

/** What one try came to, ready to be recorded; and whether the target seemed well, when it was asked at all. */
export interface Tried {
  record: RecordAttempt
  healthy: boolean | null
  /** A 410 that ended the run: the target says that it is gone for good. */
  gone: boolean
}

/** ③ act, for one run: render, call, decide. Never throws. */
export async function attempt(work: Work, options: AttemptOptions, signal: AbortSignal): Promise<Tried> {
  const startedAtMs = options.now()
  const { run, reaction } = work
  const number = run.attempts + 1
  const rendered = tryRender(work, number, options, startedAtMs)
  const request = rendered instanceof RenderError ? null : rendered.request
  const result = request && (await options.caller.call(request, signal))
  options.failpoint('after-call')
  const judged =
    rendered instanceof RenderError
      ? failedRender(rendered)
      : judgeResult(result!, reaction.definition.action, options.now())
  const endedAtMs = options.now()
  const { retry } = reaction.definition
  const next = decide(judged.result, retry, run.tries + 1, endedAtMs, run.deadlineAtMs, options.random())
  return {
    healthy: judged.healthy,
    gone: judged.status === 410 && next.state === 'failed' && !retry.retryStatuses.includes(410),
    record: {
      runId: run.id,
      claimNo: run.claimNo,
      number,
      startedAtMs,
      endedAtMs,
      outcome: judged.result.kind === 'success' ? 'succeeded' : 'failed',
      errorCode: judged.errorCode,
      message: judged.message,
      status: judged.status,
      ...recordOf(rendered instanceof RenderError ? null : rendered, result),
      next,
      ownEvents: tell(work, next, endedAtMs),
    },
  }
}

function tryRender(
  work: Work,
  number: number,
  { causeKey, open }: AttemptOptions,
  nowMs: number,
): Rendered | RenderError {
  try {
    const definition = open(work.reaction)
    return {
      definition,
      request: renderRequest(definition, work, { id: work.run.id, attempt: number }, { causeKey, nowMs }),
    }
  } catch (error) {
    return error instanceof RenderError ? error : new RenderError('/action', error)
  }
}

interface Judged {
  result: Result
  errorCode: string | null
  message: string
  status: number | null
  healthy: boolean | null
}

function failedRender(error: RenderError): Judged {
  const at = error.line === undefined ? '' : ` (line ${error.line}, column ${error.column})`
  const message = `The request could not be made: ${error.path}${at}: ${error.message}`
  return {
    result: { kind: 'error', permanent: true, label: message },
    errorCode: error.code,
    message,
    status: null,
    healthy: null,
  }
}

function judgeResult(result: OutgoingResult, action: HttpAction, nowMs: number): Judged {
  if (!result.ok) {
    const { code, message, permanent } = result.error
    // A request that never left tells nothing of the target.
    const healthy = permanent || code === 'target.aborted' || code === 'target.exhausted' ? null : false
    return {
      result: { kind: 'error', permanent, label: message },
      errorCode: code,
      message,
      status: null,
      healthy,
    }
  }
  const { status } = result
  const label = `${status} ${result.statusText}`.trim()
  const healthy = status < 500
  if (isSuccess(status, action.successStatuses)) {
    return { result: { kind: 'success', label }, errorCode: null, message: label, status, healthy }
  }
  const retryAfter = result.headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1]
  const message = `The target answered ${label}`
  return {
    result: { kind: 'answer', status, retryAfterMs: parseRetryAfter(retryAfter, nowMs), label: message },
    errorCode: 'target.status',
    message,
    status,
    healthy,
  }
}

/** `200-299`, or `204`. */
export function isSuccess(status: number, ranges: readonly string[]): boolean {
  return ranges.some(range => {
    const [low, high] = range.split('-').map(Number)
    return status >= low! && status <= (high ?? low!)
  })
}

function tell({ run, event, reaction }: Work, next: Next, nowMs: number): AppendEvent[] {
  const kind = ownEventOf(next)
  if (kind === null || (kind === 'run.succeeded' && !reaction.definition.tellWhen.includes('succeeded')))
    return []
  const subject = {
    runId: run.id,
    eventId: event.id,
    reactionId: reaction.id,
    reactionName: reaction.definition.name,
    team: run.team,
    label: next.label,
    hops: event.hops,
  }
  return [toRunEventAppend(kind, subject, nowMs)]
}

const ownEventOf = ({ state }: Next): RunEventKind | null =>
  state === 'succeeded'
    ? 'run.succeeded'
    : state === 'failed'
      ? 'run.failed'
      : state === 'timed-out'
        ? 'run.timed-out'
        : null
