import type { KeyObject } from 'node:crypto'
import type { Work } from '../core/intake.ts'
import type { RunEventKind } from '../core/own-events.ts'
import type { HttpAction, Reaction, ReactionDefinition } from '../core/reaction.ts'
import { decide, type Next, parseRetryAfter, type Result } from '../core/retry.ts'
import type { AppendEvent, RecordAttempt } from '../storage/hot.ts'
import type { Confinement } from '../core/secret.ts'
import { StorageError } from '../storage/port.ts'
import { toRunEventAppend } from '../storage/rows.ts'
import type { Caller } from './http/call.ts'
import type { OutgoingResult } from './http/outgoing.ts'
import { RenderError, renderRequest } from './http-request.ts'
import { asIs, type Hide, maskerOf, recordOf, type Rendered } from './record.ts'
import { noSecrets, type ReadSecrets } from './secrets.ts'

export interface AttemptOptions {
  caller: Caller
  causeKey: KeyObject
  /** The definition with its secrets opened. */
  open(reaction: Reaction): ReactionDefinition
  secrets: ReadSecrets
  /** Named secrets went into the request of an attempt. */
  onSecretsUsed(used: readonly Confinement[], work: Work): void
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
  const { rendered, failed } = await prepare(work, number, options, startedAtMs)
  const result = rendered && (await options.caller.call(rendered.request, signal))
  options.failpoint('after-call')
  const judged = rendered
    ? judgeResult(result!, reaction.definition.action, options.now(), rendered.hide)
    : failed
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
      ...recordOf(rendered, result),
      next,
      ownEvents: tell(work, next, endedAtMs),
    },
  }
}

type Prepared = { rendered: Rendered; failed: null } | { rendered: null; failed: Judged }

/** Secrets are read for each attempt anew; what failed tells of none of them either. */
async function prepare(
  work: Work,
  number: number,
  { causeKey, open, secrets, onSecretsUsed }: AttemptOptions,
  nowMs: number,
): Promise<Prepared> {
  let hide = asIs
  try {
    const definition = open(work.reaction)
    hide = maskerOf(definition)
    const reading = secrets(work.reaction.definition, work.reaction.team)
    const readable = reading === null ? noSecrets : await reading
    hide = maskerOf(definition, readable.values)
    const run = { id: work.run.id, attempt: number }
    const request = renderRequest(definition, work, run, { causeKey, nowMs }, readable)
    const used = [...(request.confined ?? []), ...(request.confinedInProxy ?? [])]
    if (used.length > 0) onSecretsUsed(used, work)
    return { rendered: { definition, request, hide }, failed: null }
  } catch (error) {
    if (error instanceof StorageError) return { rendered: null, failed: failedRead(error) }
    const failure = error instanceof RenderError ? error : new RenderError('/action', error)
    return { rendered: null, failed: failedRender(failure, hide) }
  }
}

interface Judged {
  result: Result
  errorCode: string | null
  message: string
  status: number | null
  healthy: boolean | null
}

const failedBefore = (errorCode: string, message: string, permanent: boolean): Judged => ({
  result: { kind: 'error', permanent, label: message },
  errorCode,
  message,
  status: null,
  healthy: null,
})

/** A store that is busy now answers the next try. */
const failedRead = ({ message }: StorageError): Judged =>
  failedBefore('secret.unavailable', `The secrets of the reaction could not be read: ${message}`, false)

function failedRender(error: RenderError, hide: Hide): Judged {
  const at = error.line === undefined ? '' : ` (line ${error.line}, column ${error.column})`
  const message = hide(`The request could not be made: ${error.path}${at}: ${error.message}`)
  return failedBefore(error.code, message, true)
}

function judgeResult(result: OutgoingResult, action: HttpAction, nowMs: number, hide: Hide): Judged {
  if (!result.ok) {
    const { code, permanent } = result.error
    const message = hide(result.error.message)
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
  const label = hide(`${status} ${result.statusText}`.trim())
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
