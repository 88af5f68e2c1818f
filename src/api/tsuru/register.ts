import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Auditor, createAuditor } from '../audited.ts'
import { toProblem } from '../answer-error.ts'
import { errorTable, Problem } from '../errors.ts'
import { apiHeaders, refuseHost } from '../guard.ts'
import type { Services } from '../services.ts'
import { accountRoutes } from './account.ts'
import { type Caller, createFindCaller, type FindCaller } from './caller.ts'
import { eventRoutes } from './events.ts'
import { loginRoutes } from './login.ts'
import type { TsuruRoute } from './route.ts'
import { noSuchPage, TextError, unauthorized } from './text-error.ts'
import { webhookRoutes } from './webhooks.ts'

const routesOf = (services: Services): TsuruRoute[] => [
  ...webhookRoutes(services),
  ...eventRoutes(services),
  ...accountRoutes(services),
  ...loginRoutes(services),
]

const nobody: Caller = {
  actor: 'nobody',
  name: '',
  grants: [],
  keyId: null,
  allows: () => false,
  teams: () => [],
}
const noBody = Buffer.alloc(0)

/** Mounts what the `tsuru` command and its Terraform provider ask for, as tsuru answers it. */
export async function registerTsuru(fastify: FastifyInstance, services: Services): Promise<void> {
  const findCaller = createFindCaller(services)
  const auditor = createAuditor(services)
  await fastify.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.addHook('onRequest', async (request, reply) => {
      services.trial.observe(request.headers)
      reply.headers(apiHeaders)
      reply.header('supported-tsuru', '1.0.1')
      const unknown = refuseHost(services, request.headers)
      if (unknown) throw unknown
    })
    scope.setErrorHandler((error, _request, reply) => answerError(services, reply, error))
    for (const route of routesOf(services)) {
      const handler = (request: FastifyRequest, reply: FastifyReply) =>
        answer(route, { findCaller, auditor }, request, reply)
      scope.route({ method: route.method, url: `/${route.version}${route.path}`, handler })
      if (route.isBare) scope.route({ method: route.method, url: route.path, handler })
    }
    scope.all('/:version(^\\d+\\.\\d+$)/*', async () => {
      throw noSuchPage()
    })
  })
}

async function answer(
  route: TsuruRoute,
  { findCaller, auditor }: { findCaller: FindCaller; auditor: Auditor },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { authorization, 'content-type': contentType } = request.headers
  const caller = route.access === 'public' ? nobody : await findCaller(authorization)
  if (caller === null) throw unauthorized()
  const mark = request.url.indexOf('?')
  const asked = {
    params: request.params as Record<string, string>,
    query: mark === -1 ? '' : request.url.slice(mark + 1),
    contentType,
    body: Buffer.isBuffer(request.body) ? request.body : noBody,
    authorization,
    sender: request.ip,
    caller,
  }
  const handle = () => route.handler(asked)
  const asker = { actor: caller.actor, by: 'token' }
  const answered = await (route.audit ? auditor.handle(route.audit, request, asker, handle) : handle())
  reply.code(answered.status)
  if (!('json' in answered)) return reply.send()
  // As bytes: a text would get a charset into its type.
  return reply.header('content-type', 'application/json').send(Buffer.from(answered.json))
}

function answerError({ onError }: Services, reply: FastifyReply, error: unknown): FastifyReply {
  const { status, message } = error instanceof TextError ? error : fromProblem(error, onError)
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="tsuru" scope="tsuru"')
  return reply.code(status).header('content-type', 'text/plain; charset=utf-8').send(`${message}\n`)
}

function fromProblem(error: unknown, onError: (error: unknown) => void): { status: number; message: string } {
  const problem = toProblem(error)
  if (problem === null || problem.code === 'storage.failed') onError(error)
  const { code, message } = problem ?? new Problem('internal', 'Something failed that should not have')
  return { status: errorTable[code].status, message }
}
