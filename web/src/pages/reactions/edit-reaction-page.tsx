import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { reactionQuery, reactionsQuery, saveReaction } from '../../api/reactions.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { toast } from '../../ui/toast.tsx'
import { draftOf } from './draft.ts'
import { Editor } from './editor.tsx'

const route = getRouteApi('/reactions/$reactionId/edit')

export function EditReactionPage() {
  const { reactionId } = route.useParams()
  const { data: reaction, error, refetch } = useQuery(reactionQuery(reactionId))
  const queries = useQueryClient()
  const navigate = useNavigate()
  const show = () => navigate({ to: '/reactions/$reactionId', params: { reactionId } })
  return (
    <Page
      wide
      title={reaction ? `Edit ${reaction.definition.name}` : 'Edit'}
      back={
        <Link to="/reactions/$reactionId" params={{ reactionId }} className="text-link">
          {reaction?.definition.name ?? 'The reaction'}
        </Link>
      }
    >
      {error && (
        <ProblemNote error={error} what="The reaction could not be read" retry={() => void refetch()} />
      )}
      {reaction && (
        <Editor
          initial={draftOf(reaction.definition)}
          initialSample={undefined}
          reactionId={reaction.id}
          label="Save as a new version"
          save={definition => saveReaction(reaction.id, definition)}
          onSaved={saved => {
            queries.setQueryData(reactionQuery(reactionId).queryKey, saved)
            void queries.invalidateQueries(reactionsQuery)
            toast(`Saved as version ${saved.version}. Runs that exist keep the version they have.`)
            void show()
          }}
          cancel={
            <Link to="/reactions/$reactionId" params={{ reactionId }} className={buttonClass()}>
              Cancel
            </Link>
          }
        />
      )}
    </Page>
  )
}
