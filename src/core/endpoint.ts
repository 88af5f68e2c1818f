import Type, { type Static } from 'typebox'
import { AuthenticationSchemes, mapSecrets } from './authentication.ts'
import { CustomAnswer } from './custom-answer.ts'
import { Name } from './reaction.ts'
import { type EventShapeName, eventShapes } from './template/event-shape.ts'

export const endpointStates = ['active', 'disabled', 'deleted'] as const
export type EndpointState = (typeof endpointStates)[number]

export const RateLimit = Type.Object(
  {
    requests: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      description: 'How many are taken in each second or minute',
    }),
    per: Type.Enum(['second', 'minute'], { default: 'second' }),
    burst: Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      default: 0,
      description: 'How many more are taken in any ten of them',
    }),
  },
  { additionalProperties: false, title: 'Rate limit' },
)
export type RateLimit = Static<typeof RateLimit>

/** Of endpoints that visitors make. */
export const visitorRateLimit: RateLimit = { requests: 60, per: 'minute', burst: 0 }

/** In a union Ajv fills in no defaults, and refuses a schema that has some there. */
const orNull = (schema: typeof RateLimit | typeof CustomAnswer) => ({ ...schema, type: ['object', 'null'] })

/** What its owner chooses. */
export const EndpointDefinition = Type.Object(
  {
    name: Name,
    description: Type.String({ maxLength: 2000, default: '' }),
    path: Type.Union([Type.String({ maxLength: 512 }), Type.Null()], {
      default: null,
      description:
        'Under /hooks/ or /triggers/, in URLPattern syntax; null for a generated one that cannot be guessed',
    }),
    methods: Type.Array(Type.String({ pattern: '^[A-Z]{1,20}$' }), {
      minItems: 1,
      maxItems: 20,
      default: ['POST'],
      description: 'Upper case; `ANY` takes all of them',
    }),
    authentication: Type.Unsafe<Static<typeof AuthenticationSchemes>>({
      ...AuthenticationSchemes,
      default: [],
    }),
    kindName: Type.Union(
      [Type.String({ maxLength: 200, pattern: '^[a-z0-9_-]+(\\.[a-z0-9_-]+)*$' }), Type.Null()],
      {
        default: null,
        description:
          'Kind of the events that come in here; null: as the provider calls it, such as `github.push`, else `webhook.received`',
      },
    ),
    deliveryId: Type.Union(
      [
        Type.Object(
          { header: Type.String({ minLength: 1, maxLength: 200 }) },
          { additionalProperties: false, title: 'A header' },
        ),
        Type.Object(
          { path: Type.String({ minLength: 1, maxLength: 200 }) },
          { additionalProperties: false, title: 'A value in the JSON body' },
        ),
        Type.Null(),
      ],
      { default: null, description: 'Makes resending harmless: the same id is kept once' },
    ),
    contentTypes: Type.Array(Type.String({ maxLength: 200 }), {
      maxItems: 20,
      default: [],
      description: 'Media types that are taken, others get a 415; empty takes all',
    }),
    allowedOrigins: Type.Array(Type.String({ minLength: 1, maxLength: 200, pattern: '^[!-~]+$' }), {
      maxItems: 50,
      default: [],
      description:
        'Senders that may ask by OPTIONS whether they may send (CloudEvents WebHook-Request-Origin); `*` for all; empty grants none',
    }),
    allowedRate: Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()], {
      default: null,
      description: 'Requests a minute that such a sender is told it may send; null: as many as it likes',
    }),
    allowedAddresses: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      maxItems: 200,
      default: [],
      description:
        'Addresses and CIDRs of the senders that are taken, others get a 403; `loopback`, `private` and `link-local` stand for their ranges; empty takes all',
    }),
    maxBytes: Type.Integer({ minimum: 1, maximum: 32 * 1024 * 1024, default: 1024 * 1024 }),
    rateLimit: Type.Unsafe<RateLimit | null>({
      ...orNull(RateLimit),
      default: null,
      description: 'Whatever comes above it is answered 429; null takes all',
    }),
    eventShape: Type.Unsafe<EventShapeName | null>({
      enum: [...eventShapes, null],
      default: null,
      description:
        'What comes in is an event of that product, and becomes it: its kind, targets, owner, error and team; what is no such event, and with null everything, is an event of its own',
    }),
    silentAfterMs: Type.Union([Type.Integer({ minimum: 1000, maximum: 31 * 86_400_000 }), Type.Null()], {
      default: null,
      description: 'An alarm when nothing has come in for so long; null: none',
    }),
    answer: Type.Unsafe<CustomAnswer | null>({
      ...orNull(CustomAnswer),
      default: null,
      description: 'What a sender is answered once the event is stored; null: 202 and the id of the event',
    }),
  },
  { additionalProperties: false, title: 'Endpoint' },
)
export type EndpointDefinition = Static<typeof EndpointDefinition>

/** A URL with a token that receives requests from outside. */
export interface Endpoint {
  id: string
  definition: EndpointDefinition
  /** The path at which it is reached: the chosen one, or the generated one. */
  path: string
  state: EndpointState
  /** Its send token finds it at POST /data; kept as a hash to look it up, and sealed to show it again. */
  tokenHash: string
  tokenSealed: string
  /** The send token before the last rotation. It is taken until it ends, so that senders can be changed meanwhile. */
  formerToken: FormerToken | null
  /** Of a visitor's endpoint: the key that lets this visitor, and nobody else, look at it. */
  viewKeyHash: string | null
  team: string | null
  actor: string
  configVersion: number
  createdAtMs: number
  updatedAtMs: number
  /** From then on nothing is taken; a visitor's endpoint is then deleted, any other can be renewed. */
  expiresAtMs: number | null
}

export interface FormerToken {
  hash: string
  sealed: string
  endsAtMs: number
}

export const hasExpired = ({ expiresAtMs }: Pick<Endpoint, 'expiresAtMs'>, nowMs: number): boolean =>
  expiresAtMs !== null && expiresAtMs <= nowMs

export function mapEndpointSecrets(
  definition: EndpointDefinition,
  change: (secret: string) => string,
): EndpointDefinition {
  return { ...definition, authentication: mapSecrets(definition.authentication, change) }
}
