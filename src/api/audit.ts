import { Readable } from 'node:stream'
import Type, { type Static } from 'typebox'
import { auditKeptIn, auditOutcomes } from '../core/audit.ts'
import type { AuditFilter } from '../storage/queries/audit.ts'
import type { AuditTable } from '../storage/schema.ts'
import { AuditRow, inShort, whole, WholeAuditRow } from './audit-answer.ts'
import { exportFormats, written } from './audit-export.ts'
import { notFound } from './errors.ts'
import type { Member } from './member.ts'
import { decodePosition, encodeCursor } from './paging.ts'
import { checkAllowed, narrowedTo, teamsOf } from './permit.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

const short = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }))
const time = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }))

const narrowing = {
  actor: short('Who asked, as the trail names them'),
  action: short('A dotted name: `reaction.update`, or `reaction` for all that is done to reactions'),
  kind: short('Of what was changed: `endpoint`, `reaction`, …'),
  subject: short('The id or the name of what was changed'),
  team: short('The team that it belongs to'),
  outcome: Type.Optional(Type.Enum([...auditOutcomes])),
  since: time('Then or later'),
  until: time('Then or before'),
  text: short('In any case, in names, ids, addresses, programs, and in what was before and after'),
}
const AuditQuery = Type.Object({ ...narrowing, ...schema.paging }, schema.strict)
const ExportQuery = Type.Object(
  { ...narrowing, format: Type.Enum([...exportFormats], { default: 'jsonl' }) },
  schema.strict,
)

/** Of a team's things, its administrators see what was done to them; the rest is for those of the organization. */
function filterOf(
  { since, until, ...same }: Omit<Static<typeof ExportQuery>, 'format'>,
  viewer: Member,
): AuditFilter {
  return {
    ...same,
    ...narrowedTo(teamsOf(viewer, 'audit.read')),
    ...(since === undefined ? {} : { sinceMs: Date.parse(since) }),
    ...(until === undefined ? {} : { untilMs: Date.parse(until) }),
  }
}

const Kept = Type.Object(
  {
    keepDays: schema.nullable(
      Type.Integer({ minimum: 1, maximum: 36_500, description: 'How long rows are kept; null: for ever' }),
    ),
  },
  schema.strict,
)

/** One read of the store while an export is under way. */
const exportPage = 500

/** Who changed what: the rows that every change leaves, for people to read and for others to keep. */
export function auditRoutes({ storage }: Services): Route[] {
  async function* all(filter: AuditFilter): AsyncGenerator<WholeAuditRow[]> {
    for (let before: number | null = null; ; ) {
      const rows: AuditTable[] = await storage.query('listAudit', { filter, before, limit: exportPage })
      yield rows.map(whole)
      const last = rows.at(-1)
      if (last === undefined || rows.length < exportPage) return
      before = last.position
    }
  }
  const kept = async (): Promise<Static<typeof Kept>> => {
    const stored = await storage.read('installation', { key: auditKeptIn })
    return stored === null ? { keepDays: null } : (JSON.parse(stored) as Static<typeof Kept>)
  }

  return [
    route({
      method: 'GET',
      url: '/api/audit',
      access: { permission: 'audit.read' },
      tag: 'Audit',
      summary: 'The audit trail, newest first',
      description:
        'Every change that somebody asked for, and what they were refused. Rows are never changed.',
      query: AuditQuery,
      status: 200,
      answer: schema.page(AuditRow),
      async handler({ query: { cursor, limit, ...given }, viewer }) {
        const before = decodePosition(cursor)
        const filter = filterOf(given, viewer)
        const rows = await storage.query('listAudit', { filter, before, limit: limit + 1 })
        const page = rows.slice(0, limit)
        const last = page.at(-1)
        const next = rows.length > limit && last ? encodeCursor(last.position) : null
        return { items: page.map(inShort), next }
      },
    }),
    route({
      method: 'GET',
      url: '/api/audit/export',
      access: { permission: 'audit.read' },
      tag: 'Audit',
      summary: 'The audit trail as a file',
      description:
        'All rows that fit, newest first, with what was before and after: one JSON document a line, or CSV (RFC 4180) ' +
        'in which no cell begins as a formula does.',
      query: ExportQuery,
      status: 200,
      answer: Type.Unsafe<Readable>({ type: 'string' }),
      produces: ['application/x-ndjson', 'text/csv'],
      async handler({ query: { format, ...given }, viewer, reply }) {
        const { type, lines } = written[format]
        reply.type(type)
        reply.header('content-disposition', `attachment; filename="audit.${format}"`)
        return Readable.from(lines(all(filterOf(given, viewer))))
      },
    }),
    route({
      method: 'GET',
      url: '/api/audit/retention',
      access: { permission: 'setting.read', organization: true },
      tag: 'Audit',
      summary: 'How long the audit trail is kept',
      status: 200,
      answer: Kept,
      handler: kept,
    }),
    route({
      method: 'PUT',
      url: '/api/audit/retention',
      access: { permission: 'setting.update', organization: true },
      tag: 'Audit',
      summary: 'Say how long the audit trail is kept',
      description:
        'For ever, unless this is set. What is older leaves day by day, and a row tells of each time.',
      body: Kept,
      audit: 'audit.update-retention',
      status: 200,
      answer: Kept,
      async handler({ body }) {
        await storage.execute('setInstallation', { key: auditKeptIn, value: JSON.stringify(body) })
        return body
      },
    }),
    route({
      method: 'GET',
      url: '/api/audit/:id',
      access: { permission: 'audit.read' },
      tag: 'Audit',
      summary: 'One row of the audit trail, with what was before and after',
      params: schema.ById,
      status: 200,
      answer: WholeAuditRow,
      async handler({ params: { id }, viewer }) {
        const stored = await storage.query('findAudit', { id })
        const what = 'row of the audit trail'
        if (stored === null) throw notFound(what, id)
        checkAllowed(viewer, { what, reference: id, team: stored.team }, 'audit.read')
        return whole(stored)
      },
    }),
  ]
}
