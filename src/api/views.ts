import Type, { type Static } from 'typebox'
import { newId } from '../core/ids.ts'
import type { Permission } from '../core/permission.ts'
import { isRange, rangeMeaning } from '../core/range.ts'
import { timeText } from '../core/summary.ts'
import { viewLists } from '../core/view.ts'
import { compileWhere } from '../core/where.ts'
import type { SavedViewTable } from '../storage/schema.ts'
import { invalidBody, notFound } from './errors.ts'
import { EventQuery } from './event-filter.ts'
import { checkAllowed, teamsOf } from './permit.ts'
import { type Route, route } from './route.ts'
import { RunQuery } from './runs.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import { chooseTeam, movedTo } from './team-choice.ts'
import type { Member } from './member.ts'

/** What a list is narrowed by, but for its pages; the time is a span, so that `1h` is always the last hour. */
const narrowing = (query: { properties: object }) =>
  Object.fromEntries(
    Object.entries(query.properties).filter(
      ([name]) => !['cursor', 'limit', 'searchMs', 'since', 'until'].includes(name),
    ),
  )
const range = Type.Optional(Type.String({ maxLength: 100, description: rangeMeaning }))

const shared = {
  name: Type.String({
    minLength: 1,
    maxLength: 60,
    pattern: '^[^\\s\\p{C}](?:[^\\p{C}]*[^\\s\\p{C}])?$',
    description: 'Free text without control characters, its own within the list',
  }),
  pinned: Type.Boolean({ default: false, description: 'Whether it stands in the navigation' }),
  team: schema.TeamChoice,
}
const variants = [
  Type.Object(
    {
      list: Type.Literal('events'),
      ...shared,
      filters: Type.Object({ ...narrowing(EventQuery), range }, schema.strict),
    },
    schema.strict,
  ),
  Type.Object(
    {
      list: Type.Literal('runs'),
      ...shared,
      filters: Type.Object(
        {
          ...narrowing(RunQuery),
          range,
          timeline: Type.Optional(Type.Boolean({ description: 'Along the time' })),
        },
        schema.strict,
      ),
    },
    schema.strict,
  ),
] as const

interface Given {
  list: (typeof viewLists)[number]
  name: string
  pinned: boolean
  team?: string | null
  filters: Record<string, unknown>
}

const Given = Type.Unsafe<Given>({
  type: 'object',
  required: ['list'],
  discriminator: { propertyName: 'list' },
  oneOf: variants,
})

const View = Type.Object({
  id: Type.String(),
  list: Type.Enum([...viewLists]),
  name: Type.String(),
  pinned: Type.Boolean(),
  filters: Type.Unsafe<Record<string, unknown>>({
    type: 'object',
    additionalProperties: true,
    description: 'As they were given: those of the list of events or runs, with `range` for the time',
  }),
  team: schema.nullable(Type.String()),
  actor: Type.String(),
  createdAt: schema.Time,
  updatedAt: schema.Time,
})

const answer = (row: SavedViewTable): Static<typeof View> => ({
  id: row.id,
  list: row.list as Given['list'],
  name: row.name,
  pinned: row.pinned === 1,
  filters: JSON.parse(row.filters) as Record<string, unknown>,
  team: row.team,
  actor: row.actor,
  createdAt: timeText(row.created_at),
  updatedAt: timeText(row.updated_at),
})

function checked({ name, pinned, filters }: Given) {
  const { range: span, where } = filters
  if (typeof span === 'string' && !isRange(span))
    throw invalidBody([{ path: '/filters/range', message: `must be ${rangeMeaning}` }])
  const compiled = typeof where === 'string' ? compileWhere(where) : null
  if (compiled?.ok === false) {
    const { message, line, column } = compiled
    throw invalidBody([{ path: '/filters/where', message: `does not compile: ${message}`, line, column }])
  }
  return { name, filters: JSON.stringify(filters), pinned: pinned ? 1 : 0 }
}

export function viewRoutes(services: Services): Route[] {
  const { storage, now } = services
  const findView = async (viewer: Member, id: string, permission: Permission) => {
    const row = await storage.query('findView', { id })
    if (row === null) throw notFound('view', id)
    checkAllowed(viewer, { what: 'view', reference: id, team: row.team }, permission)
    return row
  }
  return [
    route({
      method: 'GET',
      url: '/api/views',
      access: { permission: 'view.read' },
      tag: 'Views',
      summary: 'Views that were saved, by name',
      query: Type.Object({ list: Type.Optional(Type.Enum([...viewLists])) }, schema.strict),
      status: 200,
      answer: Type.Object({ items: Type.Array(View) }),
      async handler({ query: { list = null }, viewer }) {
        const teams = teamsOf(viewer, 'view.read')
        return { items: (await storage.query('listViews', { list, teams })).map(answer) }
      },
    }),
    route({
      method: 'POST',
      url: '/api/views',
      access: { permission: 'view.create' },
      tag: 'Views',
      summary: 'Save a view',
      description: 'Everybody who may see views of its team sees it.',
      body: Given,
      audit: 'view.create',
      status: 201,
      answer: View,
      async handler({ body, viewer }) {
        const atMs = now()
        const row = await storage.execute('createView', {
          id: newId('view'),
          list: body.list,
          ...checked(body),
          team: await chooseTeam(services, viewer, 'view.create', body.team),
          actor: viewer.actor,
          created_at: atMs,
          updated_at: atMs,
        })
        return answer(row)
      },
    }),
    route({
      method: 'PUT',
      url: '/api/views/:id',
      access: { permission: 'view.update' },
      tag: 'Views',
      summary: 'Change a view: its name, its filters, whether it is pinned',
      description: 'It stays in its list.',
      params: schema.ById,
      body: Given,
      audit: 'view.update',
      status: 200,
      answer: View,
      async handler({ params: { id }, body, viewer }) {
        const row = await findView(viewer, id, 'view.update')
        if (row.list !== body.list)
          throw invalidBody([{ path: '/list', message: `must be "${row.list}": a view stays in its list` }])
        const team = await movedTo(services, viewer, 'view.create', row.team, body.team)
        return answer(
          await storage.execute('updateView', { id, set: { ...checked(body), team }, nowMs: now() }),
        )
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/views/:id',
      access: { permission: 'view.delete' },
      tag: 'Views',
      summary: 'Delete a view',
      params: schema.ById,
      audit: 'view.delete',
      status: 204,
      answer: null,
      async handler({ params: { id }, viewer }) {
        await findView(viewer, id, 'view.delete')
        await storage.execute('deleteView', { id, nowMs: now() })
      },
    }),
  ]
}
