import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { createRefuseUnrouted, type RefuseUnrouted } from './allowed-methods.ts'
import { answerProblem, toProblem } from './answer-error.ts'
import { askerOf, type Auditor, createAuditor } from './audited.ts'
import { Problem } from './errors.ts'
import { apiHeaders, refuseForeignOrigin, refuseHost } from './guard.ts'
import { createIdempotency, type Idempotency } from './idempotency.ts'
import { type Links, linksOf } from './links.ts'
import { describe, docsPath, registerDocs } from './openapi.ts'
import { admit } from './permit.ts'
import { keepRawBody } from './raw-body.ts'
import type { Access, Audit, Route } from './route.ts'
import { createRoutes } from './routes.ts'
import { Problem as ProblemSchema, ref, sharedSchemas } from './schemas.ts'
import type { Services } from './services.ts'
import { createValidators } from './validate.ts'
import { createIdentify, type Viewer } from './viewer.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    audit?: Audit
    /** Probes and scrapers come by address: for them any Host will do. */
    anyHost?: boolean
  }
}

/**
 * Mounts the native API: /api/…, and /healthz, /readyz, /metrics for operators. Answers how to refuse what no route of
 * it takes.
 */
export async function registerApi(fastify: FastifyInstance, services: Services): Promise<RefuseUnrouted> {
  const routes = createRoutes(services)
  const idempotency = createIdempotency(services)
  const auditor = createAuditor(services)
  const refuseUnrouted = createRefuseUnrouted(routes)
  const isOfApi = ({ url }: Route) => url.startsWith('/api/')
  await fastify.register(async described => {
    await describe(described, services.config.basePath)
    await described.register(
      async scope => {
        prepare(scope, services, auditor, refuseUnrouted)
        scope.setNotFoundHandler({ preHandler: guardHost(services) }, (request, reply) => {
          throw refuseUnrouted(request, reply)
        })
        await registerDocs(scope, services.config.basePath)
        for (const route of routes.filter(isOfApi))
          mount(scope, route, '/api', { idempotency, auditor }, linksOf(route, routes, operationId))
      },
      { prefix: '/api' },
    )
    await described.register(async scope => {
      prepare(scope, services, auditor, refuseUnrouted)
      for (const route of routes.filter(route => !isOfApi(route)))
        mount(scope, route, '', { idempotency, auditor }, {})
    })
  })
  return refuseUnrouted
}

const viewers = new WeakMap<FastifyRequest, Viewer>()
const viewerOf = (request: FastifyRequest): Viewer => viewers.get(request) ?? { kind: 'nobody' }

/** What holds for every route in a scope: headers, who may pass, how bodies are read, how errors are answered. */
function prepare(
  scope: FastifyInstance,
  services: Services,
  auditor: Auditor,
  refuseUnrouted: RefuseUnrouted,
): void {
  const identify = createIdentify(services)
  for (const schema of sharedSchemas) scope.addSchema(schema)
  scope.setValidatorCompiler(createValidators(sharedSchemas))
  // The schemas of answers describe them; making a serialiser of each would slow the start and drop what they omit.
  scope.setSerializerCompiler(() => JSON.stringify)
  readJson(scope)

  scope.addHook('onRoute', requireAccess)
  scope.addHook('onRequest', async (request, reply) => {
    services.trial.observe(request.headers)
    reply.headers(apiHeaders)
    const { access, audit, anyHost } = request.routeOptions.config
    if (access === undefined) return
    const unknown = anyHost ? null : refuseHost(services, request.headers)
    if (unknown) throw unknown
    const viewer = await identify(request)
    viewers.set(request, viewer)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const foreign = refuseForeignOrigin(services, request.headers, viewer)
      if (foreign) throw foreign
    }
    try {
      admit(access, viewer)
    } catch (error) {
      if (audit && viewer.kind !== 'nobody') await auditor.refused(audit, request, askerOf(viewer), error)
      throw error
    }
  })
  // Without a body an object of nothing is meant: what is missing in it is then told by name.
  scope.addHook('preValidation', async request => {
    if (request.body === undefined && request.routeOptions.schema?.body !== undefined) request.body = {}
  })
  scope.setErrorHandler((error, request, reply) => {
    // A body that cannot be read does not matter where nothing is.
    const isUnrouted = request.is404 && !(error instanceof Problem)
    const problem = isUnrouted ? refuseUnrouted(request, reply) : toProblem(error)
    if (problem === null || problem.code === 'storage.failed') services.onError(error)
    return answerProblem(reply, problem ?? new Problem('internal', 'Something failed that should not have'))
  })
}

const guardHost = (services: Services) => async (request: FastifyRequest) => {
  const unknown = refuseHost(services, request.headers)
  if (unknown) throw unknown
}

function requireAccess(options: RouteOptions): void {
  // The pages of the description come with their own routes.
  if (options.url.startsWith(docsPath)) options.config = { ...options.config, access: 'public' }
  if (options.config?.access === undefined)
    throw new Error(`The route ${String(options.method)} ${options.url} has no access rule`)
}

const isForVisitors = (access: Access): boolean => typeof access === 'object' && access.visitors === true

/** JSON and nothing else. Keys such as `__proto__` are plain data: JSON.parse makes own properties of them. */
function readJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') return done(null, undefined)
    keepRawBody(request, String(text))
    try {
      done(null, JSON.parse(String(text)))
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      done(new Problem('request.malformed', `The body is not JSON: ${why}`))
    }
  })
}

const only: Audit = { nothing: 'it only reads' }

function mount(
  scope: FastifyInstance,
  route: Route,
  prefix: string,
  { idempotency, auditor }: { idempotency: Idempotency; auditor: Auditor },
  links: Links,
): void {
  const { method, url, access, audit = only, status, answer, produces, params, query, body } = route
  const problem = ref(ProblemSchema)
  scope.route({
    method,
    url: url.slice(prefix.length),
    config: { access, audit, anyHost: prefix === '' },
    links: { [status]: links },
    schema: {
      summary: route.summary,
      ...(route.description === undefined ? {} : { description: route.description }),
      tags: [route.tag],
      operationId: operationId(route),
      security:
        access === 'public'
          ? []
          : [{ token: [] }, { session: [] }, ...(isForVisitors(access) ? [{ view: [] }] : [])],
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(body && { body }),
      response: {
        [status]:
          answer === null
            ? { type: 'null', description: 'Done' }
            : produces === undefined
              ? answer
              : { content: Object.fromEntries(produces.map(type => [type, { schema: answer }])) },
        '4xx': { description: 'Refused', content: { 'application/problem+json': { schema: problem } } },
        '5xx': { description: 'Failed', content: { 'application/problem+json': { schema: problem } } },
      },
    },
    async handler(request, reply) {
      const viewer = viewerOf(request)
      const handle = () =>
        route.handler({
          params: request.params,
          query: request.query,
          body: request.body ?? {},
          viewer,
          request,
          reply: reply.code(status),
        })
      const perform = async () => ({
        status,
        body: await auditor.handle(audit, request, askerOf(viewer), handle),
      })
      const repeatable = method === 'POST' && access !== 'public' && viewer.kind !== 'nobody'
      const done = repeatable ? await idempotency.once(request, viewer.actor, perform) : await perform()
      if (reply.statusCode < 400) reply.code(done.status)
      return reply.send(done.body)
    },
  })
}

/** `POST /api/events/:id/replay` → `postEventsReplay`: a name for clients that are made from the description. */
const operationId = ({ method, url }: Route): string =>
  method.toLowerCase() +
  url
    .replace(/^\/api/, '')
    .split(/[/-]/)
    .map(
      part =>
        (part.startsWith(':') ? 'By' : '') +
        part.replace(/^:/, '').replace(/^./, first => first.toUpperCase()),
    )
    .join('')
