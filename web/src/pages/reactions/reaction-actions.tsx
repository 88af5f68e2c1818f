import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Pause, Pencil, Play, Power, Trash2, type LucideIcon } from 'lucide-react'
import { useState } from 'react'
import { changeState, deleteReaction, reactionsQuery, type StateChange } from '../../api/reactions.ts'
import type { Reaction } from '../../api/types.ts'
import { useShortcuts } from '../../app/keys.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'

interface Change {
  label: string
  icon: LucideIcon
  meaning: string
}

const changes: Record<StateChange, Change> = {
  pause: {
    label: 'Pause',
    icon: Pause,
    meaning: 'It goes on firing, but its runs are held until you resume it.',
  },
  resume: { label: 'Resume', icon: Play, meaning: 'The runs that are held start now, oldest first.' },
  enable: { label: 'Enable', icon: Play, meaning: 'It fires again on the events that come from now on.' },
  disable: {
    label: 'Disable',
    icon: Power,
    meaning: 'It no longer fires. Events that come meanwhile pass it by.',
  },
}

const offered: Record<Reaction['state'], StateChange[]> = {
  active: ['pause', 'disable'],
  paused: ['resume', 'disable'],
  disabled: ['enable'],
}

export function ReactionActions({ reaction }: { reaction: Reaction }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [asking, setAsking] = useState<StateChange | 'delete'>()
  const { name } = reaction.definition
  const close = () => setAsking(undefined)
  const refresh = () => void queries.invalidateQueries(reactionsQuery)
  const edit = () => void navigate({ to: '/reactions/$reactionId/edit', params: { reactionId: reaction.id } })
  useShortcuts('Reaction', [{ key: 'e', label: 'Edit', run: edit }])
  return (
    <div className="flex flex-wrap gap-1.5">
      <Link
        to="/reactions/$reactionId/edit"
        params={{ reactionId: reaction.id }}
        className={buttonClass({ look: 'primary' })}
      >
        <Pencil size={15} aria-hidden />
        Edit
      </Link>
      {offered[reaction.state].map(change => {
        const { label, icon: Icon, meaning } = changes[change]
        return (
          <span key={change}>
            <Button onClick={() => setAsking(change)}>
              <Icon size={15} aria-hidden />
              {label}
            </Button>
            <Confirm
              open={asking === change}
              onClose={close}
              title={`${label} ${name}`}
              description={meaning}
              label={label}
              run={() => changeState(reaction.id, change)}
              onDone={refresh}
            />
          </span>
        )
      })}
      <Button look="danger" onClick={() => setAsking('delete')}>
        <Trash2 size={15} aria-hidden />
        Delete
      </Button>
      <Confirm
        open={asking === 'delete'}
        onClose={close}
        title={`Delete ${name}`}
        description="It no longer fires. Its runs stay to be looked at; those that are held are cancelled."
        label={`Delete ${name}`}
        danger
        run={() => deleteReaction(reaction.id)}
        onDone={() => {
          refresh()
          void navigate({ to: '/reactions' })
        }}
      />
    </div>
  )
}
