import Type, { type Static, type TSchema } from 'typebox'
import { AuthenticationSchemes, type AuthenticationScheme, secretFields } from '../core/authentication.ts'
import { addressMistake } from '../core/address.ts'
import { answerMistakes } from '../core/custom-answer.ts'
import { buildPathIndex } from '../core/endpoint-path-index.ts'
import { parseEndpointPath } from '../core/endpoint-path.ts'
import { EndpointDefinition, mapEndpointSecrets } from '../core/endpoint.ts'
import { mask } from '../core/mask.ts'
import { Name } from '../core/reaction.ts'
import { DeliveryIdPathError, parseJsonPath } from '../ingest/value-source.ts'
import { schemes } from '../ingest/verify/schemes.ts'
import { invalidBody, type Mistake, Problem } from './errors.ts'
import { acceptMask } from './masked-schema.ts'
import { strict, TeamChoice } from './schemas.ts'
import type { Services } from './services.ts'

const { properties } = EndpointDefinition

/** What is left out of a change stays as it is: a default would overwrite it. */
function optional<S extends TSchema>(schema: S) {
  const { default: _, ...rest } = schema as S & { default?: unknown }
  return Type.Optional(Type.Unsafe<Static<S>>(rest))
}

const maskedSchemes = Type.Unsafe<AuthenticationScheme[]>(acceptMask(AuthenticationSchemes))

const ExpiresAt = Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
  description: 'From then on requests are answered 410, until it is renewed; null: never',
})

/** Undefined stays undefined: what was left out of a change. */
export function readExpiry(expiresAt: string | null | undefined, nowMs: number): number | null | undefined {
  if (expiresAt === undefined || expiresAt === null) return expiresAt
  const expiresAtMs = Date.parse(expiresAt)
  if (expiresAtMs > nowMs) return expiresAtMs
  throw invalidBody([
    { path: '/expiresAt', message: 'lies in the past; to stop the endpoint now, disable it' },
  ])
}

export const NewEndpoint = Type.Object(
  {
    ...properties,
    name: Type.Optional(Name),
    authentication: Type.Optional(Type.Unsafe<AuthenticationScheme[]>(AuthenticationSchemes)),
    maxBytes: optional(properties.maxBytes),
    expiresAt: Type.Optional(ExpiresAt),
    team: TeamChoice,
  },
  strict,
)

export const EndpointEdit = Type.Object(
  {
    name: Type.Optional(Name),
    description: optional(properties.description),
    path: optional(properties.path),
    methods: optional(properties.methods),
    authentication: Type.Optional(maskedSchemes),
    kindName: optional(properties.kindName),
    deliveryId: optional(properties.deliveryId),
    contentTypes: optional(properties.contentTypes),
    allowedAddresses: optional(properties.allowedAddresses),
    allowedOrigins: optional(properties.allowedOrigins),
    allowedRate: optional(properties.allowedRate),
    maxBytes: optional(properties.maxBytes),
    rateLimit: optional(properties.rateLimit),
    eventShape: optional(properties.eventShape),
    silentAfterMs: optional(properties.silentAfterMs),
    answer: optional(properties.answer),
    expiresAt: Type.Optional(ExpiresAt),
    state: Type.Optional(Type.Enum(['active', 'disabled'])),
    team: TeamChoice,
  },
  strict,
)

/**
 * Puts the stored secrets in the place of their dots. `stored` has its secrets opened; without it, dots are a mistake.
 */
export function withStoredSecrets(
  given: readonly AuthenticationScheme[],
  stored: readonly AuthenticationScheme[],
): AuthenticationScheme[] {
  const mistakes: Mistake[] = []
  const completed = given.map((scheme, index) => {
    const former = stored[index]
    const changed = (secretFields.get(scheme.type) ?? []).flatMap(field => {
      const secrets: unknown = Reflect.get(scheme, field)
      if (!Array.isArray(secrets)) return []
      const kept: unknown = former?.type === scheme.type ? Reflect.get(former, field) : null
      const filled = secrets.map((secret: unknown, place) => {
        if (secret !== mask) return secret
        const one: unknown = Array.isArray(kept) ? kept[place] : undefined
        if (one === undefined)
          mistakes.push({
            path: `/authentication/${index}/${field}/${place}`,
            message: `is ${mask}, but no secret is stored at this place; send the secret itself`,
          })
        return one
      })
      return [[field, filled]]
    })
    return { ...scheme, ...Object.fromEntries(changed) } as AuthenticationScheme
  })
  if (mistakes.length > 0) throw invalidBody(mistakes)
  return completed
}

/** What the schema cannot say. Throws a Problem; answers the definition with its path in the one spelling. */
export function checkEndpoint(
  services: Pick<Services, 'configuration'>,
  definition: EndpointDefinition,
  id: string | null,
): EndpointDefinition {
  const mistakes = [
    ...schemeMistakes(definition),
    ...deliveryIdMistakes(definition),
    ...addressMistakes(definition),
    ...(definition.answer === null ? [] : answerMistakes(definition.answer)).map(mistake => ({
      ...mistake,
      path: `/answer${mistake.path}`,
    })),
  ]
  const parsed = definition.path === null ? null : parseEndpointPath(definition.path)
  if (parsed !== null && !parsed.ok)
    mistakes.push({ path: '/path', message: `cannot be used. ${parsed.message}` })
  if (mistakes.length > 0) throw invalidBody(mistakes)
  if (parsed === null || !parsed.ok) return definition
  const others = [...services.configuration.endpoints.values()].filter(other => other.id !== id)
  const [conflict] = buildPathIndex(others).conflicts(parsed.path)
  if (conflict !== undefined)
    throw new Problem(
      'path-taken',
      `${conflict.message} It belongs to the endpoint ${conflict.entry.definition.name}`,
    )
  return { ...definition, path: parsed.path.text }
}

function schemeMistakes({ authentication }: EndpointDefinition): Mistake[] {
  return authentication.flatMap((scheme, index) => {
    try {
      ;(schemes[scheme.type] as (scheme: AuthenticationScheme, baseUrl: () => string) => unknown)(
        scheme,
        () => '',
      )
      return []
    } catch (error) {
      const why = error instanceof Error ? error.message : 'It cannot be read.'
      return [{ path: `/authentication/${index}`, message: `could never let anyone in. ${why}` }]
    }
  })
}

function deliveryIdMistakes({ deliveryId }: EndpointDefinition): Mistake[] {
  if (deliveryId === null || !('path' in deliveryId)) return []
  try {
    parseJsonPath(deliveryId.path)
    return []
  } catch (error) {
    if (!(error instanceof DeliveryIdPathError)) throw error
    return [{ path: '/deliveryId/path', message: `cannot be read. ${error.message}` }]
  }
}

function addressMistakes({ allowedAddresses }: EndpointDefinition): Mistake[] {
  return allowedAddresses.flatMap((entry, index) => {
    const message = addressMistake(entry)
    return message === null ? [] : [{ path: `/allowedAddresses/${index}`, message }]
  })
}

/** As it is stored: JSON with its secrets sealed. */
export const sealedEndpoint = (
  { sealer }: Pick<Services, 'sealer'>,
  definition: EndpointDefinition,
): string => JSON.stringify(mapEndpointSecrets(definition, sealer.seal))
