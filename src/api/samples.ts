import Type, { type Static } from 'typebox'
import { schemeTypes } from '../core/authentication.ts'
import { visitorRateLimit } from '../core/endpoint.ts'
import { findEndpoint } from './endpoints.ts'
import { findEvent } from './event-answer.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import { createThrottle } from './sign-in.ts'
import { verdictsOf } from './verdicts.ts'
import type { Viewer } from './viewer.ts'

const Wish = Type.Object(
  {
    provider: Type.Optional(
      Type.Enum([...schemeTypes], { description: "Whose sample; the endpoint's own if none is given" }),
    ),
    kind: Type.Optional(Type.String({ maxLength: 100, description: "In the provider's words: push" })),
    path: Type.Optional(
      Type.String({
        maxLength: 2000,
        pattern: '^/(?:hooks|triggers)/[!-~]*$',
        description: 'Where to, when the path of the endpoint has parts of its own form',
      }),
    ),
  },
  schema.strict,
)

const Answer = Type.Object({
  provider: Type.String(),
  kind: Type.String(),
  status: Type.Integer({ description: 'What the sender was answered' }),
  answer: Type.String({ description: 'The body of that answer, up to 16 KiB' }),
  verified: schema.nullable(
    Type.String({ description: 'How it proved its sender; null: it was turned away' }),
  ),
  told: Type.Array(Type.Object({ reason: Type.String(), detail: Type.String() }), {
    description: 'Why it was turned away, or which handshake was answered: what the owner sees',
  }),
  event: schema.nullable(Type.Object({ id: Type.String(), kind: schema.Kind })),
  verdicts: Type.Array(schema.ref(schema.Verdict), {
    description: 'Which reactions fired on it, and why others did not',
  }),
})

const longestAnswer = 16 * 1024
const longestWaitMs = 2_000
const pollMs = 20

/** The samples of a dozen providers and what signs them are loaded when somebody asks. */
const loadSamples = () => import('./sample-request.ts')

export function sampleRoutes(services: Services): Route[] {
  const throttle = createThrottle('visitors.throttled', visitorRateLimit.requests, 60)
  return [
    route({
      method: 'GET',
      url: '/api/endpoints/:reference/samples',
      access: { permission: 'endpoint.read', visitors: true },
      tag: 'Endpoints',
      summary: 'The samples that an endpoint can be tested with',
      params: schema.byReference,
      status: 200,
      answer: Type.Object({
        provider: Type.String({ description: "The endpoint's own" }),
        providers: Type.Array(Type.Object({ provider: Type.String(), kinds: Type.Array(Type.String()) })),
      }),
      async handler({ params, viewer }) {
        const { definition } = await findEndpoint(services, viewer, params.reference)
        const { kindsOf, providerOf } = await loadSamples()
        return {
          provider: providerOf(definition.authentication),
          providers: schemeTypes.map(provider => ({ provider, kinds: kindsOf(provider) })),
        }
      },
    }),
    route({
      method: 'POST',
      url: '/api/endpoints/:reference/samples',
      access: { permission: 'event.send', visitors: true },
      tag: 'Endpoints',
      summary: 'Test an endpoint with a sample',
      description:
        "A request as the provider sends it, signed with the endpoint's secret, goes the way of every request. " +
        'Its event is a real one, marked: `request.verified` begins with `sample;`. Reactions fire on it.',
      params: schema.byReference,
      body: Wish,
      audit: { nothing: 'the event is the record' },
      status: 201,
      answer: Answer,
      async handler({ params, body: wish, viewer }) {
        if (viewer.kind === 'visitor') await throttle.count(viewer.actor)
        const endpoint = await findEndpoint(services, viewer, params.reference, 'event.send')
        const { providerOf, sampleOf, signedRequest } = await loadSamples()
        const provider = wish.provider ?? providerOf(endpoint.definition.authentication)
        const sample = sampleOf(provider, wish.kind)
        const request = signedRequest(services, endpoint, sample, wish)
        const { answer, sampled } = await services.deliverSample(request, viewer.actor)
        return {
          provider,
          kind: sample.kind,
          status: answer.status,
          answer: answer.body.slice(0, longestAnswer),
          told: sampled.told,
          ...(await becameOf(services, viewer, sampled.eventId)),
        }
      },
    }),
  ]
}

type Became = Pick<Static<typeof Answer>, 'verified' | 'event' | 'verdicts'>

async function becameOf(
  services: Services,
  viewer: Exclude<Viewer, { kind: 'nobody' }>,
  eventId: string | null,
): Promise<Became> {
  if (eventId === null) return { verified: null, event: null, verdicts: [] }
  const { value } = await findEvent(services, viewer, eventId)
  const event = { id: value.id, kind: value.kind }
  const verified = value.request?.verified.replace(/^sample; /, '') ?? null
  if (viewer.kind === 'visitor') return { verified, event, verdicts: [] }
  const endMs = performance.now() + longestWaitMs
  for (;;) {
    const { state, verdicts } = await verdictsOf(services, viewer, eventId)
    if (state === 'reacted' || performance.now() > endMs) return { verified, event, verdicts }
    await new Promise(resolve => setTimeout(resolve, pollMs))
  }
}
