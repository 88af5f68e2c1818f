import { auditKeptIn } from '../../core/audit.ts'
import { mapEndpointSecrets } from '../../core/endpoint.ts'
import { mask } from '../../core/mask.ts'
import { mapReactionSecrets } from '../../core/reaction.ts'
import { timeText, timeTextOrNull } from '../../core/summary.ts'
import { latestVersion } from '../commands/reactions.ts'
import type { Transaction } from '../hot.ts'
import { toEndpoint, toReaction } from '../rows.ts'
import type { Database, JobTable } from '../schema.ts'

/** How something stands, as the trail shows it: as the API does, without what only happens to it. */
export interface Description {
  name: string
  team: string | null
  shown: object | null
}

type Describe = (trx: Transaction, id: string) => Promise<Description | null>

/** Null: it is not there. */
export const describe = (trx: Transaction, kind: SubjectKind, id: string): Promise<Description | null> =>
  id === '' ? Promise.resolve(null) : describers[kind](trx, id)

export type SubjectKind = keyof typeof describers

/** Only what is named here is ever shown: a column that comes later has to be let in. */
const describers = {
  endpoint: async (trx, id) => {
    const row = await byId(trx, 'endpoint', id)
    if (row === null) return null
    const endpoint = toEndpoint(row)
    const { definition, formerToken } = endpoint
    const shown = {
      ...mapEndpointSecrets(definition, () => mask),
      path: row.path,
      chosenPath: definition.path !== null,
      state: row.state,
      team: row.team,
      formerTokenEndsAt: timeTextOrNull(formerToken?.endsAtMs ?? null),
      expiresAt: timeTextOrNull(row.expires_at),
    }
    return { name: row.name ?? '', team: row.team, shown: present(row.state, shown) }
  },
  reaction: async (trx, id) => {
    const row = await latestVersion(trx, id)
    if (row === undefined) return null
    const { version, state, stateReason, team, definition } = toReaction(row)
    const masked = mapReactionSecrets(definition, () => mask)
    const shown = { version, state, stateReason, team, definition: masked }
    return { name: definition.name, team, shown: present(state, shown) }
  },
  run: async (trx, id) => {
    const row = await byId(trx, 'run', id)
    if (row === null) return null
    const shown = {
      state: row.state,
      label: row.label,
      reactionId: row.reaction_id,
      eventId: row.event_id,
      tries: row.tries,
      dueAt: timeTextOrNull(row.due_at),
      deadlineAt: timeText(row.deadline_at),
    }
    return { name: '', team: row.team, shown }
  },
  event: async (trx, id) => {
    const row = await byId(trx, 'event', id)
    return row && { name: row.kind_name, team: row.team, shown: null }
  },
  share: async (trx, id) => {
    const row = await byId(trx, 'share', id)
    if (row === null) return null
    const shown = {
      eventId: row.event_id,
      redact: JSON.parse(row.redact),
      expiresAt: timeText(row.expires_at),
      revokedAt: timeTextOrNull(row.revoked_at),
      revokedBy: row.revoked_by,
    }
    return { name: '', team: row.team, shown }
  },
  session: async ({ db }, tokenHash) => {
    const row = await db
      .selectFrom('session')
      .selectAll()
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst()
    if (!row) return null
    const shown = { actor: row.actor, since: timeText(row.created_at), endsAt: timeText(row.expires_at) }
    return { name: row.actor, team: null, shown }
  },
  setting: async ({ db }, key) => {
    if (!shownSettings.has(key)) return { name: key, team: null, shown: null }
    const row = await db.selectFrom('installation').select('value').where('key', '=', key).executeTakeFirst()
    const isSet = row !== undefined && row.value !== ''
    return { name: key, team: null, shown: isSet ? (JSON.parse(row.value) as object) : null }
  },
  job: async (trx, id) => {
    const row = await byId(trx, 'job', id)
    return row && { name: row.kind, team: row.team, shown: jobShown(row) }
  },
  listener: async (trx, id) => {
    const row = await byId(trx, 'listener', id)
    if (row === null) return null
    const shown = { endpointId: row.endpoint_id, target: row.target, settings: JSON.parse(row.settings) }
    return { name: row.target, team: row.team, shown }
  },
  view: async (trx, id) => {
    const row = await byId(trx, 'saved_view', id)
    if (row === null) return null
    const { list, name, team } = row
    const shown = { list, name, filters: JSON.parse(row.filters), pinned: row.pinned === 1, team }
    return { name, team, shown }
  },
  team: async ({ db }, name) => {
    const row = await db.selectFrom('team').selectAll().where('name', '=', name).executeTakeFirst()
    if (!row) return null
    const state = row.deleted_at === null ? 'active' : 'deleted'
    return { name, team: name, shown: present(state, { name, description: row.description }) }
  },
  user: async (trx, id) => {
    const row = await byId(trx, 'user_account', id)
    if (row === null) return null
    const { email, name, state, password, updated_at: updatedAtMs } = row
    const shown = { email, name, state, hasPassword: password !== null, updatedAt: timeText(updatedAtMs) }
    return { name: email, team: null, shown }
  },
  invitation: async (trx, tokenHash) => {
    const row = await trx.db
      .selectFrom('invitation')
      .selectAll()
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst()
    if (!row) return null
    const user = await byId(trx, 'user_account', row.user_id)
    const shown = { userId: row.user_id, by: row.actor, expiresAt: timeText(row.expires_at) }
    return { name: user?.email ?? '', team: null, shown }
  },
  role: async (trx, id) => {
    const row = await byId(trx, 'role_assignment', id)
    if (row === null) return null
    const { user_id: userId, role, permission, team } = row
    const user = await byId(trx, 'user_account', userId)
    const shown = { userId, email: user?.email ?? null, role, permission, team }
    return { name: user?.email ?? '', team, shown }
  },
  key: async (trx, id) => {
    const row = await byId(trx, 'api_key', id)
    if (row === null) return null
    const shown = {
      name: row.name,
      userId: row.user_id,
      scope: JSON.parse(row.scope),
      expiresAt: timeTextOrNull(row.expires_at),
      revokedAt: timeTextOrNull(row.revoked_at),
      revokedBy: row.revoked_by,
    }
    return { name: row.name, team: null, shown }
  },
  secret: async (trx, id) => {
    const row = await byId(trx, 'secret', id)
    if (row === null) return null
    const { name, team, description } = row
    const hosts = JSON.parse(row.hosts)
    return { name, team, shown: { name, team, description, hosts, updatedAt: timeText(row.updated_at) } }
  },
  source: async (trx, id) => {
    const row = await byId(trx, 'source', id)
    if (row === null) return null
    const { name, product, url, team } = row
    return { name, team, shown: { name, product, url, team } }
  },
} satisfies Record<string, Describe>

/** Settings that are kept in the store, hold no secret, and are JSON. */
const shownSettings: ReadonlySet<string> = new Set(['practice', 'retention', auditKeptIn])

/** What is deleted stays in its table, and is gone for whoever reads the trail. */
const present = (state: string, shown: object): object | null => (state === 'deleted' ? null : shown)

const jobShown = (row: JobTable) => ({
  kind: row.kind,
  state: row.state,
  label: row.label,
  filter: JSON.parse(row.filter) as object,
  reactionId: row.reaction_id,
  perSecond: row.per_second,
  made: row.made,
  examined: row.examined,
})

type TableWithId = {
  [T in keyof Database]: Database[T] extends { id: string } ? T : never
}[keyof Database]

async function byId<T extends TableWithId>(
  { db }: Transaction,
  table: T,
  id: string,
): Promise<Database[T] | null> {
  const found = await db.selectFrom<TableWithId>(table).selectAll().where('id', '=', id).executeTakeFirst()
  return (found as Database[T] | undefined) ?? null
}
