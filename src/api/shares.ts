import Type, { type Static } from 'typebox'
import { newId } from '../core/ids.ts'
import { parseRedactPath, redact, type RedactPath, withheldReasons } from '../core/redact.ts'
import { hashToken, newToken } from '../core/seal.ts'
import { timeText, timeTextOrNull } from '../core/summary.ts'
import { toEvent } from '../storage/rows.ts'
import type { ShareTable } from '../storage/schema.ts'
import { type FoundEvent, findEvent } from './event-answer.ts'
import { invalidBody, notFound, Problem } from './errors.ts'
import { decodeId, pageOf } from './paging.ts'
import { checkAllowed, teamsOf } from './permit.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
const mostOpen = 1000

const redactions = Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
  maxItems: 100,
  default: [],
  description:
    'What is masked besides what is a secret by its name: `headers.x-forwarded-for`, `query.page`, `body.card.number`, ' +
    '`body.items[0]["odd key"]`, or all of `body`',
})
const Preview = Type.Object({ redact: redactions }, schema.strict)
const NewShare = Type.Object(
  {
    redact: redactions,
    lastsMs: Type.Integer({
      minimum: minuteMs,
      maximum: 30 * dayMs,
      default: dayMs,
      description: 'How long the link opens, in milliseconds; a day unless it is given, at most 30',
    }),
  },
  schema.strict,
)

const SharedEvent = Type.Object({
  time: schema.Time,
  kind: Type.String(),
  method: schema.nullable(Type.String()),
  query: Type.String(),
  headers: Type.Unsafe<Record<string, string | string[]>>({ type: 'object', additionalProperties: true }),
  body: Type.Object({
    contentType: schema.nullable(Type.String()),
    bytes: Type.Integer(),
    text: schema.nullable(Type.String()),
    withheld: schema.nullable(Type.Enum([...withheldReasons])),
  }),
})

const share = {
  id: Type.String(),
  eventId: Type.String(),
  redact: Type.Array(Type.String()),
  actor: Type.String(),
  createdAt: schema.Time,
  expiresAt: schema.Time,
  revokedAt: schema.nullable(schema.Time),
  revokedBy: schema.nullable(Type.String()),
}
const Share = Type.Object(share)

const answer = (row: ShareTable): Static<typeof Share> => ({
  id: row.id,
  eventId: row.event_id,
  redact: JSON.parse(row.redact) as string[],
  actor: row.actor,
  createdAt: timeText(row.created_at),
  expiresAt: timeText(row.expires_at),
  revokedAt: timeTextOrNull(row.revoked_at),
  revokedBy: row.revoked_by,
})

/** Links that show one event, redacted, to whoever has them. Their tokens stand behind a #, where no server logs them. */
export function shareRoutes(services: Services): Route[] {
  const { storage, now } = services
  return [
    route({
      method: 'POST',
      url: '/api/events/:id/shares/preview',
      access: { permission: 'share.create' },
      tag: 'Shares',
      summary: 'What somebody else would see of an event, without sharing it',
      params: schema.ById,
      body: Preview,
      audit: { nothing: 'it only previews' },
      status: 200,
      answer: SharedEvent,
      async handler({ params, body, viewer }) {
        return shown(await findEvent(services, viewer, params.id, 'share.create'), pathsOf(body.redact))
      },
    }),
    route({
      method: 'POST',
      url: '/api/events/:id/shares',
      access: { permission: 'share.create' },
      tag: 'Shares',
      summary: 'Share an event by a link that expires',
      description: 'The link is told this once. Signalbox keeps a hash of what opens it.',
      params: schema.ById,
      body: NewShare,
      audit: 'share.create',
      status: 201,
      answer: Type.Object({ ...share, url: Type.String(), token: Type.String() }),
      async handler({ params, body, viewer }) {
        pathsOf(body.redact)
        const { event } = await findEvent(services, viewer, params.id, 'share.create')
        const token = newToken('share')
        const atMs = now()
        const row = await storage.execute('createShare', {
          id: newId('sh'),
          token_hash: hashToken(token),
          event_id: params.id,
          redact: JSON.stringify(body.redact),
          team: event.team,
          actor: viewer.actor,
          created_at: atMs,
          expires_at: atMs + body.lastsMs,
          limitOfOpen: mostOpen,
        })
        return { ...answer(row), token, url: `${services.baseUrl()}/shared#${token}` }
      },
    }),
    route({
      method: 'GET',
      url: '/api/shares',
      access: { permission: 'share.read' },
      tag: 'Shares',
      summary: 'What is shared, the newest first',
      query: Type.Object(
        { event: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })), ...schema.paging },
        schema.strict,
      ),
      status: 200,
      answer: schema.page(Share),
      async handler({ query: { event = null, cursor, limit }, viewer }) {
        const before = decodeId(cursor)
        const teams = teamsOf(viewer, 'share.read')
        const rows = await storage.query('listShares', { before, limit: limit + 1, eventId: event, teams })
        const page = pageOf(rows, limit, ({ id }) => id)
        return { items: page.rows.map(answer), next: page.next }
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/shares/:id',
      access: { permission: 'share.delete' },
      tag: 'Shares',
      summary: 'End a link',
      params: schema.ById,
      audit: 'share.revoke',
      status: 200,
      answer: Share,
      async handler({ params: { id }, viewer }) {
        const row = await storage.query('findShare', { id })
        if (row === null) throw notFound('share', id)
        checkAllowed(viewer, { what: 'share', reference: id, team: row.team }, 'share.delete')
        return answer(await storage.execute('revokeShare', { id, actor: viewer.actor, atMs: now() }))
      },
    }),
    route({
      method: 'POST',
      url: '/api/shared',
      access: 'public',
      tag: 'Shares',
      summary: 'The event that a link shows',
      description: 'Needs nothing but the token of the link. 256 random bits are not guessed.',
      body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }) }, schema.strict),
      audit: { nothing: 'it only reads' },
      status: 200,
      answer: Type.Object({ expiresAt: schema.Time, event: SharedEvent }),
      async handler({ body }) {
        const row = await storage.read('share', { tokenHash: hashToken(body.token) })
        if (row === null) throw notFound('share', 'of this link')
        const stored =
          row.revoked_at === null && row.expires_at > now()
            ? await storage.read('event', { id: row.event_id })
            : null
        if (stored === null) throw new Problem('share.ended', 'This link shows nothing any more')
        const paths = pathsOf(JSON.parse(row.redact) as string[])
        return {
          expiresAt: timeText(row.expires_at),
          event: shown({ ...stored, value: toEvent(stored.event) }, paths),
        }
      },
    }),
  ]
}

function shown({ value, body }: FoundEvent, paths: readonly RedactPath[]): Static<typeof SharedEvent> {
  return {
    time: timeText(value.receivedAtMs),
    kind: value.kind.name,
    ...redact(value.request, { contentType: value.contentType, bytes: body }, paths),
  }
}

function pathsOf(texts: readonly string[]): RedactPath[] {
  const mistakes = texts.flatMap((text, at) =>
    parseRedactPath(text) === null
      ? [
          {
            path: `/redact/${at}`,
            message: 'is no path: headers.name, query.name, body.key[0]["odd key"], or body',
          },
        ]
      : [],
  )
  if (mistakes.length > 0) throw invalidBody(mistakes)
  return texts.map(text => parseRedactPath(text)!)
}
