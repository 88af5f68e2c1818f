import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { deleteSecret, type Secret, secretsQuery } from '../../api/secrets.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Section } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Ago } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'

const SecretDialog = lazy(() => import('./secret-dialog.tsx'))

/** Values that templates name: what is there, where it may go, and who names it. */
export function Secrets() {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(secretsQuery)
  const [edited, setEdited] = useState<Secret | 'new' | null>(null)
  const [deleted, setDeleted] = useState<Secret | null>(null)
  const refresh = () => void queries.invalidateQueries(secretsQuery)
  return (
    <Section
      title="Secrets"
      actions={
        <Button onClick={() => setEdited('new')}>
          <Plus size={16} aria-hidden />
          New secret
        </Button>
      }
    >
      <p className="mb-3 text-pretty text-soft">
        Set once and never shown again. Reactions take them by name:{' '}
        <code className="font-mono text-[13px] [overflow-wrap:anywhere]">{'{{secret "NAME"}}'}</code>
      </p>
      {error && (
        <ProblemNote error={error} what="The secrets could not be read" retry={() => void refetch()} />
      )}
      {data?.items.length === 0 && <p>None yet.</p>}
      {data && data.items.length > 0 && (
        <ul aria-label="Secrets">
          {data.items.map(secret => (
            <SecretRow
              key={secret.id}
              secret={secret}
              onEdit={() => setEdited(secret)}
              onDelete={() => setDeleted(secret)}
            />
          ))}
        </ul>
      )}
      {edited && (
        <Suspense>
          <SecretDialog
            secret={edited === 'new' ? null : edited}
            onClose={() => setEdited(null)}
            onDone={refresh}
          />
        </Suspense>
      )}
      {deleted && (
        <Confirm
          open
          onClose={() => setDeleted(null)}
          title={`Delete ${deleted.name}`}
          description={
            deleted.usedBy.length === 0
              ? 'No reaction that you see names it.'
              : `It is named by ${deleted.usedBy.map(({ name }) => name).join(', ')}: their runs fail without it.`
          }
          label={`Delete ${deleted.name}`}
          danger
          run={() => deleteSecret(deleted.id)}
          onDone={() => {
            toast(`${deleted.name} is deleted.`)
            refresh()
          }}
        />
      )}
    </Section>
  )
}

const iconButton = 'rounded-md p-1.5 text-soft hover:bg-raised hover:text-ink'

function SecretRow({
  secret,
  onEdit,
  onDelete,
}: {
  secret: Secret
  onEdit: () => void
  onDelete: () => void
}) {
  const { name, team, hosts, description, usedBy, lastUsedAt } = secret
  return (
    <li className="flex items-start gap-2 border-b border-line py-2 last:border-0">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <span className="font-mono text-[13px] font-medium [overflow-wrap:anywhere]">{name}</span>
          {team && <span className="text-[13px] text-soft">of {team}</span>}
          <span className="text-[13px] text-soft">
            {lastUsedAt === null ? (
              'never used'
            ) : (
              <>
                used <Ago time={lastUsedAt} />
              </>
            )}
          </span>
        </p>
        {description && <p className="text-pretty [overflow-wrap:anywhere]">{description}</p>}
        <p className="text-[13px] text-soft [overflow-wrap:anywhere]">
          {hosts.length === 0 ? 'To any host' : `To ${hosts.join(', ')} only`}
          {usedBy.length > 0 && '; named by '}
          {usedBy.map((reaction, at) => (
            <span key={reaction.id}>
              {at > 0 && ', '}
              <Link className="text-link" to="/reactions/$reactionId" params={{ reactionId: reaction.id }}>
                {reaction.name}
              </Link>
            </span>
          ))}
        </p>
      </div>
      <button type="button" className={iconButton} aria-label={`Change ${name}`} onClick={onEdit}>
        <Pencil size={16} aria-hidden />
      </button>
      <button type="button" className={iconButton} aria-label={`Delete ${name}`} onClick={onDelete}>
        <Trash2 size={16} aria-hidden />
      </button>
    </li>
  )
}
