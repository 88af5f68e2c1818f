import Type, { type Static } from 'typebox'
import { AuthenticationSchemes, mapSecrets } from './authentication.ts'
import { Name } from './reaction.ts'

export const endpointStates = ['active', 'disabled', 'deleted'] as const
export type EndpointState = (typeof endpointStates)[number]

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
  /** Of a visitor's endpoint: the key that lets this visitor, and nobody else, look at it. */
  viewKeyHash: string | null
  team: string | null
  actor: string
  configVersion: number
  createdAtMs: number
  updatedAtMs: number
  /** A visitor's endpoint ends by itself. */
  expiresAtMs: number | null
}

export function mapEndpointSecrets(
  definition: EndpointDefinition,
  change: (secret: string) => string,
): EndpointDefinition {
  return { ...definition, authentication: mapSecrets(definition.authentication, change) }
}
