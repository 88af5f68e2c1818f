import Type, { type Static } from 'typebox'
import { hidden } from '../act/record.ts'
import { listenerDelaysMs } from '../core/listener.ts'
import type { ListenerSettings } from '../core/listener-settings.ts'
import { maskUrl } from '../core/mask.ts'
import { decide, type Result } from '../core/retry.ts'
import type { RecordAttempt } from '../storage/hot.ts'
import type { RunTable } from '../storage/schema.ts'
import { strict } from './schemas.ts'

const Headers = Type.Array(Type.Array(Type.String({ maxLength: 16_384 }), { minItems: 2, maxItems: 2 }), {
  maxItems: 200,
  description: 'Pairs of name and value',
})
const maxBodyCharacters = 64 * 1024

/** What a listener says of one attempt. */
export const AttemptReport = Type.Object({
  runId: Type.String({ minLength: 1, maxLength: 100 }),
  claimNo: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  durationMs: Type.Integer({ minimum: 0, maximum: 86_400_000 }),
  request: Type.Object(
    {
      method: Type.String({ minLength: 1, maxLength: 100 }),
      url: Type.String({ minLength: 1, maxLength: 16_384 }),
      headers: Headers,
    },
    strict,
  ),
  response: Type.Optional(
    Type.Object(
      {
        status: Type.Integer({ minimum: 100, maximum: 999 }),
        statusText: Type.String({ maxLength: 500, default: '' }),
        headers: Headers,
        body: Type.String({
          maxLength: maxBodyCharacters,
          description: 'At most its first 64 KiB, as text',
        }),
        bodyBytes: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
        remoteAddress: Type.Optional(Type.String({ maxLength: 100 })),
      },
      { ...strict, description: 'What was answered; left out when nothing was' },
    ),
  ),
  error: Type.Optional(
    Type.Object(
      {
        code: Type.String({ pattern: '^[a-z][a-z.-]{0,60}$' }),
        message: Type.String({ minLength: 1, maxLength: 1000 }),
      },
      { ...strict, description: 'Why nothing was answered' },
    ),
  ),
})
export type AttemptReport = Static<typeof AttemptReport>

/** The attempt as it is kept, and what comes next. It wakes nobody: whoever listens sees it. */
export function judgeReport(
  report: AttemptReport,
  run: RunTable,
  settings: ListenerSettings,
  sent: Uint8Array,
  nowMs: number,
): RecordAttempt {
  const { result, errorCode, message } = judge(report, settings)
  const delaysMs = settings.retry === 'none' ? [] : listenerDelaysMs
  const policy = { delaysMs, permanentStatuses: [], retryStatuses: [] }
  const { request, response } = report
  const body = Buffer.from(response?.body ?? '')
  return {
    runId: run.id,
    claimNo: report.claimNo,
    number: run.attempts + 1,
    startedAtMs: nowMs - report.durationMs,
    endedAtMs: nowMs,
    outcome: result.kind === 'success' ? 'succeeded' : 'failed',
    errorCode,
    message,
    status: response?.status ?? null,
    record: JSON.stringify({
      request: {
        method: request.method,
        url: maskUrl(request.url),
        headers: masked(request.headers),
        bodyBytes: sent.length,
      },
      response: response
        ? {
            status: response.status,
            headers: masked(response.headers),
            bodyBytes: response.bodyBytes,
            bodyTruncated: response.bodyBytes > body.length,
            remoteAddress: response.remoteAddress ?? null,
          }
        : null,
      timings: { totalMs: report.durationMs },
    }),
    request: sent.subarray(0, maxBodyCharacters),
    response: body.subarray(0, maxBodyCharacters),
    next: decide(result, policy, run.tries + 1, nowMs, run.deadline_at, Math.random()),
    ownEvents: [],
  }
}

const masked = (headers: string[][]): [string, string][] =>
  hidden(
    headers.map(([name = '', value = '']) => [name, value]),
    text => text,
  )

function judge({ response, error }: AttemptReport, { retry }: ListenerSettings) {
  if (response === undefined) {
    const message = error?.message ?? 'Nothing was answered'
    const result: Result = { kind: 'error', permanent: false, label: message }
    return { result, errorCode: error?.code ?? 'target.unanswered', message }
  }
  const { status } = response
  const label = `${status} ${response.statusText}`.trim()
  if (status >= 200 && status < 300) {
    const result: Result = { kind: 'success', label }
    return { result, errorCode: null, message: label }
  }
  const message = `The target answered ${label}`
  const result: Result =
    retry === 'all'
      ? { kind: 'answer', status, retryAfterMs: null, label: message }
      : { kind: 'error', permanent: true, label: message }
  return { result, errorCode: 'target.status', message }
}
