import Type, { type Static } from 'typebox'
import { kindTypes } from '../core/event.ts'
import type { Permission } from '../core/permission.ts'
import type { EventFilter } from '../storage/queries/event-filter.ts'
import { compileWhere } from '../core/where.ts'
import { findEndpoint } from './endpoints.ts'
import { Problem, summary } from './errors.ts'
import { narrowedTo, teamsOf } from './permit.ts'
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
      Type.String({
        minLength: 1,
        maxLength: 200,
        description:
          'In any case, in the body (also where JSON escapes it) or in what is known of the request: targets, path, ' +
          'query, headers, sender',
      }),
    ),
    where: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4000,
        description: 'A CEL expression as reactions have it: body.amount > 100',
      }),
    ),
    searchMs: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 2000,
      description: 'A search that takes longer answers what it found so far',
    }),
    ...schema.paging,
  },
  schema.strict,
)

/** The storage's filter for a query: members get no further than their teams, visitors than their own endpoints. */
export async function eventFilter(
  services: Services,
  viewer: Viewer,
  query: Static<typeof EventQuery>,
  permission: Permission = 'event.read',
): Promise<EventFilter> {
  const { endpoint, kind, kindType, target, outcome, since, until, text, where } = query
  const endpointIds = await endpointsOf(services, viewer, endpoint)
  return {
    ...(viewer.kind === 'member' ? narrowedTo(teamsOf(viewer, permission)) : {}),
    ...(endpointIds === null ? {} : { endpointIds }),
    ...(kindType === undefined ? {} : { kindTypes: kindType }),
    ...(kind === undefined ? {} : { kindNames: kind }),
    ...(target === undefined ? {} : { target: parseTarget(target) }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(since === undefined ? {} : { sinceMs: Date.parse(since) }),
    ...(until === undefined ? {} : { untilMs: Date.parse(until) }),
    ...(text === undefined ? {} : { text }),
    ...(where === undefined ? {} : { where: compiling(where) }),
  }
}

function compiling(where: string): string {
  const compiled = compileWhere(where)
  if (compiled.ok) return where
  const { message, line, column } = compiled
  const mistakes = [{ path: '/where', message: `does not compile: ${message}`, line, column }]
  throw new Problem('where.invalid', summary('The query', mistakes), { mistakes })
}

async function endpointsOf(
  services: Services,
  viewer: Viewer,
  reference: string | undefined,
): Promise<string[] | null> {
  if (reference === undefined) return viewer.kind === 'visitor' ? [...viewer.endpointIds] : null
  // A deleted endpoint is found no more, but its events are: by its id.
  if (viewer.kind === 'member' && reference.startsWith('ep_')) return [reference]
  return [(await findEndpoint(services, viewer, reference)).id]
}

function parseTarget(text: string): { type?: string; value: string } {
  const colon = text.indexOf(':')
  if (colon < 0) return { value: text }
  return colon === 0 ? { value: text.slice(1) } : { type: text.slice(0, colon), value: text.slice(colon + 1) }
}
