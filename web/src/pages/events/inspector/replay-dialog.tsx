import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { eventQuery, replay } from '../../../api/events.ts'
import { reactionsQuery } from '../../../api/reactions.ts'
import type { EventDetail, Replay } from '../../../api/types.ts'
import { Confirm } from '../../../ui/confirm.tsx'
import { Select } from '../../../ui/field.tsx'
import { count } from '../../../ui/format.ts'
import { toast } from '../../../ui/toast.tsx'

interface ReplayDialogProps {
  event: EventDetail
  open: boolean
  onClose: () => void
}

export function ReplayDialog({ event, open, onClose }: ReplayDialogProps) {
  const queries = useQueryClient()
  const reactions = useQuery({ ...reactionsQuery, enabled: open }).data?.items ?? []
  const [reaction, setReaction] = useState('')
  return (
    <Confirm
      open={open}
      onClose={onClose}
      title="Replay this event"
      description="Puts the stored event before the reactions as they are now. Each that fires makes a new run, which its target cannot tell from a first delivery. It makes no new event."
      label="Replay"
      run={() => replay(event.id, reaction || undefined)}
      onDone={result => {
        void queries.invalidateQueries(eventQuery(event.id))
        sayReplayed(event.id, result)
      }}
    >
      <Select label="Reactions" value={reaction} onChange={e => setReaction(e.target.value)}>
        <option value="">All that match</option>
        {reactions.map(({ id, definition }) => (
          <option key={id} value={id}>
            Only {definition.name}
          </option>
        ))}
      </Select>
    </Confirm>
  )
}

function sayReplayed(eventId: string, { runs, verdicts }: Replay): void {
  if (runs.length === 0) {
    const [first] = verdicts
    toast(<>No reaction fired. {first?.reason && `${first.reactionName}: ${first.reason}`}</>)
    return
  }
  toast(
    <>
      {count(runs.length, 'new run')}.{' '}
      <Link to="/runs" search={{ event: eventId }}>
        Watch
      </Link>
    </>,
  )
}
