import Type, { type Static } from 'typebox'
import { timeText } from '../core/summary.ts'
import type { TeamTable } from '../storage/schema.ts'
import { notFound } from './errors.ts'
import { checkAllowed, teamsOf } from './permit.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

const description = Type.String({ maxLength: 500 })
const Team = Type.Object({
  name: Type.String(),
  description: Type.String(),
  actor: Type.String(),
  createdAt: schema.Time,
})
const byName = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) }, schema.strict)

const answer = (row: TeamTable): Static<typeof Team> => ({
  name: row.name,
  description: row.description,
  actor: row.actor,
  createdAt: timeText(row.created_at),
})

export function teamRoutes({ storage, now }: Services): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/teams',
      access: { permission: 'team.read' },
      tag: 'People',
      summary: 'Teams: your own, or all of them for whoever may see the whole organization',
      status: 200,
      answer: Type.Object({ items: Type.Array(Team) }),
      async handler({ viewer }) {
        const rows = await storage.query('listTeams', { teams: teamsOf(viewer, 'team.read') })
        return { items: rows.map(answer) }
      },
    }),
    route({
      method: 'POST',
      url: '/api/teams',
      access: { permission: 'team.create', organization: true },
      tag: 'People',
      summary: 'Make a team',
      body: Type.Object({ name: schema.TeamName, description: Type.Optional(description) }, schema.strict),
      audit: 'team.create',
      status: 201,
      answer: Team,
      handler: async ({ body, viewer }) =>
        answer(
          await storage.execute('createTeam', {
            name: body.name,
            description: body.description ?? '',
            actor: viewer.actor,
            created_at: now(),
          }),
        ),
    }),
    route({
      method: 'PATCH',
      url: '/api/teams/:name',
      access: { permission: 'team.update' },
      tag: 'People',
      summary: 'Change what is said of a team',
      params: byName,
      body: Type.Object({ description }, schema.strict),
      audit: 'team.update',
      status: 200,
      answer: Team,
      async handler({ params: { name }, body, viewer }) {
        if ((await storage.query('findTeam', { name })) === null) throw notFound('team', name)
        checkAllowed(viewer, { what: 'team', reference: name, team: name }, 'team.update')
        return answer(await storage.execute('updateTeam', { name, description: body.description }))
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/teams/:name',
      access: { permission: 'team.delete', organization: true },
      tag: 'People',
      summary: 'Delete a team that owns no endpoint and no reaction any more',
      description: 'Roles in it end. Its events and runs stay, and so its name is never given again.',
      params: byName,
      audit: 'team.delete',
      status: 204,
      answer: null,
      async handler({ params: { name } }) {
        await storage.execute('deleteTeam', { name, nowMs: now() })
      },
    }),
  ]
}
