import { LRUCache } from 'lru-cache'
import { mapReactionSecrets, type Reaction, type ReactionDefinition } from '../core/reaction.ts'
import type { Sealer } from '../core/seal.ts'
import type { Storage } from '../storage/port.ts'
import { toReaction } from '../storage/rows.ts'

/** The version of a reaction that a run pins; null when it is not stored. */
export function pinnedReactions(storage: Storage): (id: string, version: number) => Promise<Reaction | null> {
  const cache = new LRUCache<string, Reaction>({ max: 2000 })
  return async (id, version) => {
    const cached = cache.get(`${id} ${version}`)
    if (cached) return cached
    const row = await storage.read('reactionVersion', { id, version })
    if (!row) return null
    const reaction = toReaction(row)
    cache.set(`${id} ${version}`, reaction)
    return reaction
  }
}

/** A definition with its secrets opened; kept as long as the reaction's version is in memory. */
export function openedDefinitions(sealer: Sealer): (reaction: Reaction) => ReactionDefinition {
  const definitions = new WeakMap<Reaction, ReactionDefinition>()
  return reaction => {
    let definition = definitions.get(reaction)
    if (!definition)
      definitions.set(reaction, (definition = mapReactionSecrets(reaction.definition, sealer.open)))
    return definition
  }
}
