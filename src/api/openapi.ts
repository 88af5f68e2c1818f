import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { version } from '../version.ts'
import { docsPolicy } from './guard.ts'
import { tags } from './route.ts'
import { documentedAs } from './schemas.ts'

export const docsPath = '/api/docs'

/** Makes a description of every route in the scope, from the schemas that validate. */
export async function describe(scope: FastifyInstance, basePath: string): Promise<void> {
  await scope.register(swagger, {
    convertConstToEnum: false,
    stripBasePath: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Signalbox',
        version,
        description:
          'The native API. Errors are application/problem+json (RFC 9457) with stable codes, listed in docs/errors.md. ' +
          'A POST that makes or does something takes an Idempotency-Key; GET of an endpoint or a reaction gives an ' +
          'ETag for If-Match.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: basePath || '/' }],
      tags: tags.map(name => ({ name })),
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'The admin token' },
          session: { type: 'apiKey', in: 'cookie', name: 'signalbox_session' },
          view: { type: 'apiKey', in: 'cookie', name: 'signalbox_view', description: 'Of a visitor' },
        },
      },
    },
    transformObject: document => byName('openapiObject' in document ? document.openapiObject : {}),
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) =>
        typeof json['$id'] === 'string' ? json['$id'] : `def-${index}`,
    },
  })
}

/** The description, and its rendering, below /api. */
export async function registerDocs(scope: FastifyInstance, basePath: string): Promise<void> {
  scope.get(
    '/openapi.json',
    { config: { access: 'public' }, schema: { hide: true } },
    async (_request, reply) => reply.type('application/json').send(JSON.stringify(scope.swagger())),
  )
  await scope.register(swaggerUi, {
    routePrefix: docsPath.slice('/api'.length),
    indexPrefix: `${basePath}/api`,
    staticCSP: docsPolicy,
    uiConfig: { url: `${basePath}/api/openapi.json`, validatorUrl: null, deepLinking: true },
  })
}

/** Puts the name in the place of what is only described by it. */
function byName<T>(part: T): T {
  if (typeof part !== 'object' || part === null) return part
  if (documentedAs in part) {
    const $ref = `#/components/schemas/${String(part[documentedAs])}`
    return { $ref, ...('description' in part ? { description: part.description } : {}) } as T
  }
  for (const [name, inner] of Object.entries(part)) Reflect.set(part, name, byName(inner))
  return part
}
