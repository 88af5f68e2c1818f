import Type, { type Static, type TSchema } from 'typebox'
import { AuthenticationScheme as CoreAuthenticationScheme } from '../core/authentication.ts'
import { CustomAnswer as CoreCustomAnswer } from '../core/custom-answer.ts'
import { endpointStates, RateLimit } from '../core/endpoint.ts'
import { kindTypes } from '../core/event.ts'
import { ReactionDefinition as CoreReactionDefinition, reactionStates } from '../core/reaction.ts'
import { jobKinds, jobStates } from '../core/job.ts'
import { ListenerSettings } from '../core/listener-settings.ts'
import { runStates } from '../core/run.ts'
import { type EventShapeName, eventShapes } from '../core/template/event-shape.ts'
import { shownMasked } from './masked-schema.ts'

/** What goes out. Requests have their schemas beside their routes. */

export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
export const Time = Type.String({ format: 'date-time', description: 'RFC 3339, UTC, with milliseconds' })
export const strict = { additionalProperties: false }

export const Kind = Type.Object({ type: Type.Enum([...kindTypes]), name: Type.String() })
export const Target = Type.Object({ type: Type.String(), value: Type.String() })
const Headers = Type.Array(Type.Array(Type.String()), { description: 'Pairs of name and value' })

/** A schema that stands under its own name in the description of the API. */
const named = <S extends TSchema>($id: string, schema: S): S => Object.assign(schema, { $id, title: $id })
/** Points to a named one; the types stay. */
export const ref = <S extends TSchema>(schema: S) =>
  Type.Unsafe<Static<S>>({ $ref: `${'$id' in schema ? String(schema.$id) : ''}#` })

export const documentedAs = 'x-documented-as'
/**
 * What was given by a user goes out as it was given: no schema may drop or refuse a part of it on the way, not even
 * one that knows it. In the description of the API it stands under its name all the same.
 */
const asGiven = <S extends TSchema>(schema: S, description: string) =>
  Type.Unsafe<Static<S>>({
    type: 'object',
    additionalProperties: true,
    description,
    ...('$id' in schema ? { [documentedAs]: schema.$id } : {}),
  })

const teamNamePattern = '^[a-z][a-z0-9-]{0,39}$'
export const TeamName = Type.String({
  pattern: teamNamePattern,
  description: 'Lower-case letters, digits and dashes; it never changes',
})
/** Of what is made or changed: who owns it. */
export const TeamChoice = Type.Optional(
  nullable(
    Type.String({
      pattern: teamNamePattern,
      description:
        'The team that owns it; null: the organization as a whole. Left out where it is made, it is the organization, ' +
        'for whoever may make it there, else the only team where you may',
    }),
  ),
)

export const ReactionDefinition = named('ReactionDefinition', { ...CoreReactionDefinition })
export const NewReaction = named(
  'NewReaction',
  Type.Object({ ...CoreReactionDefinition.properties, team: TeamChoice }, strict),
)
export const ReactionDefinitionGiven = asGiven(ReactionDefinition, 'Its signing secrets shown as •••')
const CustomAnswer = named('CustomAnswer', { ...CoreCustomAnswer })
const AuthenticationScheme = named('AuthenticationScheme', shownMasked(CoreAuthenticationScheme))

const eventSummary = {
  id: Type.String(),
  time: Time,
  kind: Kind,
  targets: Type.Array(Target),
  error: nullable(Type.String()),
  endpointId: nullable(Type.String()),
  method: nullable(Type.String()),
  path: nullable(Type.String()),
  sender: nullable(Type.String()),
  contentType: nullable(Type.String()),
  bodyBytes: Type.Integer(),
  preview: Type.String({ description: 'The first 2 KiB as text; control characters are replaced' }),
  hops: Type.Integer({ description: 'Runs between it and the outside' }),
  cause: nullable(Type.Object({ runId: Type.String(), eventId: Type.String() })),
}
export const EventSummary = named('EventSummary', Type.Object(eventSummary))

export const RunSummary = named(
  'RunSummary',
  Type.Object({
    id: Type.String(),
    eventId: Type.String(),
    reactionId: Type.String(),
    reactionName: Type.String(),
    reactionVersion: Type.Integer(),
    replay: Type.Boolean(),
    state: Type.Enum([...runStates]),
    label: Type.String({ description: 'One line on how it stands' }),
    attempts: Type.Integer(),
    dueAt: nullable(Time),
    createdAt: Time,
    endedAt: nullable(Time),
    deadlineAt: Time,
    lane: Type.String({ description: 'Runs of one lane share a limit and a breaker' }),
  }),
)

export const Event = named(
  'Event',
  Type.Object({
    ...eventSummary,
    owner: Type.Object({ type: Type.String(), name: Type.String() }),
    actor: Type.String(),
    team: nullable(Type.String()),
    request: nullable(
      Type.Object({
        method: Type.String(),
        path: Type.String(),
        query: Type.String(),
        headers: Type.Unsafe<Record<string, string | string[]>>({
          type: 'object',
          additionalProperties: true,
        }),
        params: Type.Unsafe<Record<string, string>>({ type: 'object', additionalProperties: true }),
        sender: Type.String(),
        verified: Type.String({ description: 'How the sender proved who it is' }),
        deliveryId: nullable(Type.String()),
        inflated: Type.Optional(
          Type.Object(
            { encoding: Type.String(), bytes: Type.Integer() },
            { description: 'It came compressed, in so many bytes; the body is what they inflate to' },
          ),
        ),
      }),
    ),
    body: Type.Object({
      contentType: nullable(Type.String()),
      bytes: Type.Integer(),
      text: nullable(Type.String({ description: 'Null when it is binary, or larger than 256 KiB' })),
      truncated: Type.Boolean(),
      parts: nullable(
        Type.Array(
          Type.Object({
            name: nullable(Type.String()),
            filename: nullable(Type.String()),
            contentType: nullable(Type.String()),
            bytes: Type.Integer(),
            text: nullable(Type.String({ description: 'Null when it is binary, or larger than 16 KiB' })),
          }),
          { description: 'The parts of a multipart body, at most 1,000; null when it is none' },
        ),
      ),
    }),
    runs: Type.Array(ref(RunSummary)),
  }),
)

const listener = {
  id: Type.String(),
  endpointId: Type.String(),
  target: Type.String({ description: 'Where it forwards to, as it reaches it' }),
  settings: asGiven(ListenerSettings, 'What it takes, and what it tries again'),
  createdBy: Type.String(),
  createdAt: Time,
  seenAt: Time,
}
export const Listener = named('Listener', Type.Object(listener))
export const OpenListener = named(
  'OpenListener',
  Type.Object({
    ...listener,
    session: Type.String({ description: 'Whoever opens it next gets another one, and this one ends' }),
  }),
)

const counted = Type.Object({
  reason: Type.String(),
  count: Type.Integer(),
  lastAt: Time,
  sender: Type.String(),
  detail: Type.String(),
})

export const Endpoint = named(
  'Endpoint',
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    description: Type.String(),
    state: Type.Enum([...endpointStates, 'expired'], {
      description: 'Expired: its time has ended, and it takes nothing until it is renewed',
    }),
    path: Type.String(),
    url: Type.String(),
    dataUrl: Type.String(),
    methods: Type.Array(Type.String()),
    authentication: Type.Array(asGiven(AuthenticationScheme, 'Each secret shown as •••')),
    kindName: nullable(Type.String({ description: 'Null: as the provider calls it' })),
    deliveryId: Type.Unsafe<{ header: string } | { path: string } | null>({
      description: 'Where senders put the id that makes resending harmless',
    }),
    contentTypes: Type.Array(Type.String()),
    allowedAddresses: Type.Array(Type.String(), { description: 'Of senders; empty: all' }),
    allowedOrigins: Type.Array(Type.String(), { description: 'Granted a CloudEvents OPTIONS request' }),
    allowedRate: nullable(Type.Integer({ description: 'A minute, told to them; null: any' })),
    maxBytes: Type.Integer(),
    rateLimit: nullable(RateLimit),
    eventShape: Type.Unsafe<EventShapeName | null>({ enum: [...eventShapes, null] }),
    silentAfterMs: nullable(Type.Integer({ description: 'An alarm after so long; null: none' })),
    answer: nullable(asGiven(CustomAnswer, 'What a sender is answered once the event is stored')),
    formerToken: nullable(
      Type.Object(
        {
          token: nullable(Type.String({ description: 'Null once it has ended' })),
          endsAt: Time,
          ended: Type.Boolean(),
          uses: Type.Integer({ description: 'Since the rotation' }),
          lastUsedAt: nullable(Time),
          lastUsedBy: nullable(Type.String()),
        },
        { description: 'The send token before the last rotation' },
      ),
    ),
    token: nullable(Type.String({ description: 'Its send token; null when the key that sealed it is lost' })),
    curl: Type.String({ description: 'A line that works when pasted' }),
    team: nullable(Type.String()),
    createdBy: Type.String(),
    createdAt: Time,
    updatedAt: Time,
    expiresAt: nullable(Time),
    lastEventAt: nullable(Time),
    eventsPerMinute: Type.Number({ description: 'Over the last five minutes' }),
    rejections: Type.Array(counted, { description: 'What was turned away, by reason' }),
    answerFailures: nullable(counted),
    handshakes: Type.Array(counted, { description: 'What was answered and is no event, by name' }),
    chosenPath: Type.Boolean(),
    visitor: Type.Boolean(),
  }),
)
export type EndpointAnswer = Static<typeof Endpoint>

export const Verdict = named(
  'Verdict',
  Type.Object({
    reactionId: Type.String(),
    reactionName: Type.String(),
    version: Type.Integer(),
    fires: Type.Boolean(),
    held: Type.Boolean(),
    code: nullable(Type.String({ description: 'Stable; null when it fires' })),
    reason: nullable(Type.String()),
    runId: nullable(Type.String()),
  }),
)

const mistake = Type.Object({
  path: Type.String({ description: 'JSON pointer' }),
  message: Type.String(),
  line: Type.Optional(Type.Integer()),
  column: Type.Optional(Type.Integer()),
})

export const Problem = named(
  'Problem',
  Type.Object({
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable; the table of codes is docs/errors.md' }),
    detail: Type.String(),
    errors: Type.Optional(Type.Array(mistake)),
  }),
)

export const Mistakes = Type.Array(mistake)

export const RenderedRequest = named(
  'RenderedRequest',
  Type.Object({
    method: Type.String(),
    url: Type.String(),
    headers: Headers,
    body: Type.String(),
    bodyBytes: Type.Integer(),
  }),
)

export const Run = named(
  'Run',
  Type.Object({
    ...RunSummary.properties,
    event: nullable(ref(EventSummary)),
    attemptList: Type.Array(
      Type.Object({
        number: Type.Integer(),
        startedAt: Time,
        endedAt: Time,
        durationMs: Type.Integer(),
        outcome: Type.Enum(['succeeded', 'failed', 'lost']),
        errorCode: nullable(Type.String()),
        message: Type.String(),
        request: nullable(ref(RenderedRequest)),
        response: nullable(
          Type.Object({
            status: Type.Integer(),
            headers: Headers,
            body: Type.String(),
            bodyBytes: Type.Integer(),
            bodyTruncated: Type.Boolean(),
            remoteAddress: nullable(Type.String()),
            timings: Type.Unsafe<Record<string, number>>({
              type: 'object',
              additionalProperties: { type: 'number' },
            }),
          }),
        ),
      }),
    ),
  }),
)

export const Reaction = named(
  'Reaction',
  Type.Object({
    id: Type.String(),
    version: Type.Integer(),
    state: Type.Enum([...reactionStates]),
    stateReason: Type.String({ description: 'Why, when Signalbox itself disabled it' }),
    definition: ReactionDefinitionGiven,
    endpointName: nullable(Type.String()),
    team: nullable(Type.String()),
    createdBy: Type.String(),
    createdAt: Time,
    updatedAt: Time,
    recent: Type.Array(Type.Object({ state: Type.Enum([...runStates]), createdAt: Time }), {
      description: 'Its last 20 runs, newest first',
    }),
  }),
)

export const Job = named(
  'Job',
  Type.Object({
    id: Type.String(),
    kind: Type.Enum([...jobKinds]),
    state: Type.Enum([...jobStates]),
    match: Type.Unsafe<Record<string, unknown>>({
      type: 'object',
      additionalProperties: true,
      description: 'Which events or runs it is about',
    }),
    reactionId: nullable(Type.String({ description: 'The only one that a replay puts events before' })),
    perSecond: Type.Integer({ description: 'How many events or runs it takes a second, at most' }),
    total: nullable(
      Type.Integer({ description: 'How many there were at its beginning; null: too many to count' }),
    ),
    examined: Type.Integer({ description: 'How many events or runs it has come to' }),
    made: Type.Integer({ description: 'Runs that it has made, or opened again' }),
    label: Type.String({ description: 'What it waits for, or why it was stopped' }),
    createdBy: Type.String(),
    createdAt: Time,
    endedAt: nullable(Time),
  }),
)

export const sharedSchemas: readonly TSchema[] = [
  AuthenticationScheme,
  CustomAnswer,
  ReactionDefinition,
  NewReaction,
  Reaction,
  EventSummary,
  Listener,
  OpenListener,
  RunSummary,
  Event,
  Endpoint,
  Verdict,
  RenderedRequest,
  Run,
  Job,
  Problem,
]

export const page = <S extends TSchema>(item: S) =>
  Type.Object({
    items: Type.Array(item),
    next: nullable(Type.String({ description: 'Cursor of the next page' })),
  })

export const countedPage = <S extends TSchema>(item: S) =>
  Type.Object({
    ...page(item).properties,
    total: Type.Integer({ description: 'How many there are on all pages together' }),
  })

export const searchOf = (others: string) =>
  Type.String({
    maxLength: 200,
    default: '',
    description: `Only those in which every word is found, in any case: in name, id, ${others}. Names that begin so come first`,
  })
export const onlyIds = Type.Optional(
  Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
    maxItems: 100,
    description: 'Only these; one that there is not is left out',
  }),
)

export const paging = {
  cursor: Type.Optional(Type.String({ maxLength: 500, description: '`next` of the former page' })),
  limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
}

export const Reference = Type.String({ minLength: 1, maxLength: 100, description: 'Id or name' })
export const byReference = Type.Object({ reference: Reference }, strict)
export const ByPart = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 100 }),
    index: Type.Integer({ minimum: 0, maximum: 999, description: 'Which part, the first is 0' }),
  },
  strict,
)
export const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) }, strict)
