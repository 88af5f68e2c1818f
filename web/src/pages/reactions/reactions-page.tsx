import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { reactionsQuery } from '../../api/reactions.ts'
import type { Reaction } from '../../api/types.ts'
import { useListKeys, useMarkedFocus } from '../../app/list-keys.ts'
import { AspectLabel } from '../../ui/aspect.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Page } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { aspectOfReaction, triggerText } from './describe.ts'
import { TellMe } from './tell-me.tsx'
import { RecentRuns } from './recent-runs.tsx'

export function ReactionsPage() {
  const { data, error, refetch } = useQuery(reactionsQuery)
  const navigate = useNavigate()
  const reactions = data?.items ?? []
  const marked = useListKeys('Reactions', reactions, undefined, id => {
    if (id) void navigate({ to: '/reactions/$reactionId', params: { reactionId: id } })
  })
  const create = (
    <Link to="/reactions/new" className={buttonClass({ look: 'primary' })}>
      <Plus size={16} aria-hidden />
      New reaction
    </Link>
  )
  return (
    <Page
      title="Reactions"
      actions={
        <>
          <TellMe look="button" />
          {create}
        </>
      }
    >
      {error && (
        <ProblemNote error={error} what="The reactions could not be read" retry={() => void refetch()} />
      )}
      {data && reactions.length === 0 && (
        <Empty title="No reactions yet" action={create}>
          A reaction says what is done when an event comes: a trigger, a filter and an action. The quickest
          way to the first one is “Make a reaction of this” on an event.
        </Empty>
      )}
      <ul>
        {reactions.map(reaction => (
          <ReactionItem key={reaction.id} reaction={reaction} isMarked={reaction.id === marked} />
        ))}
      </ul>
    </Page>
  )
}

function ReactionItem({ reaction, isMarked }: { reaction: Reaction; isMarked: boolean }) {
  const row = useMarkedFocus<HTMLAnchorElement>(isMarked)
  return (
    <li className="border-b border-line">
      <Link
        ref={row}
        to="/reactions/$reactionId"
        params={{ reactionId: reaction.id }}
        className={`grid gap-x-4 gap-y-1 rounded-md px-2 py-3 no-underline hover:bg-raised sm:grid-cols-[1fr_12rem_6rem] sm:items-center ${isMarked ? 'bg-accent-wash' : ''}`}
      >
        <span className="min-w-0">
          <span className="block truncate font-medium">{reaction.definition.name}</span>
          <span className="block truncate text-[13px] text-soft">
            {triggerText(reaction)} → {reaction.definition.action.method || 'POST'}{' '}
            {reaction.definition.action.url}
          </span>
        </span>
        <RecentRuns recent={reaction.recent} />
        <AspectLabel aspect={aspectOfReaction(reaction)}>{reaction.state}</AspectLabel>
      </Link>
    </li>
  )
}
