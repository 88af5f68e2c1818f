import Type, { type Static } from 'typebox'
import { secretNames } from '../act/secrets.ts'
import { newId } from '../core/ids.ts'
import { normalHost, type Secret, SecretChange, SecretDefinition } from '../core/secret.ts'
import { timeText, timeTextOrNull } from '../core/summary.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import { toSecret } from '../storage/rows.ts'
import type { SecretTable } from '../storage/schema.ts'
import { invalidBody, notFound, Problem } from './errors.ts'
import type { Member } from './member.ts'
import { maySee, requireAllowed } from './permit.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import { chooseTeam } from './team-choice.ts'

const OfTeam = Type.Object(
  {
    team: Type.Optional(
      Type.String({ maxLength: 40, description: 'The team whose secret is meant by the name' }),
    ),
  },
  schema.strict,
)
const NewSecret = Type.Object({ ...SecretDefinition.properties, team: schema.TeamChoice }, schema.strict)

const SecretAnswer = Type.Object({
  id: Type.String(),
  name: Type.String(),
  team: schema.nullable(Type.String({ description: 'null: of the whole organization' })),
  hosts: Type.Array(Type.String()),
  description: Type.String(),
  usedBy: Type.Array(Type.Object({ id: Type.String(), name: Type.String() }), {
    description: 'The reactions whose templates name it',
  }),
  changedBy: Type.String(),
  createdAt: schema.Time,
  updatedAt: schema.Time,
  lastUsedAt: schema.nullable(schema.Time),
})

/** Named secrets. What was set is never answered again: only that it is there, and who names it. */
export function secretRoutes(services: Services): Route[] {
  const { storage, sealer, configuration, now } = services
  /** By id, or by a name that only one has of those that this viewer may see. */
  const find = async (viewer: Member, reference: string, team?: string): Promise<Secret> => {
    const rows = await storage.query('findSecrets', { reference })
    const [secret, ...others] = rows
      .map(toSecret)
      .filter(one => isVisible(viewer, one) && (team === undefined || one.team === team))
    if (secret === undefined) throw notFound('secret', reference)
    if (others.length > 0)
      throw new Problem(
        'query.invalid',
        `There is a secret ${reference} of ${[secret, ...others].map(one => one.team ?? 'the whole organization').join(', ')}: say which by its team, or by its id`,
      )
    return secret
  }
  const shown = (viewer: Member, rows: readonly SecretTable[]) => {
    const secrets = rows.map(toSecret).filter(secret => isVisible(viewer, secret))
    const users = usersOf(configuration, secrets)
    return secrets.map(secret =>
      answer(
        secret,
        (users.get(secret.id) ?? []).filter(one => maySee(viewer, 'reaction.read', one.team)),
      ),
    )
  }
  const shownOne = (viewer: Member, row: SecretTable): Static<typeof SecretAnswer> => {
    const [one] = shown(viewer, [row])
    if (one === undefined) throw notFound('secret', row.id)
    return one
  }
  return [
    route({
      method: 'GET',
      url: '/api/secrets',
      access: { permission: 'secret.read' },
      tag: 'Secrets',
      summary: 'Secrets by name, without their values',
      status: 200,
      answer: Type.Object({ items: Type.Array(SecretAnswer) }),
      handler: async ({ viewer }) => ({ items: shown(viewer, await storage.query('listSecrets', null)) }),
    }),
    route({
      method: 'POST',
      url: '/api/secrets',
      access: { permission: 'secret.create' },
      tag: 'Secrets',
      summary: 'Keep a secret for templates to name',
      description: 'Templates take it as `{{secret "NAME"}}`. Its value is never answered.',
      body: NewSecret,
      audit: 'secret.create',
      status: 201,
      answer: SecretAnswer,
      async handler({ body, viewer }) {
        const row = await storage.execute('createSecret', {
          id: newId('sec'),
          name: body.name,
          team: await chooseTeam(services, viewer, 'secret.create', body.team),
          value_sealed: sealer.seal(body.value),
          hosts: JSON.stringify(normalHosts(body.hosts)),
          description: body.description,
          actor: viewer.actor,
          created_at: now(),
        })
        return shownOne(viewer, row)
      },
    }),
    route({
      method: 'GET',
      url: '/api/secrets/:reference',
      access: { permission: 'secret.read' },
      tag: 'Secrets',
      summary: 'One secret, without its value',
      params: schema.byReference,
      query: OfTeam,
      status: 200,
      answer: SecretAnswer,
      async handler({ params, query, viewer }) {
        const { id } = await find(viewer, params.reference, query.team)
        const [row] = await storage.query('findSecrets', { reference: id })
        if (row === undefined) throw notFound('secret', params.reference)
        return shownOne(viewer, row)
      },
    }),
    route({
      method: 'PATCH',
      url: '/api/secrets/:reference',
      access: { permission: 'secret.update' },
      tag: 'Secrets',
      summary: 'Change a secret',
      description:
        'What is left out stays. Attempts from then on take the new value, also those of runs that wait.',
      params: schema.byReference,
      query: OfTeam,
      body: SecretChange,
      audit: 'secret.update',
      status: 200,
      answer: SecretAnswer,
      async handler({ params, query, body, viewer }) {
        const { id, team } = await find(viewer, params.reference, query.team)
        requireAllowed(viewer, 'secret.update', team)
        const row = await storage.execute('updateSecret', {
          id,
          atMs: now(),
          set: {
            actor: viewer.actor,
            ...(body.value === undefined ? {} : { value_sealed: sealer.seal(body.value) }),
            ...(body.hosts === undefined ? {} : { hosts: JSON.stringify(normalHosts(body.hosts)) }),
            ...(body.description === undefined ? {} : { description: body.description }),
          },
        })
        return shownOne(viewer, row)
      },
    }),
    route({
      method: 'DELETE',
      url: '/api/secrets/:reference',
      access: { permission: 'secret.delete' },
      tag: 'Secrets',
      summary: 'Delete a secret',
      description:
        'One that a reaction names is kept, unless `force` says otherwise: the runs of that reaction would fail.',
      params: schema.byReference,
      query: Type.Object({ ...OfTeam.properties, force: Type.Boolean({ default: false }) }, schema.strict),
      audit: 'secret.delete',
      status: 204,
      answer: null,
      async handler({ params, query: { force, team }, viewer }) {
        const secret = await find(viewer, params.reference, team)
        requireAllowed(viewer, 'secret.delete', secret.team)
        const users = usersOf(configuration, [secret]).get(secret.id) ?? []
        if (users.length > 0 && !force)
          throw new Problem(
            'secret.in-use',
            `${secret.name} is named by ${namesOf(viewer, users)}, whose runs would fail without it`,
          )
        await storage.execute('deleteSecret', { id: secret.id, atMs: now() })
      },
    }),
  ]
}

type User = { id: string; name: string; team: string | null }

/** A secret of the whole organization is there for every team; only who uses it may be hidden. */
const isVisible = (viewer: Member, { team }: Secret): boolean =>
  team === null || maySee(viewer, 'secret.read', team)

function namesOf(viewer: Member, users: readonly User[]): string {
  const seen = users.filter(({ team }) => maySee(viewer, 'reaction.read', team)).map(({ name }) => name)
  const hidden = users.length - seen.length
  return [...seen, ...(hidden === 0 ? [] : [`${hidden} of other teams`])].join(', ')
}

const answer = (secret: Secret, usedBy: readonly User[]): Static<typeof SecretAnswer> => ({
  id: secret.id,
  name: secret.name,
  team: secret.team,
  hosts: secret.hosts,
  description: secret.description,
  usedBy: usedBy.map(({ id, name }) => ({ id, name })),
  changedBy: secret.actor,
  createdAt: timeText(secret.createdAtMs),
  updatedAt: timeText(secret.updatedAtMs),
  lastUsedAt: timeTextOrNull(secret.lastUsedAtMs),
})

/** Reactions by the id of the secret that they name: one of their own team, or of the whole organization. */
function usersOf({ reactions }: Configuration, secrets: readonly Secret[]): ReadonlyMap<string, User[]> {
  const users = new Map<string, User[]>()
  for (const { id, team, definition } of reactions.values()) {
    const names = new Set(secretNames(definition))
    for (const secret of secrets)
      if (names.has(secret.name) && (secret.team === null || secret.team === team))
        users.set(secret.id, [...(users.get(secret.id) ?? []), { id, name: definition.name, team }])
  }
  return users
}

function normalHosts(given: readonly string[]): string[] {
  const normal = given.map(normalHost)
  const mistakes = normal.flatMap((host, at) =>
    host === null
      ? [
          {
            path: `/hosts/${at}`,
            message:
              'is no host: write a name or an address without scheme, port or path, such as api.example.com or *.example.com',
          },
        ]
      : [],
  )
  if (mistakes.length > 0) throw invalidBody(mistakes)
  return [...new Set(normal.filter(host => host !== null))]
}
