import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import type { Teams } from '../core/permission.ts'
import type { Viewer as Watching } from '../live/viewer.ts'
import { answerProblem, toProblem } from './answer-error.ts'
import { Problem } from './errors.ts'
import { refuseForeignOrigin, refuseHost } from './guard.ts'
import { teamsOf } from './permit.ts'
import type { Services } from './services.ts'
import type { Member } from './member.ts'
import { createIdentify } from './viewer.ts'

/**
 * Who may watch the feed. A WebSocket is opened across origins without asking, cookies and all, so its origin is
 * checked as that of a write. Throws a Problem for a foreign one; null is nobody.
 */
export function createFeedAccess(
  services: Services,
): (request: { headers: IncomingHttpHeaders }) => Promise<Watching | null> {
  const identify = createIdentify(services)
  return async ({ headers }) => {
    const viewer = await identify({ headers })
    const refused = refuseHost(services, headers) ?? refuseForeignOrigin(services, headers, viewer)
    if (refused) throw refused
    if (viewer.kind === 'nobody') return null
    return viewer.kind === 'visitor' ? viewer : { kind: 'member', sees: seenBy(viewer) }
  }
}

const seenBy = (member: Member) => ({
  events: teamsOf(member, 'event.read'),
  runs: teamsOf(member, 'run.read'),
  configuration: eitherOf(teamsOf(member, 'endpoint.read'), teamsOf(member, 'reaction.read')),
})

const eitherOf = (one: Teams, other: Teams): Teams =>
  one === 'all' || other === 'all' ? 'all' : [...new Set([...one, ...other])].sort()

export const answerFeedError = (
  error: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply =>
  answerProblem(reply, toProblem(error) ?? new Problem('internal', 'The feed could not be opened'))
