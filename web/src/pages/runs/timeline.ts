import type { RunSummary } from '../../api/types.ts'

/** The span that a timeline shows, in milliseconds. */
export interface Span {
  fromMs: number
  toMs: number
}

/** A part of the track, in per cent of its width. */
export interface Bar {
  left: number
  width: number
  /** Where the next try stands; `later` when that lies beyond the span. */
  next: number | 'later' | null
}

const leastSpanMs = 10_000
/** Room at the right for what comes soon. */
const ahead = 0.15

/** From the oldest run that is listed up to now, and somewhat beyond. */
export function spanOf(runs: readonly Pick<RunSummary, 'createdAt'>[], nowMs: number): Span {
  const oldestMs = runs.reduce((least, run) => Math.min(least, Date.parse(run.createdAt)), nowMs)
  const lengthMs = Math.max(leastSpanMs, nowMs - oldestMs)
  return { fromMs: nowMs - lengthMs, toMs: nowMs + lengthMs * ahead }
}

export function barOf(
  run: Pick<RunSummary, 'createdAt' | 'endedAt' | 'dueAt' | 'state'>,
  { fromMs, toMs }: Span,
  nowMs: number,
): Bar {
  const place = (ms: number) => Math.max(0, Math.min(100, ((ms - fromMs) / (toMs - fromMs)) * 100))
  const left = place(Date.parse(run.createdAt))
  const end = place(run.endedAt === null ? nowMs : Date.parse(run.endedAt))
  const dueMs = run.state === 'due' && run.dueAt !== null ? Date.parse(run.dueAt) : null
  return {
    left,
    width: Math.max(0, end - left),
    next: dueMs === null || dueMs <= nowMs ? null : dueMs > toMs ? 'later' : place(dueMs),
  }
}
