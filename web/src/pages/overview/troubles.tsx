import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { statisticsQuery, statusQuery } from '../../api/statistics.ts'
import { AspectLabel } from '../../ui/aspect.tsx'
import { count } from '../../ui/format.ts'
import { Until } from '../runs/until.tsx'
import { successRate } from './steps.ts'

const most = 8

/** Reactions that failed in this time, and targets that are left alone just now; nothing when all is well. */
export function Troubles({ range }: { range: string }) {
  const series = useQuery(statisticsQuery(range, 'reaction')).data?.series ?? []
  const lanes = useQuery(statusQuery).data?.lanes ?? []
  const failing = series
    .filter(({ key, total }) => key.startsWith('rea_') && total.runs.failed > 0)
    .toSorted((a, b) => b.total.runs.failed - a.total.runs.failed)
  const resting = lanes.filter(({ breaker }) => breaker !== 'closed')
  if (failing.length + resting.length === 0) return null
  return (
    <div className="mt-4 grid gap-4 lg:grid-cols-2">
      {failing.length > 0 && (
        <section className="min-w-0 rounded-lg border border-line bg-surface p-4">
          <h2 className="mb-1 font-semibold">{count(failing.length, 'failing reaction')}</h2>
          <ul>
            {failing.slice(0, most).map(({ key, name, total }) => (
              <li
                key={key}
                className="flex flex-wrap items-baseline gap-x-3 border-t border-line py-1.5 first:border-0"
              >
                <Link
                  to="/reactions/$reactionId"
                  params={{ reactionId: key }}
                  className="text-link min-w-0 truncate"
                >
                  {name}
                </Link>
                <span className="flex-1 text-right text-[13px] text-soft">
                  {successRate(total.runs)} succeed
                </span>
                <Link
                  to="/runs"
                  search={{ reaction: key, state: 'failed', range }}
                  className="text-link text-[13px]"
                >
                  {count(total.runs.failed, 'failure')}
                </Link>
              </li>
            ))}
          </ul>
          {failing.length > most && (
            <p className="text-[13px] text-soft">and {count(failing.length - most, 'other')}</p>
          )}
        </section>
      )}
      {resting.length > 0 && (
        <section className="min-w-0 rounded-lg border border-line bg-surface p-4">
          <h2 className="mb-1 font-semibold">
            {resting.length === 1 ? '1 target seems down' : `${resting.length} targets seem down`}
          </h2>
          <ul>
            {resting.slice(0, most).map(({ lane, opensAt, failuresInARow }) => (
              <li
                key={lane}
                className="flex flex-wrap items-baseline gap-x-3 border-t border-line py-1.5 first:border-0"
              >
                <span className="min-w-0 flex-1 truncate">{lane}</span>
                <span className="text-[13px]">
                  <AspectLabel aspect="caution">{count(failuresInARow, 'failure')} in a row</AspectLabel>
                </span>
                <span className="text-[13px] text-soft">
                  next probe {opensAt ? <Until time={opensAt} /> : 'under way'}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
