import Type, { type Static } from 'typebox'
import { kindTypes } from '../core/event.ts'
import type { EventFilter } from '../storage/queries/events.ts'
import { findEndpoint } from './endpoints.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import type { Viewer } from './viewer.ts'

const time = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }))

export const EventQuery = Type.Object(
  {
    endpoint: Type.Optional(schema.Reference),
    kind: Type.Optional(
      Type.Array(Type.String({ maxLength: 200 }), {
        maxItems: 50,
        description: 'Dotted names; each also finds what lies below it',
      }),
    ),
    kindType: Type.Optional(Type.Array(Type.Enum([...kindTypes]), { maxItems: 10 })),
    target: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 400,
        description: '`type:value`, or a value of any type; begin with a colon when the value has one',
      }),
    ),
    outcome: Type.Optional(Type.Enum(['success', 'error'])),
    since: time('Received then or later'),
    until: time('Received then or before'),
    text: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Found in the body or the path' }),
    ),
    ...schema.paging,
  },
  schema.strict,
)

/** The storage's filter for a query; visitors get no further than their own endpoints. */
export async function eventFilter(
  services: Services,
  viewer: Viewer,
  query: Static<typeof EventQuery>,
): Promise<EventFilter> {
  const { endpoint, kind, kindType, target, outcome, since, until, text } = query
  const endpointIds = await endpointsOf(services, viewer, endpoint)
  return {
    ...(endpointIds === null ? {} : { endpointIds }),
    ...(kindType === undefined ? {} : { kindTypes: kindType }),
    ...(kind === undefined ? {} : { kindNames: kind }),
    ...(target === undefined ? {} : { target: parseTarget(target) }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(since === undefined ? {} : { sinceMs: Date.parse(since) }),
    ...(until === undefined ? {} : { untilMs: Date.parse(until) }),
    ...(text === undefined ? {} : { text }),
  }
}

async function endpointsOf(
  services: Services,
  viewer: Viewer,
  reference: string | undefined,
): Promise<string[] | null> {
  if (reference === undefined) return viewer.kind === 'visitor' ? [...viewer.endpointIds] : null
  // A deleted endpoint is found no more, but its events are: by its id.
  if (viewer.kind === 'admin' && reference.startsWith('ep_')) return [reference]
  return [(await findEndpoint(services, viewer, reference)).id]
}

function parseTarget(text: string): { type?: string; value: string } {
  const colon = text.indexOf(':')
  if (colon < 0) return { value: text }
  return colon === 0 ? { value: text.slice(1) } : { type: text.slice(0, colon), value: text.slice(colon + 1) }
}
