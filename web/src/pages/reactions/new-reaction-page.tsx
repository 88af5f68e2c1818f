import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { eventQuery } from '../../api/events.ts'
import { createReaction, reactionQuery, reactionsQuery } from '../../api/reactions.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { emptyDraft, type ReactionDraft } from './draft.ts'
import { Editor } from './editor.tsx'
import { templateFor } from './template-for.ts'
import type { EventDetail } from '../../api/types.ts'

const route = getRouteApi('/reactions/new')

/** With an event as the sample, the trigger, the filter and the body begin with what fits it. */
export function NewReactionPage() {
  const { endpoint, sample, where, body } = route.useSearch()
  const { data: event, isError } = useQuery({ ...eventQuery(sample ?? ''), enabled: sample !== undefined })
  const queries = useQueryClient()
  const navigate = useNavigate()
  const isReady = sample === undefined || event !== undefined || isError
  return (
    <Page
      wide
      title="New reaction"
      back={
        <Link to="/reactions" className="text-link">
          Reactions
        </Link>
      }
    >
      {isReady ? (
        <Editor
          initial={{ ...draftFor(endpoint, event), ...(where ? { where } : {}), ...(body ? { body } : {}) }}
          initialSample={event?.id}
          label="Make the reaction"
          save={createReaction}
          onSaved={reaction => {
            queries.setQueryData(reactionQuery(reaction.id).queryKey, reaction)
            void queries.invalidateQueries({ ...reactionsQuery, exact: true })
            void navigate({ to: '/reactions/$reactionId', params: { reactionId: reaction.id } })
          }}
          cancel={
            <Link to="/reactions" className={buttonClass()}>
              Cancel
            </Link>
          }
        />
      ) : (
        <p className="text-soft">Reading the event…</p>
      )}
    </Page>
  )
}

function draftFor(endpoint: string | undefined, event: EventDetail | undefined): ReactionDraft {
  const from = endpoint ?? event?.endpointId ?? ''
  if (!event) return { ...emptyDraft, endpoint: from }
  const body = { bodyFrom: 'template', body: templateFor(event) } as const
  return from === ''
    ? { ...emptyDraft, ...body, trigger: 'events', kindNames: event.kind.name }
    : { ...emptyDraft, ...body, endpoint: from }
}
