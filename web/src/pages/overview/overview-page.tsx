import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { statisticsQuery } from '../../api/statistics.ts'
import type { Figures, Statistics } from '../../api/types.ts'
import { buttonClass } from '../../ui/button.tsx'
import type { ChartSeries } from '../../ui/chart.tsx'
import { Empty } from '../../ui/empty.tsx'
import { duration } from '../../ui/format.ts'
import { Page } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { RangeSelect } from '../../ui/range-select.tsx'
import { Panel } from './panel.tsx'
import { stepMsOf } from './steps.ts'
import { Tiles } from './tiles.tsx'
import { Troubles } from './troubles.tsx'

const defaultRange = '1h'

export function OverviewPage() {
  const { range = defaultRange } = useSearch({ from: '/overview' })
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery(statisticsQuery(range))
  return (
    <Page
      title="Overview"
      wide
      actions={
        <div className="w-44">
          <RangeSelect
            value={range}
            required
            onChange={next => void navigate({ to: '/overview', search: { range: next }, replace: true })}
          />
        </div>
      }
    >
      {error && !data && (
        <ProblemNote error={error} what="The numbers could not be read" retry={() => void refetch()} />
      )}
      {!data && !error && <p className="text-soft">Reading the numbers…</p>}
      {data && <Numbers statistics={data} range={range} />}
    </Page>
  )
}

const whole = (value: number): string => value.toLocaleString(undefined, { maximumFractionDigits: 3 })

function Numbers({ statistics, range }: { statistics: Statistics; range: string }) {
  const [series] = statistics.series
  const stepMs = stepMsOf(statistics.step)
  const charts = useMemo(() => chartsOf(series?.points ?? [], stepMs), [series, stepMs])
  if (!series) return null
  return (
    <>
      <Tiles total={series.total} spanMs={spanOf(statistics)} />
      <Troubles range={range} />
      {isQuiet(series.total) ? (
        <Empty
          title="Nothing happened in this time"
          action={
            <Link to="/" className={buttonClass({ look: 'primary' })}>
              Get my webhook
            </Link>
          }
        >
          As soon as an event comes in, its numbers show up here by themselves. A longer time may show earlier
          ones.
        </Empty>
      ) : (
        <div className="mt-4 grid gap-4 lg:grid-cols-2">
          <Panel title="Events per second" {...charts.events} format={whole} />
          <Panel title="Runs that ended, per second" {...charts.runs} format={whole} />
          <Panel title="Accepted to delivered" {...charts.delivery} format={duration} />
          <Panel title="How long an attempt takes" {...charts.attempt} format={duration} />
          <Panel title="Runs waiting" {...charts.waiting} format={whole} />
        </div>
      )}
      <p className="mt-3 text-[13px] text-soft">
        Click a chart, or draw a span in it, to see the events of that time. Latencies are within 10 %.
      </p>
    </>
  )
}

const isQuiet = ({ events, attempts, runs }: Figures): boolean =>
  [events, attempts, runs].every(counts => Object.values(counts).every(count => count === 0))

/** The last point has only begun. */
const spanOf = ({ since, until }: Statistics): number =>
  Math.max(1000, Math.min(Date.parse(until), Date.now()) - Date.parse(since))

function chartsOf(points: Statistics['series'][number]['points'], stepMs: number) {
  const times = points.map(({ at }) => Date.parse(at))
  const nowMs = Date.now()
  const perSecond = (count: number, at: number): number =>
    count / Math.max(1, Math.min(stepMs, nowMs - (times[at] ?? 0)) / 1000)
  const chart = (...series: ChartSeries[]) => ({ times, stepMs, series })
  const line = (
    label: string,
    colour: string,
    value: (point: (typeof points)[number], at: number) => number | null,
    dashed = false,
  ): ChartSeries => ({ label, colour, values: points.map(value), dashed })
  return {
    events: chart(
      line('Without an error', '--color-accent', (p, at) => perSecond(p.events.success, at)),
      line('With an error', '--color-danger-lamp', (p, at) => perSecond(p.events.error, at), true),
    ),
    runs: chart(
      line('Succeeded', '--color-clear-lamp', (p, at) => perSecond(p.runs.succeeded, at)),
      line('Failed', '--color-danger-lamp', (p, at) => perSecond(p.runs.failed, at), true),
    ),
    delivery: chart(
      line('Half of them within', '--color-accent', p => p.deliveryMs.p50),
      line('95 % within', '--color-caution-lamp', p => p.deliveryMs.p95, true),
    ),
    attempt: chart(
      line('Half of them within', '--color-accent', p => p.attemptMs.p50),
      line('95 % within', '--color-caution-lamp', p => p.attemptMs.p95, true),
    ),
    waiting: chart(
      line('Due', '--color-caution-lamp', p => p.waiting?.due ?? null),
      line('Being tried', '--color-accent', p => p.waiting?.trying ?? null, true),
      line('Held', '--color-held-lamp', p => p.waiting?.held ?? null, true),
    ),
  }
}
