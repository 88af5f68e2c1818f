import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { Event, KindType } from '../core/event.ts'
import { newEventId } from '../core/ids.ts'
import type { ShapedEvent } from '../core/template/event-shape.ts'
import { readTsuru } from '../core/template/tsuru/read.ts'
import { invalidBody } from './errors.ts'
import type { Member } from './member.ts'
import { rawBody } from './raw-body.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import { chooseTeam } from './team-choice.ts'

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
    team: schema.TeamChoice,
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

const named = Type.Object({ Type: Type.String({ maxLength: 300 }), Name: Type.String({ maxLength: 300 }) })
const TsuruEvent = Type.Object(
  {
    UniqueID: Type.String({ maxLength: 300 }),
    Kind: named,
    Target: Type.Object({ Type: Type.String({ maxLength: 300 }), Value: Type.String({ maxLength: 300 }) }),
  },
  { title: 'An event of tsuru, as its webhooks send it and its API lists it' },
)
type TsuruEvent = Static<typeof TsuruEvent>
type Given = NativeEvent | TsuruEvent

const Given = Type.Unsafe<Given>({
  // Not `anyOf`: the mistakes of an event are then told as they are, and its defaults filled in.
  if: { type: 'object', required: ['UniqueID'] },
  // oxlint-disable-next-line unicorn/no-thenable
  then: TsuruEvent,
  else: NativeEvent,
})

const Body = Type.Unsafe<Given | Given[]>({
  description: 'One event, or up to 1000 of them; ours, or those of tsuru, which have a `UniqueID`',
  if: { type: 'array' },
  // oxlint-disable-next-line unicorn/no-thenable
  then: { type: 'array', items: Given, minItems: 1, maxItems: 1000 },
  else: Given,
})

/** The way in for events of the platform itself. */
export function nativeEventRoutes(services: Services): Route[] {
  const { accept, now } = services
  return [
    route({
      method: 'POST',
      url: '/api/events',
      access: { permission: 'event.send' },
      tag: 'Events',
      summary: 'Tell of events of your platform',
      description:
        'Answered once all of them are on disk. If it fails, send them again: a deliveryId is kept once.',
      body: Body,
      audit: { nothing: 'the event is the record' },
      status: 202,
      answer: Type.Object({
        events: Type.Array(Type.Object({ id: Type.String(), duplicate: Type.Boolean() })),
      }),
      async handler({ body, viewer, request }) {
        const given = Array.isArray(body) ? body : [body]
        const nowMs = now()
        const teamOf = chooseTeamOnce(services, viewer)
        const made = []
        for (const [index, one] of given.entries()) {
          const path = Array.isArray(body) ? `/${index}` : ''
          const team = await teamOf('UniqueID' in one ? undefined : one.team, `${path}/team`)
          const arrival = { actor: viewer.actor, team, request, nowMs }
          if ('UniqueID' in one) {
            made.push(fromTsuru(one, path, arrival))
            continue
          }
          const bytes = dataBytes(one.data, `${path}/data`)
          made.push({ event: toEvent(one, bytes.length, arrival), bytes })
        }
        // Together, so that one commit takes all of them.
        return { events: await Promise.all(made.map(({ event, bytes }) => accept(event, bytes))) }
      },
    }),
  ]
}

/** One question for each team that is named, however many events there are. */
function chooseTeamOnce(services: Services, viewer: Member) {
  const teams = new Map<string | null | undefined, string | null>()
  return async (given: string | null | undefined, path: string): Promise<string | null> => {
    const known = teams.get(given)
    if (known !== undefined) return known
    const team = await chooseTeam(services, viewer, 'event.send', given, path)
    teams.set(given, team)
    return team
  }
}

function dataBytes(data: unknown, path: string): Uint8Array {
  if (data === undefined) return new Uint8Array()
  try {
    return new TextEncoder().encode(JSON.stringify(data))
  } catch (error) {
    // Parsing goes as deep as memory does, writing only as deep as the stack.
    if (error instanceof RangeError) throw invalidBody([{ path, message: 'is nested too deeply' }])
    throw error
  }
}

interface Arrival {
  actor: string
  /** Whose it is; null leaves it to what tells of teams itself. */
  team: string | null
  request: FastifyRequest
  nowMs: number
}

function toEvent(given: NativeEvent, bodyBytes: number, arrival: Arrival): Event {
  const { kind, targets, owner, error, deliveryId, time, data } = given
  return arrived(arrival, bodyBytes, data === undefined ? null : 'application/json', {
    deliveryId,
    atMs: time === undefined ? null : Date.parse(time),
    kind: typeof kind === 'string' ? { type: 'platform', name: kind } : kind,
    targets,
    owner: owner ?? { type: 'user', name: arrival.actor },
    error,
    team: arrival.team,
    sharedWith: [],
  })
}

/** Kept byte by byte, so that what is sent on is what tsuru wrote; of one among others, as JSON. */
function fromTsuru(one: TsuruEvent, path: string, arrival: Arrival): { event: Event; bytes: Uint8Array } {
  const shaped = readTsuru(one)
  if (shaped === null)
    throw invalidBody([
      { path, message: 'names no kind, more than 50 targets or teams, or one that is too long' },
    ])
  const bytes = path === '' ? new TextEncoder().encode(rawBody(arrival.request)) : dataBytes(one, path)
  // Who sends for one team says nothing in the name of others.
  const teams = arrival.team === null ? {} : { team: arrival.team, sharedWith: [] }
  return { event: arrived(arrival, bytes.length, 'application/json', { ...shaped, ...teams }), bytes }
}

function arrived(
  { actor, request, nowMs }: Arrival,
  bodyBytes: number,
  contentType: string | null,
  { deliveryId, atMs, sharedWith, ...said }: Omit<ShapedEvent, 'deliveryId'> & { deliveryId: string | null },
): Event {
  return {
    ...said,
    id: newEventId(nowMs),
    position: 0,
    receivedAtMs: atMs === null ? nowMs : Math.min(atMs, nowMs),
    ...(sharedWith.length > 0 ? { sharedWith } : {}),
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
      deliveryId: deliveryId || null,
    },
    contentType,
    bodyBytes,
  }
}
