import Type from 'typebox'
import { visitorRateLimit } from '../core/endpoint.ts'
import type { Event, RequestDetails } from '../core/event.ts'
import { newEventId } from '../core/ids.ts'
import { findEvent } from './event-answer.ts'
import { Problem } from './errors.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import { createThrottle } from './sign-in.ts'

const Body = Type.Object(
  {
    body: Type.Optional(
      Type.String({ maxLength: 1024 * 1024, description: 'In the place of the former body' }),
    ),
    contentType: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    headers: Type.Optional(
      Type.Unsafe<Record<string, string | string[] | null>>({
        type: 'object',
        maxProperties: 100,
        additionalProperties: {
          anyOf: [
            { type: 'string', maxLength: 8000 },
            { type: 'array', items: { type: 'string', maxLength: 8000 }, maxItems: 20 },
            { type: 'null' },
          ],
        },
        description: 'Laid over the former headers; null takes one away',
      }),
    ),
  },
  schema.strict,
)

export function resendRoutes(services: Services): Route[] {
  const throttle = createThrottle('visitors.throttled', visitorRateLimit.requests, 60)
  return [
    route({
      method: 'POST',
      url: '/api/events/:id/resend',
      access: 'visitor',
      tag: 'Events',
      summary: 'Send an event in again, edited or not',
      description: 'Makes a new event without a cause, marked as resent.',
      params: schema.ById,
      body: Body,
      status: 201,
      answer: Type.Object({ id: Type.String() }),
      async handler({ params, body: edit, viewer }) {
        if (viewer.kind === 'visitor') await throttle.count(viewer.actor)
        const { value, body } = await findEvent(services, viewer, params.id)
        if (value.kind.type === 'signalbox')
          throw new Problem(
            'state-conflict',
            'What Signalbox tells of itself cannot be sent in again; replay it instead',
          )
        const bytes = edit.body === undefined ? body : new TextEncoder().encode(edit.body)
        refuseTooLarge(services, value, bytes.length)
        const event: Event = {
          ...value,
          id: newEventId(services.now()),
          position: 0,
          receivedAtMs: services.now(),
          actor: viewer.actor,
          cause: null,
          hops: 0,
          contentType: edit.contentType ?? value.contentType,
          bodyBytes: bytes.length,
          request: value.request && resentRequest(value.request, edit),
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

function resentRequest(
  request: RequestDetails,
  edit: { contentType?: string; headers?: Record<string, string | string[] | null> },
): RequestDetails {
  const { inflated, ...rest } = request
  const headers = new Map(Object.entries(request.headers))
  // The stored body is sent as it is kept: inflated.
  if (inflated !== undefined) headers.delete('content-encoding')
  if (edit.contentType !== undefined) headers.set('content-type', edit.contentType)
  for (const [name, value] of Object.entries(edit.headers ?? {})) {
    if (value === null) headers.delete(name.toLowerCase())
    else headers.set(name.toLowerCase(), value)
  }
  return { ...rest, headers: Object.fromEntries(headers), verified: 'resent', deliveryId: null }
}
