import { newId } from '../core/ids.ts'
import { mapReactionSecrets, type Reaction, type ReactionDefinition } from '../core/reaction.ts'
import { toReaction } from '../storage/rows.ts'
import type { Services } from './services.ts'

/** Stores a definition that was checked; resolves once events are matched with it. */
export async function makeReaction(
  { storage, configuration, sealer, now }: Services,
  definition: ReactionDefinition,
  owner: { team: string | null; actor: string },
): Promise<Reaction> {
  const row = await storage.execute('createReaction', {
    id: newId('rea'),
    name: definition.name,
    definition: JSON.stringify(mapReactionSecrets(definition, sealer.seal)),
    state: 'active',
    ...owner,
    atMs: now(),
  })
  await configuration.refresh(row.config_version)
  return toReaction(row)
}
