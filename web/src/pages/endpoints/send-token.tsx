import { useQueryClient } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { endFormerToken, endpointQuery, rotateToken } from '../../api/endpoints.ts'
import type { Endpoint } from '../../api/types.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Select } from '../../ui/field.tsx'
import { count, shortTime } from '../../ui/format.ts'
import { Ago } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'

const overlaps = [
  { seconds: 0, title: 'Not at all: it ends now' },
  { seconds: 3600, title: '1 hour' },
  { seconds: 86_400, title: '24 hours' },
  { seconds: 7 * 86_400, title: '7 days' },
  { seconds: 30 * 86_400, title: '30 days' },
]

export function RotateToken({ endpoint }: { endpoint: Endpoint }) {
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const [overlapSeconds, setOverlap] = useState(86_400)
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        <KeyRound size={14} aria-hidden />
        Rotate token
      </Button>
      <Confirm
        open={isOpen}
        onClose={() => setOpen(false)}
        title="Rotate the token"
        description="The endpoint gets a new token. The one it has can be taken for a while besides, so that senders can be changed meanwhile; one that was rotated away before ends now."
        label="Rotate"
        danger
        run={() => rotateToken(endpoint.id, overlapSeconds)}
        onDone={() => {
          toast('The new token is in place.')
          void queries.invalidateQueries(endpointQuery(endpoint.id))
        }}
      >
        <Select
          label="Take the present one for"
          value={overlapSeconds}
          onChange={({ target }) => setOverlap(Number(target.value))}
        >
          {overlaps.map(({ seconds, title }) => (
            <option key={seconds} value={seconds}>
              {title}
            </option>
          ))}
        </Select>
      </Confirm>
    </>
  )
}

/** The token before the last rotation: until when it is taken, and who still uses it. */
export function FormerToken({ endpoint: { id, formerToken } }: { endpoint: Endpoint }) {
  const queries = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  if (formerToken === null) return null
  const { ended, endsAt, uses, lastUsedAt, lastUsedBy } = formerToken
  return (
    <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 text-[13px] text-soft">
      <p className="min-w-0 flex-1 basis-60">
        The former token {ended ? `ended at ${shortTime(endsAt)}` : `is taken until ${shortTime(endsAt)}`}
        {uses === 0
          ? '; nobody has used it since the rotation.'
          : `; used ${count(uses, 'time')} since, last `}
        {uses > 0 && lastUsedAt && (
          <>
            <Ago time={lastUsedAt} /> from {lastUsedBy}.
          </>
        )}
      </p>
      {!ended && (
        <Button size="small" look="danger" onClick={() => setAsking(true)}>
          End it now
        </Button>
      )}
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        title="End the former token"
        description="Whoever still sends with it is turned away from now on, and counted."
        label="End it"
        danger
        run={() => endFormerToken(id)}
        onDone={() => {
          toast('The former token is not taken any more.')
          void queries.invalidateQueries(endpointQuery(id))
        }}
      />
    </div>
  )
}
