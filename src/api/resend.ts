import Type, { type Static } from 'typebox'
import type { Event, RequestDetails } from '../core/event.ts'
import { visitorRateLimit } from '../core/endpoint.ts'
import { newEventId } from '../core/ids.ts'
import { findEvent } from './event-answer.ts'
import { invalidBody, type Mistake, Problem } from './errors.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import { createThrottle } from './sign-in.ts'

/** No line breaks, and no other control characters but the tab. */
const valuePattern = '^[^\\u0000-\\u0008\\u000a-\\u001f\\u007f]*$'

const maxBytes = 1024 * 1024

const Edit = Type.Object(
  {
    method: Type.Optional(Type.String({ pattern: '^[A-Z]{1,20}$', description: 'Upper case' })),
    query: Type.Optional(
      Type.String({
        maxLength: 8000,
        pattern: '^(?!\\?)[^#\\s\\u0000-\\u001f]*$',
        description: 'In the place of the former query: percent-encoded, without the question mark',
      }),
    ),
    body: Type.Optional(Type.String({ maxLength: maxBytes, description: 'In the place of the former body' })),
    bodyBase64: Type.Optional(
      Type.String({
        maxLength: Math.ceil(maxBytes / 3) * 4,
        pattern: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
        description: 'The same for bytes that are no text',
      }),
    ),
    contentType: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: valuePattern })),
    headers: Type.Optional(
      Type.Unsafe<Record<string, string | string[] | null>>({
        type: 'object',
        maxProperties: 100,
        propertyNames: { pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$" },
        additionalProperties: {
          anyOf: [
            { type: 'string', maxLength: 8000, pattern: valuePattern },
            {
              type: 'array',
              items: { type: 'string', maxLength: 8000, pattern: valuePattern },
              maxItems: 20,
            },
            { type: 'null' },
          ],
        },
        description: 'Laid over the former headers; null takes one away',
      }),
    ),
  },
  schema.strict,
)
type Edit = Static<typeof Edit>

export function resendRoutes(services: Services): Route[] {
  const throttle = createThrottle('visitors.throttled', visitorRateLimit.requests, 60)
  return [
    route({
      method: 'POST',
      url: '/api/events/:id/resend',
      access: { permission: 'event.send', visitors: true },
      tag: 'Events',
      summary: 'Send an event in again, edited or not',
      description:
        'Makes a new event without a cause, marked as resent. What is left out stays as it was, a body that is no text included.',
      params: schema.ById,
      body: Edit,
      audit: { nothing: 'the event is the record' },
      status: 201,
      answer: Type.Object({ id: Type.String() }),
      async handler({ params, body: edit, viewer }) {
        if (viewer.kind === 'visitor') await throttle.count(viewer.actor)
        const { value, body } = await findEvent(services, viewer, params.id, 'event.send')
        if (value.kind.type === 'signalbox')
          throw new Problem(
            'state-conflict',
            'What Signalbox tells of itself cannot be sent in again; replay it instead',
          )
        refuseSenseless(value, edit)
        const bytes = bodyOf(edit) ?? body
        refuseTooLarge(services, value, bytes.length)
        const request = value.request && resentRequest(value.request, edit, bytes.length)
        const event: Event = {
          ...value,
          id: newEventId(services.now()),
          position: 0,
          receivedAtMs: services.now(),
          actor: viewer.actor,
          cause: null,
          hops: 0,
          contentType: request === null ? (edit.contentType ?? value.contentType) : typeOf(request),
          bodyBytes: bytes.length,
          request,
        }
        const { id } = await services.accept(event, bytes)
        return { id }
      },
    }),
  ]
}

function refuseTooLarge({ configuration }: Services, { endpointId }: Event, bytes: number): void {
  const endpoint = endpointId === null ? undefined : configuration.endpoints.get(endpointId)
  if (endpoint !== undefined && bytes > endpoint.definition.maxBytes)
    throw new Problem(
      'body.too-large',
      `The endpoint takes ${endpoint.definition.maxBytes} bytes; this has ${bytes}`,
    )
}

function bodyOf({ body, bodyBase64 }: Edit): Uint8Array | null {
  if (bodyBase64 !== undefined) return Buffer.from(bodyBase64, 'base64')
  return body === undefined ? null : new TextEncoder().encode(body)
}

/** Nothing that was asked for is silently left undone. */
function refuseSenseless({ request }: Event, edit: Edit): void {
  const mistakes: Mistake[] = []
  if (edit.body !== undefined && edit.bodyBase64 !== undefined)
    mistakes.push({ path: '/bodyBase64', message: 'does not go with body; give one of them' })
  for (const name of ['method', 'query', 'headers'] as const) {
    if (request === null && edit[name] !== undefined)
      mistakes.push({ path: `/${name}`, message: 'is of a request, and this event did not come as one' })
  }
  if (mistakes.length > 0) throw invalidBody(mistakes)
}

function resentRequest(request: RequestDetails, edit: Edit, bytes: number): RequestDetails {
  const { inflated, ...rest } = request
  const headers = new Map(Object.entries(request.headers))
  // The stored body is sent as it is kept: inflated.
  if (inflated !== undefined) headers.delete('content-encoding')
  for (const [name, value] of Object.entries(edit.headers ?? {})) {
    if (value === null) headers.delete(name.toLowerCase())
    else headers.set(name.toLowerCase(), value)
  }
  if (edit.contentType !== undefined) headers.set('content-type', edit.contentType)
  if (headers.has('content-length')) headers.set('content-length', String(bytes))
  return {
    ...rest,
    method: edit.method ?? request.method,
    query: edit.query ?? request.query,
    headers: Object.fromEntries(headers),
    verified: 'resent',
    deliveryId: null,
  }
}

const typeOf = ({ headers }: RequestDetails): string | null => {
  const type = headers['content-type']
  return typeof type === 'string' ? type : null
}
