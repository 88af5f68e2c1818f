/**
 * What happened, counted by the minute and summed up by the hour and the day. Times are counted on a scale of which
 * each step is a fifth larger than the one before (2^¼): a percentile that is read off it is at most 10 % wrong.
 */
export type Measure = 'event' | 'attempt' | 'run' | 'waiting' | 'waiting-peak'

export interface Count {
  /** The beginning of its minute. */
  atMs: number
  measure: Measure
  team: string
  /** Empty where there is none. */
  endpointId: string
  reactionId: string
  /** An event's: success or error. An attempt's: succeeded, or the code of its error. A run's: how it ended. */
  outcome: string
  /** Where on the scale the time that it took stands; 0 where no time is meant. */
  bucket: number
  count: number
}

export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000
/** The steps that are stored, the widest first. */
export const storedStepsMs = [dayMs, hourMs, minuteMs] as const

export const startOf = (atMs: number, stepMs: number): number => Math.floor(atMs / stepMs) * stepMs

const stepsPerDoubling = 4
/** Beyond 49 days everything is one. */
const lastBucket = 32 * stepsPerDoubling

export const bucketOf = (durationMs: number): number =>
  durationMs < 1 ? 0 : Math.min(lastBucket, 1 + Math.floor(Math.log2(durationMs) * stepsPerDoubling))

const lowerMs = (bucket: number): number => (bucket === 0 ? 0 : 2 ** ((bucket - 1) / stepsPerDoubling))

/** The time that this share of all took at most, in milliseconds; null when there is nothing to count. */
export function percentile(buckets: ReadonlyMap<number, number>, share: number): number | null {
  const ordered = [...buckets].sort(([a], [b]) => a - b)
  const total = ordered.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return null
  let left = total * share
  for (const [bucket, count] of ordered) {
    if (left <= count) {
      const from = lowerMs(bucket)
      return from + (lowerMs(bucket + 1) - from) * (left / count)
    }
    left -= count
  }
  return lowerMs(ordered.at(-1)![0] + 1)
}

/** Adds up counts that stand under the same names. */
export function createTally(): { add(count: Count): void; counts(): Count[] } {
  const tally = new Map<string, Count>()
  return {
    add(count) {
      const { atMs, measure, team, endpointId, reactionId, outcome, bucket } = count
      const key = JSON.stringify([atMs, measure, team, endpointId, reactionId, outcome, bucket])
      const known = tally.get(key)
      if (known) known.count += count.count
      else tally.set(key, { ...count })
    },
    counts: () => [...tally.values()],
  }
}
