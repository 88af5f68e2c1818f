import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { deleteListener, type Listener, listenersQuery } from '../../api/listeners.ts'
import { AspectLabel } from '../../ui/aspect.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Section } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Ago } from '../../ui/time.tsx'

/** A listener asks each second, and the server notes it every ten. */
const connectedWithinMs = 25_000

/** To which machines `signalbox listen` forwards what the endpoint receives; nothing where nobody listens. */
export function Listeners({ endpointId }: { endpointId: string }) {
  const { data, error, refetch, dataUpdatedAt } = useQuery(listenersQuery(endpointId))
  const queries = useQueryClient()
  const [asking, setAsking] = useState<Listener>()
  if (error && !data)
    return <ProblemNote error={error} what="The listeners could not be read" retry={() => void refetch()} />
  if (!data || data.items.length === 0) return null
  return (
    <Section title="Listeners">
      <ul className="rounded-lg border border-line bg-surface">
        {data.items.map(listener => {
          const { id, target, createdBy, seenAt } = listener
          const isConnected = dataUpdatedAt - Date.parse(seenAt) < connectedWithinMs
          return (
            <li
              key={id}
              className="flex flex-wrap items-baseline gap-x-3 border-b border-line px-4 py-3 last:border-0"
            >
              <AspectLabel aspect={isConnected ? 'clear' : 'off'}>
                {isConnected ? 'listening' : 'away'}
              </AspectLabel>
              <code className="min-w-0 flex-1 basis-52 [overflow-wrap:anywhere]">{target}</code>
              <span className="text-[13px] text-soft">
                by {createdBy}, seen <Ago time={seenAt} />
              </span>
              <Link to="/runs" search={{ reaction: id }} className="text-link text-[13px]">
                Its runs
              </Link>
              <Button
                size="small"
                look="quiet"
                aria-label={`Delete the listener to ${target}`}
                title="Delete"
                onClick={() => setAsking(listener)}
              >
                <Trash2 size={15} aria-hidden />
              </Button>
            </li>
          )
        })}
      </ul>
      {asking && (
        <Confirm
          open
          onClose={() => setAsking(undefined)}
          title={`Delete the listener to ${asking.target}`}
          description="What it had left to forward is cancelled; what it did stays. If its `signalbox listen` still runs, it ends."
          label="Delete the listener"
          danger
          run={() => deleteListener(asking.id)}
          onDone={() => void queries.invalidateQueries(listenersQuery(endpointId))}
        />
      )}
    </Section>
  )
}
