import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Send } from 'lucide-react'
import { alarmsQuery, testTellMe } from '../../api/alarms.ts'
import { AspectLabel, aspectOfRun, wordOfRun } from '../../ui/aspect.tsx'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { TellMe } from './tell-me.tsx'

/** Of one reaction, where it tells of alarms; of all without one. */
export function TellMeTest({ reactionId }: { reactionId?: string }) {
  const { data } = useQuery(alarmsQuery)
  const test = useMutation({ mutationFn: () => testTellMe(reactionId) })
  const tellers = data?.tellers.filter(({ id }) => reactionId === undefined || id === reactionId) ?? []
  if (!data || (reactionId !== undefined && tellers.length === 0)) return null
  return (
    <Section title="Alarms">
      {tellers.length === 0 ? (
        <div className="flex flex-wrap items-center gap-3">
          <span className="text-soft">Nobody is told of alarms.</span>
          <TellMe look="button" />
        </div>
      ) : (
        <div className="flex flex-wrap items-center gap-3">
          <span>Told by {tellers.map(({ name }) => name).join(', ')}.</span>
          <Button busy={test.isPending} onClick={() => test.mutate()}>
            <Send size={15} aria-hidden />
            Send a test message
          </Button>
        </div>
      )}
      {test.isError && (
        <div className="mt-3">
          <ProblemNote error={test.error} what="No test message was sent" />
        </div>
      )}
      <div role="status" aria-label="Test message">
        {test.data?.runs.length === 0 && (
          <p className="mt-3 text-caution">
            Nobody was told: no active reaction takes the kind <code>alarm.test</code>. Add it to the filter.
          </p>
        )}
        {test.data?.runs.map(run => (
          <p key={run.id} className="mt-3 flex flex-wrap items-baseline gap-x-3">
            <AspectLabel aspect={aspectOfRun(run.state)}>{wordOfRun(run)}</AspectLabel>
            <Link to="/runs/$runId" params={{ runId: run.id }} className="text-link">
              {run.reactionName}
            </Link>
            <span className="min-w-0 text-soft [overflow-wrap:anywhere]">{run.label}</span>
          </p>
        ))}
      </div>
    </Section>
  )
}
