import { eventContext } from '../core/context.ts'
import type { Event } from '../core/event.ts'
import { judge, type Verdict } from '../core/filter.ts'
import { newId } from '../core/ids.ts'
import { includesTeam, type Teams } from '../core/permission.ts'
import type { Reaction } from '../core/reaction.ts'
import type { Configuration } from '../storage/configuration-view.ts'
import type { Storage } from '../storage/port.ts'
import { makeRun } from './make-run.ts'

export interface ReplayResult {
  occasion: string
  runIds: string[]
  verdicts: { reaction: Reaction; verdict: Verdict }[]
}

/**
 * Puts a stored event before the current reactions afresh, or before a chosen one: new runs on an occasion of their
 * own, each with its own webhook-id. It is no new event. Only the reactions of these teams are asked.
 */
export async function replay(
  {
    storage,
    configuration,
    maxHops,
    now,
  }: { storage: Storage; configuration: Configuration; maxHops: number; now(): number },
  input: { event: Event; body: Uint8Array; reactionId: string | null; teams: Teams; actor: string },
): Promise<ReplayResult> {
  await configuration.refresh()
  const { event, body, reactionId, teams } = input
  const chosen = reactionId === null ? undefined : configuration.reactions.get(reactionId)
  const meant = reactionId === null ? configuration.index.candidates(event) : chosen ? [chosen] : []
  const candidates = meant.filter(reaction => includesTeam(teams, reaction.team))
  const context = eventContext(event, body)
  const verdicts = candidates.map(reaction => ({
    reaction,
    verdict: judge(reaction, event, () => context, maxHops, true),
  }))
  const occasion = newId('occ')
  const nowMs = now()
  const runs = verdicts.flatMap(({ reaction, verdict }) =>
    verdict.fires
      ? [
          makeRun(reaction, event, {
            occasion,
            held: verdict.held,
            actor: input.actor,
            leaseUntilMs: null,
            nowMs,
          }),
        ]
      : [],
  )
  const { created } = await storage.execute('replayEvent', { eventId: event.id, runs })
  return { occasion, runIds: created, verdicts }
}
