import type { Event } from '../core/event.ts'
import { newRunId } from '../core/ids.ts'
import { laneOf } from '../core/lane.ts'
import type { Reaction } from '../core/reaction.ts'
import type { NewRun } from '../storage/hot.ts'

export interface RunTerms {
  occasion: string
  held: boolean
  actor: string
  /** The end of its lease when it is born claimed; null when it has to be claimed. */
  leaseUntilMs: number | null
  nowMs: number
}

/** A run of a reaction for an event, as it is inserted. It pins the version of the reaction. */
export function makeRun(reaction: Reaction, event: Event, terms: RunTerms): NewRun {
  const { nowMs, held, leaseUntilMs } = terms
  const state = held ? 'held' : leaseUntilMs === null ? 'due' : 'trying'
  return {
    id: newRunId(nowMs),
    eventId: event.id,
    reactionId: reaction.id,
    reactionVersion: reaction.version,
    occasion: terms.occasion,
    team: reaction.team,
    actor: terms.actor,
    state,
    onLost: reaction.definition.onLost,
    lane: laneOf(reaction),
    dueAtMs: held ? null : (leaseUntilMs ?? nowMs),
    createdAtMs: nowMs,
    deadlineAtMs: nowMs + reaction.definition.deadlineMs,
    label: held ? 'Held: the reaction is paused' : 'Waiting for its turn',
  }
}
