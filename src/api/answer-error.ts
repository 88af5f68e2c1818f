import type { FastifyReply } from 'fastify'
import { SealError } from '../core/seal.ts'
import { StorageError } from '../storage/port.ts'
import { Refusal } from '../storage/refusal.ts'
import { errorTable, Problem } from './errors.ts'

/** Every answer of the API that is an error leaves through here. */
export function answerProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status } = errorTable[problem.code]
  if (problem.retryAfterSeconds !== null) reply.header('retry-after', problem.retryAfterSeconds)
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="signalbox"')
  // As text: an error must be told whatever schema the route has for its success.
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify(problemDocument(problem)))
}

export function problemDocument({ code, message, mistakes }: Problem): object {
  const { status, title } = errorTable[code]
  return {
    type: `/docs/errors#${code}`,
    title,
    status,
    code,
    detail: message,
    ...(mistakes.length > 0 ? { errors: mistakes } : {}),
  }
}

/** What was thrown, as what the caller is told; `null` for a fault of ours, whose cause stays in the log. */
export function toProblem(error: unknown): Problem | null {
  if (error instanceof Problem) return error
  if (error instanceof Refusal) return new Problem(error.code, sentence(error.message))
  if (error instanceof StorageError) return fromStorage(error)
  if (error instanceof SealError)
    return new Problem('secret.unreadable', 'A secret that this needs cannot be read')
  return fromFastify(error)
}

const sentence = (text: string): string => text.replace(/\.$/, '')

/** Long enough for a group commit, a restart, a look at the disk. */
const retryAfterSeconds = {
  'storage.busy': 1,
  'storage.unavailable': 5,
  'storage.closed': 5,
  'storage.deadline': 5,
  'storage.full': 30,
}

function fromStorage(error: StorageError): Problem {
  if (error.code === 'storage.failed') return new Problem('storage.failed', error.message)
  return new Problem(error.code, error.message, { retryAfterSeconds: retryAfterSeconds[error.code] })
}

function fromFastify(error: unknown): Problem | null {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new Problem('body.too-large', 'The body is larger than 2 MiB')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || code === 'FST_ERR_CTP_INVALID_CONTENT_TYPE')
    return new Problem('body.not-json', 'Only application/json is taken here')
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : null
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Problem('request.malformed', 'The request cannot be read')
  return null
}
