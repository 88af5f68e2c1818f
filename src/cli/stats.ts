import { type Command, Option } from 'commander'
import type { Context, Runner } from './context.ts'
import { times } from './list.ts'
import type { Cell } from './output.ts'
import type { Figures, Statistics } from './shapes.ts'
import { formatDuration } from './times.ts'

interface StatsOptions {
  since?: string
  until?: string
  step?: string
  by?: string
  reaction?: string
  endpoint?: string
}

export function statsCommand(command: Command, run: Runner): void {
  command
    .option('--since <time>', 'from this time on: 2026-11-21T06:50:00Z, or 24h for a day ago (1h)')
    .option('--until <time>', 'up to this time (now)')
    .addOption(
      new Option('--step <step>', 'a line for each step: 1m, 5m, 15m, 1h, 6h or 1d').choices([
        '1m',
        '5m',
        '15m',
        '1h',
        '6h',
        '1d',
      ]),
    )
    .addOption(
      new Option('--by <what>', 'a line for each reaction, endpoint or outcome').choices([
        'reaction',
        'endpoint',
        'outcome',
      ]),
    )
    .option('--reaction <reaction>', 'of this reaction')
    .option('--endpoint <endpoint>', 'of this endpoint')
    .action(
      run(async (context, options: StatsOptions) => {
        const query = { ...options, ...times(context, options) }
        const answer = await context.api.get<Statistics>('/api/statistics', query)
        context.print(answer, statistics => printStatistics(context, statistics, options))
      }),
    )
}

interface Line {
  name: string
  figures: Figures
}

function printStatistics({ output }: Context, { series }: Statistics, { step, by }: StatsOptions): void {
  const lines: Line[] = series.flatMap(({ name, total, points }) =>
    step === undefined
      ? [{ name: by === undefined ? '' : name || '(none)', figures: total }]
      : points.map(point => ({ name: [point.at, name].join(' ').trim(), figures: point })),
  )
  if (lines.length === 0) return output.note('Nothing happened in this time.')
  const failed = (count: number): Cell => (count > 0 ? { text: String(count), style: 'bad' } : '0')
  const ms = (value: number | null): string => (value === null ? '-' : formatDuration(value))
  output.table<Line>(
    [
      { title: step === undefined ? 'WHAT' : 'FROM', value: line => line.name, shrinks: true },
      {
        title: 'EVENTS',
        value: ({ figures }) => String(figures.events.success + figures.events.error),
      },
      { title: 'WITH ERROR', value: ({ figures }) => failed(figures.events.error) },
      { title: 'SUCCEEDED', value: ({ figures }) => String(figures.runs.succeeded) },
      { title: 'FAILED', value: ({ figures }) => failed(figures.runs.failed) },
      {
        title: 'ATTEMPTS',
        value: ({ figures: { attempts } }) => String(attempts.succeeded + attempts.failed),
      },
      {
        title: 'DELIVERED IN',
        value: ({ figures: { deliveryMs } }) => `${ms(deliveryMs.p50)}, 95 % ${ms(deliveryMs.p95)}`,
      },
      {
        title: 'ATTEMPT',
        value: ({ figures: { attemptMs } }) => `${ms(attemptMs.p50)}, 95 % ${ms(attemptMs.p95)}`,
      },
    ],
    lines,
  )
}
