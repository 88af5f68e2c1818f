import type { Kysely } from 'kysely'
import type { Teams } from '../../core/permission.ts'
import type {
  Database,
  EndpointTable,
  ReactionVersionTable,
  RejectionTable,
  SessionTable,
} from '../schema.ts'
import { namesOf } from './teams.ts'

export interface EndpointActivity {
  endpointId: string
  lastEventAtMs: number | null
  eventsPerMinute: number
  formerTokenUses: number
  formerTokenUsedAtMs: number | null
  formerTokenUsedBy: string | null
  rejections: RejectionTable[]
}

const rateWindowMs = 5 * 60_000
/** A busy endpoint's rate is told by so many of its events alone. */
const rateSample = 300

/** When each endpoint was last heard, how often lately, and what it turned away. */
export async function endpointActivity(
  db: Kysely<Database>,
  input: { endpointIds: string[]; nowMs: number },
): Promise<EndpointActivity[]> {
  if (input.endpointIds.length === 0) return []
  const rejections = await db
    .selectFrom('rejection')
    .selectAll()
    .where('endpoint_id', 'in', input.endpointIds)
    .orderBy('last_at', 'desc')
    .execute()
  const uses = await db
    .selectFrom('endpoint')
    .select(['id', 'former_token_uses', 'former_token_used_at', 'former_token_used_by'])
    .where('id', 'in', input.endpointIds)
    .execute()
  const usesOf = new Map(uses.map(row => [row.id, row]))
  const activity: EndpointActivity[] = []
  for (const endpointId of input.endpointIds) {
    const last = await db
      .selectFrom('event')
      .select('received_at')
      .where('endpoint_id', '=', endpointId)
      .orderBy('position', 'desc')
      .limit(rateSample)
      .execute()
    activity.push({
      endpointId,
      lastEventAtMs: last[0]?.received_at ?? null,
      eventsPerMinute: perMinute(
        last.map(event => event.received_at),
        input.nowMs,
      ),
      formerTokenUses: usesOf.get(endpointId)?.former_token_uses ?? 0,
      formerTokenUsedAtMs: usesOf.get(endpointId)?.former_token_used_at ?? null,
      formerTokenUsedBy: usesOf.get(endpointId)?.former_token_used_by ?? null,
      rejections: rejections.filter(row => row.endpoint_id === endpointId),
    })
  }
  return activity
}

/** Over the last five minutes, or over as long as the sample reaches back when all of it is younger. */
function perMinute(timesMs: readonly number[], nowMs: number): number {
  const recent = timesMs.filter(time => time > nowMs - rateWindowMs)
  const spanMs = recent.length < rateSample ? rateWindowMs : Math.max(1000, nowMs - recent.at(-1)!)
  return (recent.length * 60_000) / spanMs
}

/** By id or by name. */
export async function findEndpoint(
  db: Kysely<Database>,
  input: { reference: string },
): Promise<EndpointTable | null> {
  const row = await db
    .selectFrom('endpoint')
    .selectAll()
    .where(where => where.or([where('id', '=', input.reference), where('name', '=', input.reference)]))
    .where('state', '!=', 'deleted')
    .executeTakeFirst()
  return row ?? null
}

const latest = (db: Kysely<Database>) =>
  db
    .selectFrom('reaction')
    .innerJoin('reaction_version', join =>
      join
        .onRef('reaction_version.reaction_id', '=', 'reaction.id')
        .onRef('reaction_version.version', '=', 'reaction.version'),
    )
    .selectAll('reaction_version')
    .where('reaction_version.state', '!=', 'deleted')

export function listReactions(
  db: Kysely<Database>,
  input: { after: string; limit: number; teams: Teams },
): Promise<ReactionVersionTable[]> {
  let query = latest(db).where('reaction.id', '>', input.after)
  if (input.teams !== 'all') query = query.where('reaction_version.team', 'in', namesOf(input.teams))
  return query.orderBy('reaction.id').limit(input.limit).execute()
}

/** By id or by name. */
export async function findReaction(
  db: Kysely<Database>,
  input: { reference: string },
): Promise<ReactionVersionTable | null> {
  const row = await latest(db)
    .where(where =>
      where.or([where('reaction.id', '=', input.reference), where('reaction.name', '=', input.reference)]),
    )
    .executeTakeFirst()
  return row ?? null
}

export function versionsOfReaction(
  db: Kysely<Database>,
  input: { id: string },
): Promise<ReactionVersionTable[]> {
  return db
    .selectFrom('reaction_version')
    .selectAll()
    .where('reaction_id', '=', input.id)
    .orderBy('version', 'desc')
    .limit(200)
    .execute()
}

/** The configuration that an event was matched with; null while react has not come to it. */
export async function configVersionOf(
  db: Kysely<Database>,
  input: { partition: number; position: number },
): Promise<number | null> {
  const reacted = await db
    .selectFrom('react_position')
    .select('position')
    .where('partition', '=', input.partition)
    .executeTakeFirst()
  if ((reacted?.position ?? 0) < input.position) return null
  const epoch = await db
    .selectFrom('config_epoch')
    .select('version')
    .where('partition', '=', input.partition)
    .where('position', '<=', input.position)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  return epoch?.version ?? null
}

/** Every reaction as it was at a version of the configuration, deleted ones included; `limit` bounds a page. */
export function reactionsAt(
  db: Kysely<Database>,
  input: { configVersion: number; after: string; limit: number },
): Promise<ReactionVersionTable[]> {
  return db
    .selectFrom('reaction_version as v')
    .selectAll('v')
    .where('v.config_version', '<=', input.configVersion)
    .where('v.reaction_id', '>', input.after)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('reaction_version as later')
            .select('later.version')
            .whereRef('later.reaction_id', '=', 'v.reaction_id')
            .whereRef('later.version', '>', 'v.version')
            .where('later.config_version', '<=', input.configVersion),
        ),
      ),
    )
    .orderBy('v.reaction_id')
    .limit(input.limit)
    .execute()
}

export async function idempotentAnswer(
  db: Kysely<Database>,
  input: { key: string; actor: string },
): Promise<{ fingerprint: string; status: number; response: string } | null> {
  const row = await db
    .selectFrom('idempotency')
    .select(['fingerprint', 'status', 'response'])
    .where('key', '=', input.key)
    .where('actor', '=', input.actor)
    .executeTakeFirst()
  return row ?? null
}

/** Those of somebody that still hold, the newest first. */
export function listSessions(
  db: Kysely<Database>,
  input: { actor: string; nowMs: number },
): Promise<SessionTable[]> {
  return db
    .selectFrom('session')
    .selectAll()
    .where('actor', '=', input.actor)
    .where('expires_at', '>', input.nowMs)
    .orderBy('created_at', 'desc')
    .orderBy('token_hash')
    .limit(500)
    .execute()
}
