import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import { answerProblem, toProblem } from './answer-error.ts'
import { Problem } from './errors.ts'
import { refuseForeignOrigin, refuseHost } from './guard.ts'
import type { Services } from './services.ts'
import { createIdentify, type Viewer } from './viewer.ts'

type Watcher = Exclude<Viewer, { kind: 'nobody' }>

/**
 * Who may watch the feed. A WebSocket is opened across origins without asking, cookies and all, so its origin is
 * checked as that of a write. Throws a Problem for a foreign one; null is nobody.
 */
export function createFeedAccess(
  services: Services,
): (request: { headers: IncomingHttpHeaders }) => Promise<Watcher | null> {
  const identify = createIdentify(services)
  return async ({ headers }) => {
    const viewer = await identify({ headers })
    const refused = refuseHost(services, headers) ?? refuseForeignOrigin(services, headers, viewer)
    if (refused) throw refused
    return viewer.kind === 'nobody' ? null : viewer
  }
}

export const answerFeedError = (
  error: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply =>
  answerProblem(reply, toProblem(error) ?? new Problem('internal', 'The feed could not be opened'))
