import type { Reaction, ReactionState } from '../core/reaction.ts'
import { toReaction } from '../storage/rows.ts'
import { Problem } from './errors.ts'
import { setEtag } from './etag.ts'
import { findReaction, reactionAnswer } from './reaction-answer.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'

/**
 *   active ──pause──→ paused ──resume──→ active     runs are made and held, then released
 *   active, paused ──disable──→ disabled ──enable──→ active     events pass it by
 */
const moves = {
  pause: {
    from: ['active'],
    to: 'paused',
    summary: 'Hold its runs back',
    description: 'They are made, and wait.',
  },
  resume: {
    from: ['paused'],
    to: 'active',
    summary: 'Release the runs that were held back',
    description: '',
  },
  disable: { from: ['active', 'paused'], to: 'disabled', summary: 'Let events pass it by', description: '' },
  enable: { from: ['disabled'], to: 'active', summary: 'Let it see events again', description: '' },
} satisfies Record<string, { from: ReactionState[]; to: ReactionState; summary: string; description: string }>

/** Bounds a transaction: 500 runs take some 20 ms. */
const heldAtOnce = 500

export interface ReactionSet {
  name?: string
  definition?: string
  state?: ReactionState
  team?: string | null
}

/** Stores a new version; what its new state means for runs that were held follows in steps. */
export async function changeReaction(
  services: Services,
  former: Reaction,
  set: ReactionSet,
  actor: string,
  expectedVersion: number | null,
): Promise<Reaction> {
  const { storage, configuration, now } = services
  const row = await storage.execute('updateReaction', {
    id: former.id,
    expectedVersion,
    actor,
    atMs: now(),
    set,
  })
  await configuration.refresh(row.config_version)
  const changed = toReaction(row)
  if (set.state === 'active') await releaseHeld(services, changed.id)
  if (set.state === 'deleted') await cancelHeld(services, changed.id, actor)
  return changed
}

/** A process that dies in the midst of it goes on at its next start: the runs are still there, held. */
async function releaseHeld({ storage, now }: Services, reactionId: string): Promise<void> {
  while ((await storage.execute('releaseHeld', { reactionId, nowMs: now(), limit: heldAtOnce })) > 0);
}

/** Nobody would ever release them. */
export async function cancelHeld(
  { storage, now }: Pick<Services, 'storage' | 'now'>,
  reactionId: string,
  by: string,
): Promise<void> {
  const filter = { reactionId, states: ['held'] }
  for (;;) {
    const { runs } = await storage.query('listRuns', { filter, before: null, limit: heldAtOnce })
    if (runs.length === 0) return
    await Promise.all(runs.map(({ id }) => storage.execute('cancelRun', { id, nowMs: now(), by })))
  }
}

export function reactionStateRoutes(services: Services): Route[] {
  return Object.entries(moves).map(([name, { from, to, summary, description }]) =>
    route({
      method: 'POST',
      url: `/api/reactions/:reference/${name}`,
      access: { permission: 'reaction.update' },
      tag: 'Reactions',
      summary,
      ...(description === '' ? {} : { description }),
      params: schema.byReference,
      audit: `reaction.${name}`,
      status: 200,
      answer: schema.ref(schema.Reaction),
      async handler({ params, viewer, reply }) {
        const reaction = await findReaction(services, viewer, params.reference, 'reaction.update')
        const possible: readonly ReactionState[] = from
        if (reaction.state !== to && !possible.includes(reaction.state))
          throw new Problem(
            'state-conflict',
            `The reaction ${reaction.definition.name} is ${reaction.state}; ${name} is for one that is ${from.join(' or ')}`,
          )
        // Asked for again, it goes on with what a former call may have left undone.
        const unchanged = reaction.state === to
        if (unchanged && to === 'active') await releaseHeld(services, reaction.id)
        const changed = unchanged
          ? reaction
          : await changeReaction(services, reaction, { state: to }, viewer.actor, reaction.version)
        setEtag(reply, changed.version)
        return reactionAnswer(services, changed)
      },
    }),
  )
}
