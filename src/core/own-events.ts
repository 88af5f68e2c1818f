import type { Event } from './event.ts'
import { newEventId } from './ids.ts'
import type { Reaction } from './reaction.ts'
import type { RunState } from './run.ts'

/**
 * What Signalbox tells of itself. These events are rows written in the same transaction as the change that they tell
 * of, and are read by react like any other.
 */
export const runEventKinds = ['run.created', 'run.succeeded', 'run.failed', 'run.timed-out'] as const
export type RunEventKind = (typeof runEventKinds)[number]

export interface RunEventSubject {
  runId: string
  /** The event that the run is for. */
  eventId: string
  reactionId: string
  /** How people call the reaction; its id stands in where nobody knows. */
  reactionName?: string | null
  team: string | null
  /** The run's one line on how it stands; a failure's error. */
  label: string
  /** Of the event that the run is for. */
  hops: number
  /** Only where the kind does not say it: a run may be created due or held. */
  state?: RunState
}

const states: Record<RunEventKind, RunState> = {
  'run.created': 'due',
  'run.succeeded': 'succeeded',
  'run.failed': 'failed',
  'run.timed-out': 'timed-out',
}

export function runEvent(kindName: RunEventKind, subject: RunEventSubject, nowMs: number): Event {
  const failed = kindName === 'run.failed' || kindName === 'run.timed-out'
  return {
    id: newEventId(nowMs),
    position: 0,
    receivedAtMs: nowMs,
    kind: { type: 'signalbox', name: kindName },
    targets: [
      { type: 'run', value: subject.runId },
      { type: 'reaction', value: subject.reactionName ?? subject.reactionId },
    ],
    owner: { type: 'signalbox', name: 'signalbox' },
    error: failed ? subject.label : null,
    team: subject.team,
    actor: 'signalbox',
    endpointId: null,
    cause: { runId: subject.runId, eventId: subject.eventId },
    hops: subject.hops + 1,
    request: null,
    contentType: 'application/json',
    bodyBytes: runEventBody(kindName, subject).length,
  }
}

/** The body of that event: the ids, the state and the label, as JSON. */
export function runEventBody(kindName: RunEventKind, subject: RunEventSubject): Uint8Array {
  const { runId, eventId, reactionId, reactionName, label } = subject
  const state = subject.state ?? states[kindName]
  const reaction = { id: reactionId, name: reactionName ?? null }
  return encoder.encode(
    JSON.stringify({ run: { id: runId, state, label }, reaction, event: { id: eventId } }),
  )
}

export interface OwnEvent {
  event: Event
  body: Uint8Array
}

/** Any other event of our own. */
export function ownEvent(
  own: Pick<Event, 'targets' | 'error' | 'team' | 'cause' | 'hops'> & { name: string; data: object },
  nowMs: number,
): OwnEvent {
  const { name, data, ...told } = own
  const body = encoder.encode(JSON.stringify(data))
  const event: Event = {
    ...told,
    id: newEventId(nowMs),
    position: 0,
    receivedAtMs: nowMs,
    kind: { type: 'signalbox', name },
    owner: { type: 'signalbox', name: 'signalbox' },
    actor: 'signalbox',
    endpointId: null,
    request: null,
    contentType: 'application/json',
    bodyBytes: body.length,
  }
  return { event, body }
}

/** A reaction that Signalbox disabled by itself, over a run of it. `hops` is that of the run's event. */
export function reactionDisabledEvent(
  reaction: Reaction,
  why: { reason: string; runId: string; eventId: string; hops: number },
  nowMs: number,
): OwnEvent {
  const { name } = reaction.definition
  return ownEvent(
    {
      name: 'reaction.disabled',
      targets: [{ type: 'reaction', value: name }],
      error: why.reason,
      team: reaction.team,
      cause: { runId: why.runId, eventId: why.eventId },
      hops: why.hops + 1,
      data: {
        reaction: { id: reaction.id, name },
        run: { id: why.runId },
        reason: why.reason,
        text: `${name} was disabled: ${why.reason}`,
      },
    },
    nowMs,
  )
}

/** The time of an endpoint was over. It is no event of that endpoint: no reaction on it would fire. */
export const endpointExpiredEvent = (
  endpoint: { id: string; name: string; team: string | null },
  nowMs: number,
): OwnEvent =>
  ownEvent(
    {
      name: 'endpoint.expired',
      targets: [{ type: 'endpoint', value: endpoint.name }],
      error: null,
      team: endpoint.team,
      cause: null,
      hops: 1,
      data: {
        endpoint: { id: endpoint.id, name: endpoint.name },
        text: `The endpoint ${endpoint.name} has expired`,
      },
    },
    nowMs,
  )

const encoder = new TextEncoder()
