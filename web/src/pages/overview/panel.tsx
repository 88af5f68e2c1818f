import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useId } from 'react'
import type { ChartSeries } from '../../ui/chart.tsx'
import { shortTime } from '../../ui/format.ts'
import { rangeBetween } from './steps.ts'

const Chart = lazy(() => import('../../ui/chart.tsx'))

interface PanelProps {
  title: string
  times: readonly number[]
  stepMs: number
  series: readonly ChartSeries[]
  format: (value: number) => string
}

/** A chart, and behind it the same as a table, each row of which leads to the events of its time. */
export function Panel({ title, times, stepMs, series, format }: PanelProps) {
  const navigate = useNavigate()
  const id = useId()
  const pick = (fromMs: number, toMs: number) =>
    void navigate({ to: '/events', search: { range: rangeBetween(fromMs, toMs) } })
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-lg border border-line bg-surface p-4">
      <h2 id={id} className="mb-1 font-semibold">
        {title}
      </h2>
      <Suspense fallback={<div className="h-[190px]" />}>
        <Chart {...{ times, stepMs, series, format }} onPick={pick} />
      </Suspense>
      <details className="mt-2 text-[13px]">
        <summary className="w-fit text-soft">As a table</summary>
        <div
          className="mt-2 max-h-64 overflow-auto"
          tabIndex={0}
          role="region"
          aria-label={`${title}, as a table`}
        >
          <table className="w-full border-collapse text-left">
            <thead className="sticky top-0 bg-surface text-soft">
              <tr>
                <th scope="col" className="py-1 pr-3 font-normal">
                  From
                </th>
                {series.map(one => (
                  <th key={one.label} scope="col" className="py-1 pr-3 text-right font-normal">
                    {one.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times
                .map((_, index) => times.length - 1 - index)
                .map(at => (
                  <tr key={times[at]} className="border-t border-line">
                    <th scope="row" className="py-1 pr-3 font-normal whitespace-nowrap">
                      <Link
                        to="/events"
                        search={{ range: rangeBetween(times[at] ?? 0, (times[at] ?? 0) + stepMs) }}
                        className="text-link"
                        preload={false}
                      >
                        {shortTime(new Date(times[at] ?? 0).toISOString())}
                      </Link>
                    </th>
                    {series.map(one => {
                      const value = one.values[at] ?? null
                      return (
                        <td key={one.label} className="py-1 pr-3 text-right">
                          {value === null ? '–' : format(value)}
                        </td>
                      )
                    })}
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  )
}
