import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { verdictsQuery } from '../../../api/events.ts'
import type { EventDetail, RunSummary, Verdict } from '../../../api/types.ts'
import { AspectLabel, aspectOfRun, wordOfRun } from '../../../ui/aspect.tsx'
import { ProblemNote } from '../../../ui/problem-note.tsx'

/** For each reaction that looked at the event: did it fire, and why or why not. */
export function ReactionsTab({ event }: { event: EventDetail }) {
  const { data, error, isPending, refetch } = useQuery(verdictsQuery(event.id))
  if (error)
    return <ProblemNote error={error} what="The verdicts could not be read" retry={() => void refetch()} />
  if (isPending) return <p className="text-soft">Asking the reactions…</p>
  if (data.state === 'waiting') return <p className="text-soft">This event waits for its turn. A moment…</p>
  const replays = event.runs.filter(run => run.replay)
  return (
    <div className="flex flex-col gap-5">
      {data.verdicts.length === 0 ? (
        <p className="text-soft">No reaction looked at this event.</p>
      ) : (
        <ul className="flex flex-col">
          {data.verdicts.map(verdict => (
            <VerdictItem
              key={verdict.reactionId}
              verdict={verdict}
              run={event.runs.find(run => run.id === verdict.runId)}
            />
          ))}
        </ul>
      )}
      {data.ruledOut > 0 && (
        <p className="text-[13px] text-soft">
          {data.ruledOut === 1
            ? '1 other was ruled out by its trigger.'
            : `${data.ruledOut.toLocaleString()} others were ruled out by their triggers.`}
        </p>
      )}
      {replays.length > 0 && (
        <section>
          <h3 className="mb-1 font-semibold">From replays</h3>
          <ul>
            {replays.map(run => (
              <li key={run.id} className="flex gap-3 py-1">
                <span className="min-w-0 flex-1 truncate">{run.reactionName}</span>
                <RunLink run={run} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

function VerdictItem({ verdict, run }: { verdict: Verdict; run: RunSummary | undefined }) {
  return (
    <li className="border-b border-line py-2.5 last:border-0">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span className="min-w-0 flex-1 truncate">
          <Link
            to="/reactions/$reactionId"
            params={{ reactionId: verdict.reactionId }}
            className="text-link font-medium"
          >
            {verdict.reactionName}
          </Link>
          <span className="ml-2 text-[13px] text-soft">version {verdict.version}</span>
        </span>
        {verdict.fires ? (
          run ? (
            <RunLink run={run} />
          ) : (
            <AspectLabel aspect={verdict.held ? 'held' : 'clear'}>
              {verdict.held ? 'fired, held' : 'fired'}
            </AspectLabel>
          )
        ) : (
          <AspectLabel aspect="off">did not fire</AspectLabel>
        )}
      </div>
      {!verdict.fires && verdict.reason && (
        <p className="mt-1 break-words text-soft [overflow-wrap:anywhere]">{verdict.reason}</p>
      )}
      {verdict.fires && run && <p className="mt-1 text-[13px] break-words text-soft">{run.label}</p>}
    </li>
  )
}

function RunLink({ run }: { run: RunSummary }) {
  return (
    <Link to="/runs/$runId" params={{ runId: run.id }} className="text-link">
      <AspectLabel aspect={aspectOfRun(run.state)}>{wordOfRun(run)}</AspectLabel>
    </Link>
  )
}
