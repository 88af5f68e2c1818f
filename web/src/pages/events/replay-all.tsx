import { useQuery } from '@tanstack/react-query'
import { Repeat } from 'lucide-react'
import { useState } from 'react'
import { reactionsQuery } from '../../api/reactions.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { BeginDialog } from '../jobs/begin-dialog.tsx'
import { eventQueryOf, isFiltered, type EventFilter } from './search.ts'

/** Puts all events of the list before the reactions again, after saying how many that is. */
export function ReplayAll({ search }: { search: EventFilter }) {
  const [isOpen, setOpen] = useState(false)
  const [reaction, setReaction] = useState('')
  const [events, setEvents] = useState<object>({})
  const reactions = useQuery({ ...reactionsQuery, enabled: isOpen }).data?.items ?? []
  const open = () => {
    // Fixed now: what is counted is what is replayed.
    const { kind, ...others } = eventQueryOf(search)
    setEvents({ ...others, ...(kind === undefined ? {} : { kind: [kind] }) })
    setOpen(true)
  }
  return (
    <>
      <Button size="small" onClick={open}>
        <Repeat size={14} aria-hidden />
        Replay all
      </Button>
      <BeginDialog
        kind="replay"
        open={isOpen}
        onClose={() => setOpen(false)}
        many={{ events, ...(reaction === '' ? {} : { reaction }) }}
        title={isFiltered(search) ? 'Replay all events that match' : 'Replay all events'}
        unit="event"
        describe={({ count }, amount) =>
          count === 0
            ? 'No event matches.'
            : `Puts ${amount} before the reactions as they are now, the newest first. Each reaction that fires makes a new run, which its target cannot tell from a first delivery.`
        }
        label={amount => `Replay ${amount}`}
      >
        <Select label="Reactions" value={reaction} onChange={e => setReaction(e.target.value)}>
          <option value="">All that match</option>
          {reactions.map(({ id, definition }) => (
            <option key={id} value={id}>
              Only {definition.name}
            </option>
          ))}
        </Select>
      </BeginDialog>
    </>
  )
}
