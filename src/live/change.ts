import { type EventSummary, eventSummary, type RunSummary, runSummary } from '../core/summary.ts'
import type { AttemptOutcome } from '../core/run.ts'
import type { ChangeRow } from '../storage/queries/changes.ts'
import { toEvent, toRun } from '../storage/rows.ts'

export const topics = ['events', 'runs', 'configuration'] as const
export type Topic = (typeof topics)[number]

/** A committed change: what filters ask of it, and its JSON, made once for all who watch. */
export interface Change {
  readonly position: number
  readonly topic: Topic
  readonly team: string | null
  readonly endpointId: string | null
  readonly kindName: string | null
  readonly reactionId: string | null
  readonly failed: boolean
  readonly text: string
}

/** What travels. Another sort of change, such as lines of a script's output, is one more member. */
export type ChangeMessage =
  | { type: 'event'; event: EventSummary }
  | { type: 'run'; run: RunSummary; attempt: AttemptSummary | null }
  | { type: 'configuration'; topic: string; id: string }

export interface AttemptSummary {
  number: number
  outcome: AttemptOutcome
  status: number | null
  message: string
  durationMs: number
}

/** Which event a run is for, as far as filters ask. */
export interface EventFacts {
  endpointId: string | null
  kindName: string | null
}

type Row<T extends ChangeRow['type']> = Extract<ChangeRow, { type: T }>

export function eventChange({ position, event, preview }: Row<'event'>): Change {
  const summary = eventSummary(toEvent(event), preview)
  return {
    position,
    topic: 'events',
    team: event.team,
    endpointId: event.endpoint_id,
    kindName: event.kind_name,
    reactionId: null,
    failed: event.error !== null,
    text: json({ type: 'event', event: { ...summary, preview: atMost(summary.preview, maxPreviewBytes) } }),
  }
}

export function runChange(row: Row<'run' | 'attempt'>, reactionName: string, facts: EventFacts): Change {
  const { run } = row
  const attempt = row.type === 'attempt' ? attemptSummary(row) : null
  return {
    position: row.position,
    topic: 'runs',
    team: run.team,
    endpointId: facts.endpointId,
    kindName: facts.kindName,
    reactionId: run.reaction_id,
    failed:
      run.state === 'failed' ||
      run.state === 'timed-out' ||
      (attempt !== null && attempt.outcome !== 'succeeded'),
    text: json({ type: 'run', run: runSummary(toRun(run), reactionName), attempt }),
  }
}

export const configurationChange = ({ position, topic, subjectId, team }: Row<'configuration'>): Change => ({
  position,
  topic: 'configuration',
  team,
  endpointId: topic === 'endpoint' ? subjectId : null,
  kindName: null,
  reactionId: topic === 'reaction' ? subjectId : null,
  failed: false,
  text: json({ type: 'configuration', topic, id: subjectId }),
})

const attemptSummary = ({ attempt }: Row<'attempt'>): AttemptSummary => ({
  number: attempt.number,
  outcome: attempt.outcome as AttemptOutcome,
  status: attempt.status,
  message: attempt.message,
  durationMs: attempt.ended_at - attempt.started_at,
})

const json = (message: ChangeMessage): string => JSON.stringify(message)

/** A replaced control character takes more bytes than it had, so 256 bytes of body may be more of preview. */
const maxPreviewBytes = 256
const scratch = new Uint8Array(maxPreviewBytes)
const encoder = new TextEncoder()

/** Cuts text to so many bytes of UTF-8, between characters. */
const atMost = (text: string, maxBytes: number): string =>
  text.length * 3 <= maxBytes
    ? text
    : text.slice(0, encoder.encodeInto(text, scratch.subarray(0, maxBytes)).read)
