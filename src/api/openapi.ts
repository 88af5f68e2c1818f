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
    transformObject: document => forStrangers('openapiObject' in document ? document.openapiObject : {}),
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

type Part = Record<string, unknown>

/**
 * The document as strangers need it: what is only described by a schema stands under that schema's name, and what has a
 * default may be left out.
 */
function forStrangers<T>(part: T): T {
  if (Array.isArray(part)) return part.map(forStrangers) as T
  if (typeof part !== 'object' || part === null) return part
  if (documentedAs in part) {
    const $ref = `#/components/schemas/${String(part[documentedAs])}`
    return { $ref, ...('description' in part ? { description: part.description } : {}) } as T
  }
  const copy: Part = Object.fromEntries(
    Object.entries(part).map(([name, inner]) => [name, forStrangers(inner)]),
  )
  if (isPart(copy['properties']) && Array.isArray(copy['required']))
    leaveOutDefaults(copy, copy['properties'])
  if (isPart(copy['requestBody'])) copy['requestBody']['required'] = mustBeSent(copy['requestBody'])
  return copy as T
}

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null

function leaveOutDefaults(schema: Part, properties: Part): void {
  const required = (schema['required'] as string[]).filter(name => {
    const property = properties[name]
    return !(isPart(property) && 'default' in property)
  })
  if (required.length > 0) schema['required'] = required
  else delete schema['required']
}

/** Without a body an object of nothing is meant. */
function mustBeSent({ content }: Part): boolean {
  const media = isPart(content) ? content['application/json'] : null
  const schema = isPart(media) ? media['schema'] : null
  return !(isPart(schema) && schema['type'] === 'object' && !('required' in schema))
}
