import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { listRuns } from '../../api/runs.ts'
import { reactionQuery } from '../../api/reactions.ts'
import type { Reaction } from '../../api/types.ts'
import { AspectLabel, aspectOfRun, wordOfRun } from '../../ui/aspect.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Time } from '../../ui/time.tsx'
import { isPractice } from '../../api/practice.ts'
import { aspectOfReaction } from './describe.ts'
import { PracticePanel } from './practice.tsx'
import { ReactionActions } from './reaction-actions.tsx'
import { RecentRuns } from './recent-runs.tsx'
import { Summary } from './summary.tsx'
import { TellMeTest } from './tell-me-test.tsx'
import { Versions } from './versions.tsx'

const route = getRouteApi('/reactions/$reactionId')

export function ReactionPage() {
  const { reactionId } = route.useParams()
  const { data: reaction, error, refetch } = useQuery(reactionQuery(reactionId))
  const back = (
    <Link to="/reactions" className="text-link">
      Reactions
    </Link>
  )
  if (!reaction) {
    return (
      <Page title="Reaction" back={back}>
        {error ? (
          <ProblemNote error={error} what="The reaction could not be read" retry={() => void refetch()} />
        ) : (
          <p className="text-soft">Reading the reaction…</p>
        )}
      </Page>
    )
  }
  return (
    <Page title={reaction.definition.name} back={back} actions={<ReactionActions reaction={reaction} />}>
      <div className="-mt-3 flex flex-wrap items-center gap-x-4 gap-y-1 text-[13px] text-soft">
        <AspectLabel aspect={aspectOfReaction(reaction)}>{reaction.state}</AspectLabel>
        <span>version {reaction.version}</span>
        <RecentRuns recent={reaction.recent} />
      </div>
      {reaction.stateReason && (
        <p className="mt-3 rounded-md bg-caution-wash px-3 py-2 text-caution">{reaction.stateReason}</p>
      )}
      {reaction.definition.description && <p className="mt-3 text-soft">{reaction.definition.description}</p>}
      <div className="mt-6">
        <Summary reaction={reaction} />
      </div>
      {isPractice(reaction.definition.action.url) && (
        <Section title="Practice target">
          <PracticePanel />
        </Section>
      )}
      <TellMeTest reactionId={reaction.id} />
      <LatestRuns reaction={reaction} />
      <Section title="Versions">
        <Versions reaction={reaction} />
      </Section>
    </Page>
  )
}

const shownRuns = 8

function LatestRuns({ reaction }: { reaction: Reaction }) {
  const { data } = useQuery({
    queryKey: ['reactions', reaction.id, 'runs'],
    queryFn: ({ signal }) => listRuns({ reaction: reaction.id, limit: shownRuns }, signal),
  })
  const runs = data?.items ?? []
  return (
    <Section
      title="Latest runs"
      actions={
        <Link to="/runs" search={{ reaction: reaction.id }} className="text-link text-[13px]">
          All of them
        </Link>
      }
    >
      {data && runs.length === 0 && <p className="text-soft">It has not fired yet.</p>}
      <ul>
        {runs.map(run => (
          <li key={run.id} className="border-b border-line last:border-0">
            <Link
              to="/runs/$runId"
              params={{ runId: run.id }}
              className="flex items-baseline gap-4 rounded-md px-1 py-2 no-underline hover:bg-raised"
            >
              <span className="w-28 shrink-0">
                <AspectLabel aspect={aspectOfRun(run.state)}>{wordOfRun(run)}</AspectLabel>
              </span>
              <span className="min-w-0 flex-1 truncate text-soft">{run.label}</span>
              <span className="text-[13px] text-soft">
                <Time time={run.createdAt} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}
