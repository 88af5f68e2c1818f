import { mask } from '../core/mask.ts'
import type { Permission } from '../core/permission.ts'
import { mapReactionSecrets, type Reaction, type ReactionDefinition } from '../core/reaction.ts'
import type { RunState } from '../core/run.ts'
import { timeText } from '../core/summary.ts'
import { toReaction } from '../storage/rows.ts'
import { notFound } from './errors.ts'
import { checkAllowed } from './permit.ts'
import type { Services } from './services.ts'
import type { Member } from './member.ts'

const recentRuns = 20

export const masked = (definition: ReactionDefinition): ReactionDefinition =>
  mapReactionSecrets(definition, () => mask)

/** Reactions as people see them: secrets masked, with the name of their endpoint and how their last runs ended. */
export async function reactionAnswers({ storage, configuration }: Services, reactions: readonly Reaction[]) {
  const reactionIds = reactions.map(reaction => reaction.id)
  const recent = await storage.query('latestRunStates', { reactionIds, limit: recentRuns })
  const creators = await Promise.all(reactions.map(reaction => creatorOf(storage, reaction)))
  return reactions.map((reaction, index) => {
    const { trigger } = reaction.definition
    const endpoint = trigger.type === 'endpoint' ? configuration.endpoints.get(trigger.endpoint) : undefined
    return {
      id: reaction.id,
      version: reaction.version,
      state: reaction.state,
      stateReason: reaction.stateReason,
      definition: masked(reaction.definition),
      endpointName: endpoint?.definition.name ?? null,
      team: reaction.team,
      createdBy: creators[index] ?? reaction.actor,
      createdAt: timeText(reaction.createdAtMs),
      updatedAt: timeText(reaction.updatedAtMs),
      recent: (recent[reaction.id] ?? []).map(run => ({
        state: run.state as RunState,
        createdAt: timeText(run.createdAtMs),
      })),
    }
  })
}

/** A version's actor made that version; who made the reaction stands in the first one. */
async function creatorOf(storage: Services['storage'], { id, version, actor }: Reaction): Promise<string> {
  if (version === 1) return actor
  const first = await storage.read('reactionVersion', { id, version: 1 })
  return first?.actor ?? actor
}

export async function reactionAnswer(services: Services, reaction: Reaction) {
  const [answer] = await reactionAnswers(services, [reaction])
  if (answer === undefined) throw new Error('A reaction without an answer')
  return answer
}

/** By id or name, if this viewer may do that with it. */
export async function findReaction(
  { storage }: Pick<Services, 'storage'>,
  viewer: Member,
  reference: string,
  permission: Permission = 'reaction.read',
): Promise<Reaction> {
  const row = await storage.query('findReaction', { reference })
  if (row === null) throw notFound('reaction', reference)
  checkAllowed(viewer, { what: 'reaction', reference, team: row.team }, permission)
  return toReaction(row)
}
