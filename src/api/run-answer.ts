import { decodeText } from '../core/context.ts'
import type { Run } from '../core/run.ts'
import { type RunSummary, runSummary, timeText } from '../core/summary.ts'
import type { AttemptWithBodies } from '../storage/queries/runs.ts'
import type { Services } from './services.ts'

/** A reaction goes by the name it has now; a deleted one by the name it had when the run was made. */
export async function runAnswers(
  { configuration, storage }: Pick<Services, 'configuration' | 'storage'>,
  runs: readonly Run[],
): Promise<RunSummary[]> {
  const nameOf = async ({ reactionId, reactionVersion }: Run): Promise<string> => {
    const current = configuration.reactions.get(reactionId)
    if (current) return current.definition.name
    const row = await storage.read('reactionVersion', { id: reactionId, version: reactionVersion })
    return row === null ? reactionId : (JSON.parse(row.definition) as { name: string }).name
  }
  return Promise.all(runs.map(async run => runSummary(run, await nameOf(run))))
}

/** What act records of an attempt beside the bodies; `{}` when nothing was sent. */
interface AttemptRecord {
  request?: { method: string; url: string; headers: [string, string][]; bodyBytes: number }
  response?: {
    status: number
    headers: [string, string][]
    bodyBytes: number
    bodyTruncated: boolean
    remoteAddress: string | null
  } | null
  timings?: Record<string, number> | null
}

export function attemptAnswer(row: AttemptWithBodies) {
  const { request, response, timings } = JSON.parse(row.record) as AttemptRecord
  return {
    number: row.number,
    startedAt: timeText(row.started_at),
    endedAt: timeText(row.ended_at),
    durationMs: row.ended_at - row.started_at,
    outcome: row.outcome as 'succeeded' | 'failed' | 'lost',
    errorCode: row.error_code,
    message: row.message,
    request: request
      ? {
          method: request.method,
          url: request.url,
          headers: request.headers,
          body: decodeText(row.request),
          bodyBytes: request.bodyBytes,
        }
      : null,
    response: response
      ? {
          status: response.status,
          headers: response.headers,
          body: decodeText(row.response),
          bodyBytes: response.bodyBytes,
          bodyTruncated: response.bodyTruncated,
          remoteAddress: response.remoteAddress,
          timings: timings ?? {},
        }
      : null,
  }
}
