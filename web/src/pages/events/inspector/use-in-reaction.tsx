import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { EventDetail } from '../../../api/types.ts'
import { useSession } from '../../../app/session.ts'
import { ValueActions } from '../../../ui/value-actions.ts'
import { celEquals, goValue } from '../../reactions/expressions.ts'

/** A value of the payload that is clicked begins a reaction: as its filter, or in what it sends. */
export function UseInReaction({ event, children }: { event: EventDetail; children: ReactNode }) {
  const { signedIn } = useSession()
  const navigate = useNavigate()
  if (!signedIn) return children
  const begin = (with_: { where?: string; body?: string }) =>
    void navigate({
      to: '/reactions/new',
      search: { endpoint: event.endpointId ?? undefined, sample: event.id, ...with_ },
    })
  return (
    <ValueActions
      value={(steps, value) => [
        { label: 'React when it is this', run: () => begin({ where: celEquals(steps, value) }) },
        {
          label: 'Send it in a reaction',
          run: () =>
            begin({ body: `{ ${JSON.stringify(String(steps.at(-1) ?? 'value'))}: ${goValue(steps)} }` }),
        },
      ]}
    >
      {children}
    </ValueActions>
  )
}
