import type { RunState } from './run.ts'

/** When the next try comes, in milliseconds after the failed one: 10 attempts in about 23 hours. */
export const defaultRetryDelaysMs = [
  5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000,
]

export interface RetryPolicy {
  /** One entry a retry; an empty list means a single attempt. */
  delaysMs: readonly number[]
  /** Answers that are not tried again, besides the 3xx and 4xx that never are. */
  permanentStatuses: readonly number[]
  /** 3xx and 4xx answers that are tried again, besides 408, 425 and 429. */
  retryStatuses: readonly number[]
}

/** What an attempt came to. */
export type Result =
  | { kind: 'success'; label: string }
  | { kind: 'answer'; status: number; retryAfterMs: number | null; label: string }
  | { kind: 'error'; permanent: boolean; label: string }

export type Next = { state: RunState; dueAtMs: number | null; label: string }

const temporary4xx = new Set([408, 425, 429])
/** A target may ask for patience, not for eternity. */
const longestRetryAfterMs = 24 * 3_600_000

/**
 * The one decision of act: done, retry at, or give up.
 * `tries` counts this attempt; `jitter` is a random number in [0, 1), each delay is spread by ± 20 %.
 */
export function decide(
  result: Result,
  policy: RetryPolicy,
  tries: number,
  nowMs: number,
  deadlineAtMs: number,
  jitter: number,
): Next {
  if (result.kind === 'success') return { state: 'succeeded', dueAtMs: null, label: result.label }
  if (isPermanent(result, policy)) return { state: 'failed', dueAtMs: null, label: result.label }
  const delayMs = policy.delaysMs[tries - 1]
  if (delayMs === undefined) {
    const spent = tries === 1 ? 'no retry is set' : `all ${tries} attempts spent`
    return { state: 'failed', dueAtMs: null, label: `${result.label}; ${spent}` }
  }
  const asked = result.kind === 'answer' ? Math.min(result.retryAfterMs ?? 0, longestRetryAfterMs) : 0
  const dueAtMs = Math.round(nowMs + Math.max(delayMs * (0.8 + 0.4 * jitter), asked))
  if (dueAtMs > deadlineAtMs) {
    return {
      state: 'timed-out',
      dueAtMs: null,
      label: `${result.label}; its deadline passes before the next try`,
    }
  }
  return { state: 'due', dueAtMs, label: result.label }
}

function isPermanent(result: Exclude<Result, { kind: 'success' }>, policy: RetryPolicy): boolean {
  if (result.kind === 'error') return result.permanent
  const { status } = result
  if (policy.permanentStatuses.includes(status)) return true
  if (policy.retryStatuses.includes(status)) return false
  // A redirect that is not followed leads elsewhere the next time too.
  return status >= 300 && status < 500 && !temporary4xx.has(status)
}

/** `Retry-After` is a number of seconds or an HTTP date (RFC 9110 section 5.6.7); Date.parse alone reads "-5" as a year. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000
  const atMs = /^\s*[A-Za-z]{3,9}, .*GMT\s*$/.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs)
}
