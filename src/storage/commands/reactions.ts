import type { ReactionState } from '../../core/reaction.ts'
import type { AppendEvent, Transaction } from '../hot.ts'
import { Refusal } from '../refusal.ts'
import type { ReactionVersionTable } from '../schema.ts'
import { nextConfigVersion, tellChange } from './configuration.ts'

export interface NewReaction {
  id: string
  name: string
  definition: string
  state: Extract<ReactionState, 'active' | 'paused' | 'disabled'>
  team: string | null
  actor: string
  atMs: number
}

export async function createReaction(trx: Transaction, input: NewReaction): Promise<ReactionVersionTable> {
  const configVersion = await nextConfigVersion(trx)
  await refuseTakenName(trx, input.id, input.name)
  await trx.db
    .insertInto('reaction')
    .values({ id: input.id, name: input.name, version: 1, created_at: input.atMs })
    .execute()
  const position = await tellChange(trx, 'reaction', input, input.atMs)
  return insertVersion(trx, {
    reaction_id: input.id,
    version: 1,
    config_version: configVersion,
    position: await trx.nextPosition(),
    since_position: position,
    state: input.state,
    state_reason: '',
    definition: input.definition,
    team: input.team,
    actor: input.actor,
    created_at: input.atMs,
    updated_at: input.atMs,
  })
}

export interface ReactionChange {
  id: string
  /** The version that the edit was made from; null edits whatever is there. */
  expectedVersion: number | null
  actor: string
  atMs: number
  set: {
    name?: string
    definition?: string
    state?: ReactionState
    stateReason?: string
    team?: string | null
  }
  /** What Signalbox tells of it, in the same transaction. */
  ownEvents?: readonly AppendEvent[]
}

/** Every change is a new version: runs that exist keep the one that they were made with. */
export async function updateReaction(
  trx: Transaction,
  change: ReactionChange,
): Promise<ReactionVersionTable> {
  const configVersion = await nextConfigVersion(trx)
  const former = await latestVersion(trx, change.id)
  if (!former || former.state === 'deleted')
    throw new Refusal('not-found', `There is no reaction ${change.id}`)
  if (change.expectedVersion !== null && change.expectedVersion !== former.version) {
    throw new Refusal(
      'version-conflict',
      'The reaction was changed meanwhile; load it again and repeat the edit',
    )
  }
  const { name, definition, state, stateReason, team } = change.set
  if (name !== undefined) await refuseTakenName(trx, change.id, name)
  const version = former.version + 1
  const freed = state === 'deleted' ? { name: null } : {}
  await trx.db
    .updateTable('reaction')
    .set({ version, ...(name === undefined ? {} : { name }), ...freed })
    .where('id', '=', change.id)
    .execute()
  await tellChange(trx, 'reaction', { id: change.id, team: former.team }, change.atMs)
  if (team !== undefined && team !== former.team)
    await tellChange(trx, 'reaction', { id: change.id, team }, change.atMs)
  if (change.ownEvents) await trx.appendEvents(change.ownEvents)
  return insertVersion(trx, {
    ...former,
    version,
    config_version: configVersion,
    position: await trx.nextPosition(),
    state: state ?? former.state,
    state_reason: state === undefined ? former.state_reason : (stateReason ?? ''),
    definition: definition ?? former.definition,
    team: team === undefined ? former.team : team,
    actor: change.actor,
    updated_at: change.atMs,
  })
}

async function insertVersion(trx: Transaction, row: ReactionVersionTable): Promise<ReactionVersionTable> {
  await trx.db.insertInto('reaction_version').values(row).execute()
  return row
}

export const latestVersion = (trx: Transaction, id: string): Promise<ReactionVersionTable | undefined> =>
  trx.db
    .selectFrom('reaction_version')
    .selectAll()
    .where('reaction_id', '=', id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()

async function refuseTakenName(trx: Transaction, id: string, name: string): Promise<void> {
  const other = await trx.db
    .selectFrom('reaction')
    .select('id')
    .where('name', '=', name)
    .where('id', '!=', id)
    .executeTakeFirst()
  if (other) throw new Refusal('name-taken', `A reaction named ${name} exists already`)
}
