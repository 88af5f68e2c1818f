import Type, { type Static } from 'typebox'
import { randomUUID } from 'node:crypto'
import { METHODS } from 'node:http'
import { schemeTypes, type SchemeType } from '../core/authentication.ts'
import { type Endpoint, mapEndpointSecrets, visitorRateLimit } from '../core/endpoint.ts'
import { providerOf, samples } from '../ingest/sample/index.ts'
import { samplePath } from '../ingest/sample/path.ts'
import { CannotSign, signSample, type Unsigned } from '../ingest/sample/sign.ts'
import type { Sample, SampleMoment } from '../ingest/sample/sample.ts'
import { findEndpoint } from './endpoints.ts'
import { findEvent } from './event-answer.ts'
import { invalidBody, Problem } from './errors.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { SampleRequest, Services } from './services.ts'
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
type Wish = Static<typeof Wish>

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

export function sampleRoutes(services: Services): Route[] {
  const throttle = createThrottle('visitors.throttled', visitorRateLimit.requests, 60)
  return [
    route({
      method: 'GET',
      url: '/api/endpoints/:reference/samples',
      access: 'visitor',
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
        return {
          provider: providerOf(definition.authentication),
          providers: schemeTypes.map(provider => ({ provider, kinds: kindsOf(provider) })),
        }
      },
    }),
    route({
      method: 'POST',
      url: '/api/endpoints/:reference/samples',
      access: 'visitor',
      tag: 'Endpoints',
      summary: 'Test an endpoint with a sample',
      description:
        "A request as the provider sends it, signed with the endpoint's secret, goes the way of every request. " +
        'Its event is a real one, marked: `request.verified` begins with `sample;`. Reactions fire on it.',
      params: schema.byReference,
      body: Wish,
      status: 201,
      answer: Answer,
      async handler({ params, body: wish, viewer }) {
        if (viewer.kind === 'visitor') await throttle.count(viewer.actor)
        const endpoint = await findEndpoint(services, viewer, params.reference)
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

const kindsOf = (provider: SchemeType): string[] => samples[provider].map(({ kind }) => kind)

function sampleOf(provider: SchemeType, kind: string | undefined): Sample {
  const sample = samples[provider].find(one => kind === undefined || one.kind === kind)
  if (sample) return sample
  const message = `is none of the samples of ${provider}; there are ${kindsOf(provider).join(', ')}`
  throw invalidBody([{ path: '/kind', message }])
}

function signedRequest(
  services: Services,
  endpoint: Endpoint,
  sample: Sample,
  { path: chosen }: Wish,
): SampleRequest {
  const { definition } = endpoint
  const path = chosen ?? samplePath(endpoint.path)
  if (path === null)
    throw invalidBody([{ path: '/path', message: `is needed: a path that ${endpoint.path} takes` }])
  const moment: SampleMoment = { id: randomUUID(), atMs: services.now() }
  const { authentication } = mapEndpointSecrets(definition, services.sealer.open)
  const signing = { atMs: moment.atMs, baseUrl: services.baseUrl() }
  try {
    const { query, headers, body } = signSample(authentication, unsigned(path, sample, moment), signing)
    const url = query === '' ? path : `${path}?${query}`
    return {
      method: methodOf(definition.methods),
      url,
      headers,
      body,
      sender: senderOf(definition.allowedAddresses),
    }
  } catch (error) {
    if (!(error instanceof CannotSign)) throw error
    throw new Problem('state-conflict', `A sample cannot be signed for this endpoint. ${error.message}`)
  }
}

/** The first that HTTP knows: what it does not know, no server reads. */
function methodOf(methods: readonly string[]): string {
  const named = methods.filter(one => one !== 'ANY')
  const method = named.length === 0 ? 'POST' : named.find(one => METHODS.includes(one))
  if (method !== undefined) return method
  throw new Problem(
    'state-conflict',
    `A sample cannot be sent to this endpoint: HTTP has no method ${named.join(' or ')}`,
  )
}

function unsigned(path: string, { headers, body }: Sample, moment: SampleMoment): Unsigned {
  const content = body(moment)
  const isForm = content instanceof URLSearchParams
  return {
    path,
    query: '',
    headers: {
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      ...headers?.(moment),
    },
    body: isForm ? content.toString() : JSON.stringify(content, null, 2),
  }
}

/** From an address that the endpoint takes: a sample tests what the provider sends, not where this process runs. */
const senderOf = ([allowed]: readonly string[]): string => allowed?.replace(/\/\d+$/, '') ?? '127.0.0.1'

type Became = Pick<Static<typeof Answer>, 'verified' | 'event' | 'verdicts'>

async function becameOf(services: Services, viewer: Viewer, eventId: string | null): Promise<Became> {
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
