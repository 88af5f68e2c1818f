import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createShare, endShare, previewShare, sharesOf, type Share } from '../../../api/shares.ts'
import { asProblem } from '../../../api/problem.ts'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Select, TextArea } from '../../../ui/field.tsx'
import { fullTime } from '../../../ui/format.ts'
import { ProblemNote } from '../../../ui/problem-note.tsx'
import { SharedEventView } from '../../shared/shared-event.tsx'

const spans: [ms: number, name: string][] = [
  [3_600_000, 'An hour'],
  [86_400_000, 'A day'],
  [7 * 86_400_000, 'A week'],
  [30 * 86_400_000, '30 days'],
]

/** A link to one event; what the other will see is shown first. */
export function ShareDialog({ eventId, onClose }: { eventId: string; onClose: () => void }) {
  const [text, setText] = useState('')
  const [lastsMs, setLastsMs] = useState(86_400_000)
  const redact = text.split('\n').flatMap(line => line.trim() || [])
  const preview = useQuery({
    queryKey: ['shares', eventId, 'preview', redact],
    queryFn: ({ signal }) => previewShare(eventId, redact, signal),
    placeholderData: keepPreviousData,
    retry: false,
  })
  const client = useQueryClient()
  const making = useMutation({
    mutationFn: () => createShare(eventId, { redact, lastsMs }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['shares', eventId] }),
  })
  const mistake = preview.error ? asProblem(preview.error).errors[0] : undefined
  const line = Number(mistake?.path.split('/').at(-1)) + 1
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Share this event"
      description="By a link that shows it to whoever has it, without signing in, and nothing else."
      actions={
        <Button
          look="primary"
          busy={making.isPending}
          disabled={preview.isError}
          onClick={() => making.mutate()}
        >
          Make a link
        </Button>
      }
    >
      <div className="mt-4 flex flex-col gap-4">
        <Select label="It opens for" value={lastsMs} onChange={e => setLastsMs(Number(e.target.value))}>
          {spans.map(([ms, name]) => (
            <option key={ms} value={ms}>
              {name}
            </option>
          ))}
        </Select>
        <TextArea
          label="Mask these too"
          mono
          rows={3}
          placeholder={'body.customer.email\nheaders.x-forwarded-for'}
          value={text}
          onChange={e => {
            making.reset()
            setText(e.target.value)
          }}
          hint="A path a line. Headers, parameters and keys that are secrets by their name are masked anyhow; the path of the URL is never shown."
          error={mistake && `Line ${line} ${mistake.message}`}
        />
        {making.error && <ProblemNote error={making.error} what="The link was not made" />}
        {making.data && <Made share={making.data} />}
        <Links eventId={eventId} />
        <div>
          <h3 className="mb-2 font-medium">What the other will see</h3>
          <div className="rounded-lg border border-line p-4">
            {preview.data && <SharedEventView event={preview.data} />}
            {preview.error && !mistake && (
              <ProblemNote error={preview.error} what="The preview could not be made" />
            )}
          </div>
        </div>
      </div>
    </Dialog>
  )
}

function Made({ share }: { share: Share & { url: string } }) {
  return (
    <div role="status" className="rounded-lg border border-line bg-raised p-3">
      <p className="mb-1 text-[13px] text-soft">
        It is told this once. It opens until {fullTime(share.expiresAt)}.
      </p>
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 font-mono text-[13px] [overflow-wrap:anywhere]">{share.url}</code>
        <CopyButton text={share.url} what="link" />
      </div>
    </div>
  )
}

function Links({ eventId }: { eventId: string }) {
  const client = useQueryClient()
  const links = useQuery({
    queryKey: ['shares', eventId, 'list'],
    queryFn: ({ signal }) => sharesOf(eventId, signal),
  })
  const ending = useMutation({
    mutationFn: endShare,
    onSuccess: () => client.invalidateQueries({ queryKey: ['shares', eventId] }),
  })
  const open = (links.data?.items ?? []).filter(
    ({ revokedAt, expiresAt }) => revokedAt === null && Date.parse(expiresAt) > Date.now(),
  )
  if (open.length === 0) return null
  return (
    <div>
      <h3 className="mb-1 font-medium">Links that are open</h3>
      <ul>
        {open.map(({ id, actor, expiresAt, redact }) => (
          <li key={id} className="flex items-center gap-3 border-t border-line py-1.5 text-[13px]">
            <span className="min-w-0 flex-1">
              By {actor}, until {fullTime(expiresAt)}
              {redact.length > 0 && `, without ${redact.join(', ')}`}
            </span>
            <Button size="small" busy={ending.isPending} onClick={() => ending.mutate(id)}>
              End it
            </Button>
          </li>
        ))}
      </ul>
      {ending.error && <ProblemNote error={ending.error} what="The link was not ended" />}
    </div>
  )
}
