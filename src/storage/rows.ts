import type { Endpoint, EndpointDefinition, EndpointState } from '../core/endpoint.ts'
import type { Event, KindType } from '../core/event.ts'
import { type RunEventKind, type RunEventSubject, runEvent, runEventBody } from '../core/own-events.ts'
import type { Reaction, ReactionDefinition, ReactionState } from '../core/reaction.ts'
import type { Secret } from '../core/secret.ts'
import { isFinal, type Run, type RunState } from '../core/run.ts'
import type { AppendEvent, CommitReacted, RecordAttempt } from './hot.ts'
import type { EndpointTable, EventTable, ReactionVersionTable, RunTable, SecretTable } from './schema.ts'

/** Rows are flat and JSON is text; these functions are the only place that knows which is which. */

type Detail = Pick<Event, 'targets' | 'owner' | 'cause' | 'request' | 'sharedWith'>

export function toAppend(event: Event, body: Uint8Array): AppendEvent {
  const detail: Detail = {
    targets: event.targets,
    owner: event.owner,
    cause: event.cause,
    request: event.request,
    ...(event.sharedWith?.length ? { sharedWith: event.sharedWith } : {}),
  }
  return {
    id: event.id,
    partition: 0,
    receivedAtMs: event.receivedAtMs,
    kindType: event.kind.type,
    kindName: event.kind.name,
    endpointId: event.endpointId,
    team: event.team,
    actor: event.actor,
    error: event.error,
    hops: event.hops,
    contentType: event.contentType,
    detail: JSON.stringify(detail),
    targets: event.targets,
    deliveryId: event.request?.deliveryId ?? null,
    body,
  }
}

/** One of Signalbox's own events, ready to be appended with the change that it tells of. */
export const toRunEventAppend = (kind: RunEventKind, subject: RunEventSubject, nowMs: number): AppendEvent =>
  toAppend(runEvent(kind, subject, nowMs), runEventBody(kind, subject))

export function toEvent(row: EventTable): Event {
  const detail = JSON.parse(row.detail) as Detail
  return {
    id: row.id,
    position: row.position,
    receivedAtMs: row.received_at,
    kind: { type: row.kind_type as KindType, name: row.kind_name },
    targets: detail.targets,
    owner: detail.owner,
    error: row.error,
    team: row.team,
    ...(detail.sharedWith ? { sharedWith: detail.sharedWith } : {}),
    actor: row.actor,
    endpointId: row.endpoint_id,
    cause: detail.cause,
    hops: row.hops,
    request: detail.request,
    contentType: row.content_type,
    bodyBytes: row.body_bytes,
  }
}

export const toRun = (row: RunTable): Run => ({
  id: row.id,
  position: row.position,
  eventId: row.event_id,
  reactionId: row.reaction_id,
  reactionVersion: row.reaction_version,
  occasion: row.occasion,
  team: row.team,
  actor: row.actor,
  state: row.state as RunState,
  lane: row.lane,
  dueAtMs: row.due_at,
  claimNo: row.claim_no,
  attempts: row.attempts,
  tries: row.tries,
  createdAtMs: row.created_at,
  deadlineAtMs: row.deadline_at,
  endedAtMs: row.ended_at,
  label: row.label,
})

/** When the run ended with this attempt; null when it goes on. */
export const runEndedAtMs = ({ next, endedAtMs }: RecordAttempt): number | null =>
  isFinal(next.state) ? endedAtMs : null

/** The own events that are still to be told, `positions` being what became of the runs: 0 for one that existed. */
export function untoldEvents(
  { runs, ownEvents }: CommitReacted,
  positions: readonly number[],
): readonly AppendEvent[] {
  const existed = new Set(runs.filter((_, index) => positions[index] === 0).map(run => run.id))
  if (existed.size === 0) return ownEvents
  return ownEvents.filter(event => {
    const { cause } = JSON.parse(event.detail) as Detail
    return cause === null || !existed.has(cause.runId)
  })
}

export const toSecret = (row: SecretTable): Secret => ({
  id: row.id,
  name: row.name,
  team: row.team,
  valueSealed: row.value_sealed,
  hosts: JSON.parse(row.hosts) as string[],
  description: row.description,
  actor: row.actor,
  createdAtMs: row.created_at,
  updatedAtMs: row.updated_at,
  lastUsedAtMs: row.last_used_at,
})

const laterReactionFields = { failingAfter: 3 } satisfies Partial<ReactionDefinition>

export const toReaction = (row: ReactionVersionTable): Reaction => ({
  id: row.reaction_id,
  version: row.version,
  state: row.state as ReactionState,
  stateReason: row.state_reason,
  team: row.team,
  actor: row.actor,
  definition: { ...laterReactionFields, ...(JSON.parse(row.definition) as ReactionDefinition) },
  configVersion: row.config_version,
  sincePosition: row.since_position,
  createdAtMs: row.created_at,
  updatedAtMs: row.updated_at,
})

/** What endpoints that were stored by an earlier version do not name. */
const laterFields = {
  allowedAddresses: [],
  allowedOrigins: [],
  allowedRate: null,
  rateLimit: null,
  answer: null,
  eventShape: null,
  silentAfterMs: null,
} satisfies Partial<EndpointDefinition>

export const toEndpoint = (row: EndpointTable): Endpoint => ({
  id: row.id,
  definition: { ...laterFields, ...(JSON.parse(row.definition) as EndpointDefinition) },
  path: row.path ?? '',
  state: row.state as EndpointState,
  tokenHash: row.token_hash,
  tokenSealed: row.token_sealed,
  formerToken: formerTokenOf(row),
  viewKeyHash: row.view_key_hash,
  team: row.team,
  actor: row.actor,
  configVersion: row.config_version,
  createdAtMs: row.created_at,
  updatedAtMs: row.updated_at,
  expiresAtMs: row.expires_at,
})

const formerTokenOf = (row: EndpointTable): Endpoint['formerToken'] =>
  row.former_token_hash === null
    ? null
    : {
        hash: row.former_token_hash,
        sealed: row.former_token_sealed ?? '',
        endsAtMs: row.former_token_ends_at ?? 0,
      }
