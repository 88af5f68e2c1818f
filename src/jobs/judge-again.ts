import { eventContext } from '../core/context.ts'
import type { Event } from '../core/event.ts'
import { judge } from '../core/filter.ts'
import type { Reaction } from '../core/reaction.ts'
import type { Configuration } from '../storage/configuration-view.ts'

/** The reactions as they are now that fire on a stored event; or the chosen one, if it does. */
export function firingNow(
  { configuration, maxHops }: { configuration: Configuration; maxHops: number },
  event: Event,
  body: Uint8Array,
  reactionId: string | null,
): { reaction: Reaction; held: boolean }[] {
  const chosen = reactionId === null ? undefined : configuration.reactions.get(reactionId)
  const candidates = reactionId === null ? configuration.index.candidates(event) : chosen ? [chosen] : []
  let context: object | null = null
  return candidates.flatMap(reaction => {
    const verdict = judge(reaction, event, () => (context ??= eventContext(event, body)), maxHops, true)
    return verdict.fires ? [{ reaction, held: verdict.held }] : []
  })
}
