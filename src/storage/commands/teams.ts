import type { Transaction } from '../hot.ts'
import { Refusal } from '../refusal.ts'
import type { TeamTable } from '../schema.ts'
import { lockNames } from './configuration.ts'

const find = (trx: Transaction, name: string): Promise<TeamTable | undefined> =>
  trx.db.selectFrom('team').selectAll().where('name', '=', name).executeTakeFirst()

async function existing(trx: Transaction, name: string): Promise<TeamTable> {
  const team = await find(trx, name)
  if (!team || team.deleted_at !== null) throw new Refusal('not-found', `There is no team ${name}`)
  return team
}

/** The name of a team that was deleted stays taken: another one would see what that team owned. */
export async function createTeam(trx: Transaction, input: Omit<TeamTable, 'deleted_at'>): Promise<TeamTable> {
  await lockNames(trx)
  const former = await find(trx, input.name)
  if (former)
    throw new Refusal(
      'name-taken',
      former.deleted_at === null
        ? `There is a team ${input.name} already`
        : `A team ${input.name} was deleted; its name stays taken, since its events are still there`,
    )
  const row = { ...input, deleted_at: null }
  await trx.db.insertInto('team').values(row).execute()
  return row
}

export async function updateTeam(
  trx: Transaction,
  input: { name: string; description: string },
): Promise<TeamTable> {
  const team = await existing(trx, input.name)
  await trx.db
    .updateTable('team')
    .set({ description: input.description })
    .where('name', '=', team.name)
    .execute()
  return { ...team, description: input.description }
}

/** Refused while it owns something that works; whoever had a role in it has it no more. */
export async function deleteTeam(trx: Transaction, input: { name: string; nowMs: number }): Promise<void> {
  await lockNames(trx)
  const { name } = await existing(trx, input.name)
  const endpoint = await trx.db
    .selectFrom('endpoint')
    .select('name')
    .where('team', '=', name)
    .where('state', '!=', 'deleted')
    .executeTakeFirst()
  if (endpoint)
    throw new Refusal(
      'state-conflict',
      `The team ${name} owns endpoints (${endpoint.name}); move or delete them`,
    )
  const reaction = await trx.db
    .selectFrom('reaction')
    .innerJoin('reaction_version as v', join =>
      join.onRef('v.reaction_id', '=', 'reaction.id').onRef('v.version', '=', 'reaction.version'),
    )
    .select('reaction.name')
    .where('v.team', '=', name)
    .where('v.state', '!=', 'deleted')
    .executeTakeFirst()
  if (reaction)
    throw new Refusal(
      'state-conflict',
      `The team ${name} owns reactions (${reaction.name}); move or delete them`,
    )
  await trx.db.deleteFrom('role_assignment').where('team', '=', name).execute()
  await trx.db.updateTable('team').set({ deleted_at: input.nowMs }).where('name', '=', name).execute()
}
