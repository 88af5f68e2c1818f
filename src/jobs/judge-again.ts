import { eventContext } from '../core/context.ts'
import type { Event } from '../core/event.ts'
import { judge } from '../core/filter.ts'
import type { Reaction } from '../core/reaction.ts'
import type { Configuration } from '../storage/configuration-view.ts'

/** The reactions as they are now that fire on a stored event; or the chosen one, if it does. Of a team, its own. */
export function firingNow(
  { configuration, maxHops }: { configuration: Configuration; maxHops: number },
  event: Event,
  body: Uint8Array,
  on: { reactionId: string | null; team: string | null },
): { reaction: Reaction; held: boolean }[] {
  const { reactionId, team } = on
  const chosen = reactionId === null ? undefined : configuration.reactions.get(reactionId)
  const meant = reactionId === null ? configuration.index.candidates(event) : chosen ? [chosen] : []
  const candidates = team === null ? meant : meant.filter(reaction => reaction.team === team)
  let context: object | null = null
  return candidates.flatMap(reaction => {
    const verdict = judge(reaction, event, () => (context ??= eventContext(event, body)), maxHops, true)
    return verdict.fires ? [{ reaction, held: verdict.held }] : []
  })
}
