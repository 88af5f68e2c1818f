import Type, { type Static } from 'typebox'
import { dayMs, hourMs, minuteMs, percentile, startOf } from '../core/statistics.ts'
import { timeText } from '../core/summary.ts'
import type { StatisticRow } from '../storage/queries/statistics.ts'
import { Problem } from './errors.ts'
import { findReaction } from './reaction-answer.ts'
import { findEndpoint } from './endpoints.ts'
import { narrowedTo, teamsOf } from './permit.ts'
import { type Route, route } from './route.ts'
import * as schema from './schemas.ts'
import type { Services } from './services.ts'
import type { Member } from './member.ts'

const stepsMs = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '1h': hourMs,
  '6h': 6 * hourMs,
  '1d': dayMs,
} as const
type Step = keyof typeof stepsMs
const steps = Object.keys(stepsMs) as Step[]

/** As many points as a chart can show; a finer step is refused rather than answered slowly. */
const mostPoints = 2_000
const wantedPoints = 180
const defaultRangeMs = hourMs

const StatisticsQuery = Type.Object(
  {
    since: Type.Optional(
      Type.String({ format: 'date-time', description: 'An hour before `until` unless given' }),
    ),
    until: Type.Optional(Type.String({ format: 'date-time', description: 'Now unless given' })),
    step: Type.Optional(
      Type.Enum(steps, {
        description:
          'Width of a point; chosen to suit the range unless given. Minutes are kept for 3 days, hours for 90 days, days for two years',
      }),
    ),
    by: Type.Optional(Type.Enum(['reaction', 'endpoint', 'outcome'])),
    reaction: Type.Optional(schema.Reference),
    endpoint: Type.Optional(schema.Reference),
  },
  schema.strict,
)

const Times = Type.Object({
  count: Type.Integer(),
  p50: schema.nullable(Type.Number({ description: 'Milliseconds' })),
  p95: schema.nullable(Type.Number({ description: 'Milliseconds' })),
})
const figures = {
  events: Type.Object({ success: Type.Integer(), error: Type.Integer() }),
  attempts: Type.Object({ succeeded: Type.Integer(), failed: Type.Integer() }),
  runs: Type.Object({ succeeded: Type.Integer(), failed: Type.Integer(), cancelled: Type.Integer() }),
  deliveryMs: Times,
  attemptMs: Times,
}
const Waiting = Type.Object({ due: Type.Integer(), trying: Type.Integer(), held: Type.Integer() })
const Total = Type.Object(figures)
const Statistics = Type.Object({
  since: schema.Time,
  until: schema.Time,
  step: Type.Enum(steps),
  series: Type.Array(
    Type.Object({
      key: Type.String({ description: 'Id of the reaction or endpoint, or the outcome; empty for all' }),
      name: Type.String(),
      total: Total,
      points: Type.Array(
        Type.Object({
          at: schema.Time,
          ...figures,
          waiting: schema.nullable(Waiting),
        }),
      ),
    }),
  ),
})

export function statisticsRoutes(services: Services): Route[] {
  const { storage } = services
  return [
    route({
      method: 'GET',
      url: '/api/statistics',
      access: { permission: 'statistics.read' },
      tag: 'Operation',
      summary: 'What happened over a time range, in numbers',
      description:
        'Events are counted when they were received, attempts and runs when they ended. `deliveryMs` is the time from ' +
        'an event being accepted to its run having succeeded; percentiles are within 10 %. What happened in the last ' +
        'second or two may be missing. `waiting` is the most that waited within a point, for all together.',
      query: StatisticsQuery,
      status: 200,
      answer: Statistics,
      async handler({ query, viewer }) {
        const range = rangeOf(query, services.now())
        const { fromMs, toMs, stepMs, step } = range
        const by = query.by ?? null
        const narrowed = await narrow(services, viewer, query)
        const teams = teamsOf(viewer, 'statistics.read')
        const rows = await storage.query('statistics', {
          fromMs,
          toMs,
          stepMs,
          by,
          ...narrowed,
          ...narrowedTo(teams),
        })
        const isWhole = by === null && teams === 'all' && Object.keys(narrowed).length === 0
        const before = isWhole ? await storage.query('waitingBefore', { atMs: fromMs }) : null
        const keyed = Map.groupBy(rows, row => row.key)
        if (by === null && !keyed.has('')) keyed.set('', [])
        const series = [...keyed].map(([key, ofKey]) => ({
          key,
          name: nameOf(services, by, key),
          total: figuresOf(ofKey),
          points: pointsOf(ofKey, range, before),
        }))
        return { since: timeText(fromMs), until: timeText(toMs), step, series }
      },
    }),
  ]
}

interface StatisticsRange {
  fromMs: number
  toMs: number
  stepMs: number
  step: Step
}

/** Whole points: from the beginning of the first one to the end of the last. */
function rangeOf({ since, until, step }: Static<typeof StatisticsQuery>, nowMs: number): StatisticsRange {
  const toMs = until === undefined ? nowMs + 1 : Date.parse(until)
  const fromMs = since === undefined ? toMs - defaultRangeMs : Date.parse(since)
  if (fromMs >= toMs)
    throw new Problem('query.invalid', 'The range is empty: `since` is not before `until`', {
      mistakes: [{ path: '/since', message: 'must be before `until`' }],
    })
  const rangeMs = toMs - fromMs
  const chosen = step ?? steps.find(one => rangeMs / stepsMs[one] <= wantedPoints) ?? '1d'
  const stepMs = stepsMs[chosen]
  if (rangeMs / stepMs > mostPoints)
    throw new Problem(
      'query.invalid',
      `That would be ${Math.ceil(rangeMs / stepMs)} points, and ${mostPoints} is the most: take a wider step`,
      { mistakes: [{ path: '/step', message: 'is too narrow for the range' }] },
    )
  return {
    fromMs: startOf(fromMs, stepMs),
    toMs: startOf(toMs - 1, stepMs) + stepMs,
    stepMs,
    step: chosen,
  }
}

/** What is deleted is asked for by its id. */
async function narrow(
  services: Services,
  viewer: Member,
  { reaction, endpoint }: Static<typeof StatisticsQuery>,
): Promise<{ reactionId?: string; endpointId?: string }> {
  return {
    ...(reaction === undefined
      ? {}
      : {
          reactionId: reaction.startsWith('rea_')
            ? reaction
            : (await findReaction(services, viewer, reaction)).id,
        }),
    ...(endpoint === undefined
      ? {}
      : {
          endpointId: endpoint.startsWith('ep_')
            ? endpoint
            : (await findEndpoint(services, viewer, endpoint)).id,
        }),
  }
}

function nameOf({ configuration }: Services, by: string | null, key: string): string {
  if (by === 'reaction' && key.startsWith('lis_')) return 'signalbox listen'
  if (by === 'reaction') return configuration.reactions.get(key)?.definition.name ?? key
  if (by === 'endpoint') return configuration.endpoints.get(key)?.definition.name ?? key
  return key
}

function figuresOf(rows: readonly StatisticRow[]): Static<typeof Total> {
  const count = (measure: string, holds: (outcome: string) => boolean) =>
    rows.reduce((sum, row) => (row.measure === measure && holds(row.outcome) ? sum + row.count : sum), 0)
  const times = (measure: string, holds: (outcome: string) => boolean) => {
    const buckets = new Map<number, number>()
    for (const row of rows) {
      if (row.measure !== measure || !holds(row.outcome)) continue
      buckets.set(row.bucket, (buckets.get(row.bucket) ?? 0) + row.count)
    }
    const read = (share: number) => {
      const ms = percentile(buckets, share)
      return ms === null ? null : Math.round(ms * 10) / 10
    }
    return { count: [...buckets.values()].reduce((a, b) => a + b, 0), p50: read(0.5), p95: read(0.95) }
  }
  const is =
    (...wanted: string[]) =>
    (outcome: string) =>
      wanted.includes(outcome)
  return {
    events: { success: count('event', is('success')), error: count('event', is('error')) },
    attempts: {
      succeeded: count('attempt', is('succeeded')),
      failed: count('attempt', outcome => outcome !== 'succeeded'),
    },
    runs: {
      succeeded: count('run', is('succeeded')),
      failed: count('run', is('failed', 'timed-out')),
      cancelled: count('run', is('cancelled', 'declined')),
    },
    deliveryMs: times('run', is('succeeded')),
    // How long a lost attempt took, nobody knows.
    attemptMs: times('attempt', outcome => outcome !== 'attempt.lost'),
  }
}

/** A point each step, also where nothing happened. What waits goes on waiting until something is told of it. */
function pointsOf(
  rows: readonly StatisticRow[],
  { fromMs, toMs, stepMs }: StatisticsRange,
  before: Record<string, number> | null,
) {
  const byTime = Map.groupBy(rows, row => row.at)
  let waiting = before
  const points = []
  for (let atMs = fromMs; atMs < toMs; atMs += stepMs) {
    const here = byTime.get(atMs) ?? []
    const noted = (measure: string) => here.filter(row => row.measure === measure)
    const asRecord = (found: readonly StatisticRow[]) =>
      Object.fromEntries(found.map(row => [row.outcome, row.count]))
    const peak = noted('waiting-peak')
    const shown: Record<string, number> | null = waiting && (peak.length > 0 ? asRecord(peak) : waiting)
    const last = noted('waiting')
    if (waiting && last.length > 0) waiting = asRecord(last)
    points.push({
      at: timeText(atMs),
      ...figuresOf(here),
      waiting: shown && {
        due: shown['due'] ?? 0,
        trying: shown['trying'] ?? 0,
        held: shown['held'] ?? 0,
      },
    })
  }
  return points
}
