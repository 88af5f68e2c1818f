import type { Cause, Event, Kind, Target } from './event.ts'
import { listenerName } from './listener.ts'
import type { Run, RunState } from './run.ts'

/** An event in a list or in the feed: everything but its headers and its body. */
export interface EventSummary {
  id: string
  time: string
  kind: Kind
  targets: Target[]
  error: string | null
  endpointId: string | null
  method: string | null
  path: string | null
  sender: string | null
  contentType: string | null
  bodyBytes: number
  preview: string
  hops: number
  cause: Cause | null
}

/** `preview`: the first bytes of the body. */
export function eventSummary(event: Event, preview: Uint8Array): EventSummary {
  const { request } = event
  return {
    id: event.id,
    time: timeText(event.receivedAtMs),
    kind: event.kind,
    targets: event.targets,
    error: event.error,
    endpointId: event.endpointId,
    method: request?.method ?? null,
    path: request?.path ?? null,
    sender: request?.sender ?? null,
    contentType: event.contentType,
    bodyBytes: event.bodyBytes,
    preview: previewText(preview),
    hops: event.hops,
    cause: event.cause,
  }
}

export interface RunSummary {
  id: string
  eventId: string
  reactionId: string
  reactionName: string
  reactionVersion: number
  replay: boolean
  state: RunState
  label: string
  attempts: number
  dueAt: string | null
  createdAt: string
  endedAt: string | null
  deadlineAt: string
  lane: string
}

export const runSummary = (run: Run, reactionName: string): RunSummary => ({
  id: run.id,
  eventId: run.eventId,
  reactionId: run.reactionId,
  reactionName: listenerName(run.lane) ?? reactionName,
  reactionVersion: run.reactionVersion,
  replay: run.occasion !== '',
  state: run.state,
  label: run.label,
  attempts: run.attempts,
  dueAt: timeTextOrNull(run.dueAtMs),
  createdAt: timeText(run.createdAtMs),
  endedAt: timeTextOrNull(run.endedAtMs),
  deadlineAt: timeText(run.deadlineAtMs),
  lane: run.lane,
})

/** RFC 3339 in UTC, with milliseconds. */
export const timeText = (atMs: number): string => new Date(atMs).toISOString()
export const timeTextOrNull = (atMs: number | null): string | null => (atMs === null ? null : timeText(atMs))

/** Everything below the space but tab and line feed, and the second set of control characters. */
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

/** Text for people: what is no UTF-8 and what steers terminals is replaced; a character that was cut in two is left out. */
export function previewText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes, { stream: true }).replace(/\r\n/g, '\n').replace(control, '\ufffd')
}
