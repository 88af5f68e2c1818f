import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { Event, KindType } from '../core/event.ts'
import { newEventId } from '../core/ids.ts'
import { invalidBody } from './errors.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

const kindName = Type.String({
  maxLength: 200,
  pattern: '^[a-z0-9_-]+(\\.[a-z0-9_-]+)*$',
  description: 'Dotted, in lower-case letters, digits, dashes and underscores: deployment.failed',
})
/** What Signalbox tells of itself (`signalbox`) nobody else may say. */
const sayableKinds = ['platform', 'external', 'permission', 'internal'] as const satisfies readonly KindType[]

const short = Type.String({ minLength: 1, maxLength: 200 })
const TargetGiven = Type.Object({ type: short, value: short }, schema.strict)

const NativeEvent = Type.Object(
  {
    kind: Type.Union(
      [kindName, Type.Object({ type: Type.Enum([...sayableKinds]), name: kindName }, schema.strict)],
      {
        description: 'A name alone is of the type `platform`',
      },
    ),
    targets: Type.Array(TargetGiven, {
      maxItems: 50,
      default: [],
      description: 'The first is the primary one',
    }),
    owner: Type.Optional(Type.Object({ type: short, name: short }, schema.strict)),
    error: Type.Union([Type.String({ maxLength: 10_000 }), Type.Null()], {
      default: null,
      description: 'What went wrong, when it tells of a failure',
    }),
    data: Type.Optional(Type.Unknown({ description: 'Any JSON' })),
    deliveryId: Type.Union([Type.String({ minLength: 1, maxLength: 256 }), Type.Null()], {
      default: null,
      description: 'Makes sending it twice harmless',
    }),
    time: Type.Optional(
      Type.String({ format: 'date-time', description: 'When it happened; now unless given' }),
    ),
  },
  { ...schema.strict, title: 'NativeEvent' },
)
type NativeEvent = Static<typeof NativeEvent>

const Body = Type.Unsafe<NativeEvent | NativeEvent[]>({
  description: 'One event, or up to 1000 of them',
  // Not `anyOf`: the mistakes of an event are then told as they are, and its defaults filled in.
  if: { type: 'array' },
  // oxlint-disable-next-line unicorn/no-thenable
  then: { type: 'array', items: NativeEvent, minItems: 1, maxItems: 1000 },
  else: NativeEvent,
})

/** The way in for events of the platform itself. */
export function nativeEventRoutes(services: Services): Route[] {
  const { accept, now } = services
  return [
    route({
      method: 'POST',
      url: '/api/events',
      access: 'admin',
      tag: 'Events',
      summary: 'Tell of events of your platform',
      description:
        'Answered once all of them are on disk. If it fails, send them again: a deliveryId is kept once.',
      body: Body,
      status: 202,
      answer: Type.Object({
        events: Type.Array(Type.Object({ id: Type.String(), duplicate: Type.Boolean() })),
      }),
      async handler({ body, viewer, request }) {
        const given = Array.isArray(body) ? body : [body]
        const nowMs = now()
        const made = given.map((one, index) => {
          const bytes = dataBytes(one, Array.isArray(body) ? `/${index}` : '')
          return { event: toEvent(one, bytes.length, viewer.actor, request, nowMs), bytes }
        })
        // Together, so that one commit takes all of them.
        return { events: await Promise.all(made.map(({ event, bytes }) => accept(event, bytes))) }
      },
    }),
  ]
}

function dataBytes({ data }: NativeEvent, path: string): Uint8Array {
  if (data === undefined) return new Uint8Array()
  try {
    return new TextEncoder().encode(JSON.stringify(data))
  } catch (error) {
    // Parsing goes as deep as memory does, writing only as deep as the stack.
    if (error instanceof RangeError)
      throw invalidBody([{ path: `${path}/data`, message: 'is nested too deeply' }])
    throw error
  }
}

function toEvent(
  given: NativeEvent,
  bodyBytes: number,
  actor: string,
  request: FastifyRequest,
  nowMs: number,
): Event {
  const { kind, targets, owner, error, deliveryId, time, data } = given
  const contentType = data === undefined ? null : 'application/json'
  return {
    id: newEventId(nowMs),
    position: 0,
    receivedAtMs: time === undefined ? nowMs : Math.min(Date.parse(time), nowMs),
    kind: typeof kind === 'string' ? { type: 'platform', name: kind } : kind,
    targets,
    owner: owner ?? { type: 'user', name: actor },
    error,
    team: null,
    actor,
    endpointId: null,
    cause: null,
    hops: 0,
    request: {
      method: request.method,
      path: '/api/events',
      query: '',
      headers: { 'user-agent': request.headers['user-agent'] ?? '' },
      params: {},
      sender: request.ip,
      verified: actor,
      deliveryId,
    },
    contentType,
    bodyBytes,
  }
}
