import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { endpointsQuery } from '../../api/endpoints.ts'
import type { Endpoint } from '../../api/types.ts'
import { useListKeys, useMarkedFocus } from '../../app/list-keys.ts'
import { AspectLabel, type Aspect } from '../../ui/aspect.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { count } from '../../ui/format.ts'
import { Page } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Ago } from '../../ui/time.tsx'
import { schemeTitle } from './scheme-fields.ts'

export function EndpointsPage() {
  const { data, error, refetch } = useQuery(endpointsQuery)
  const navigate = useNavigate()
  const endpoints = data?.items ?? []
  const marked = useListKeys('Endpoints', endpoints, undefined, id => {
    if (id) void navigate({ to: '/endpoints/$endpointId', params: { endpointId: id } })
  })
  const create = (
    <Link to="/endpoints/new" className={buttonClass({ look: 'primary' })}>
      <Plus size={16} aria-hidden />
      New endpoint
    </Link>
  )
  return (
    <Page title="Endpoints" actions={create}>
      {error && (
        <ProblemNote error={error} what="The endpoints could not be read" retry={() => void refetch()} />
      )}
      {data && endpoints.length === 0 && (
        <Empty title="No endpoints yet" action={create}>
          An endpoint is a URL with a token. Give it to whatever can send a webhook, and each request becomes
          an event.
        </Empty>
      )}
      <ul>
        {endpoints.map(endpoint => (
          <EndpointItem key={endpoint.id} endpoint={endpoint} isMarked={endpoint.id === marked} />
        ))}
      </ul>
    </Page>
  )
}

function EndpointItem({ endpoint, isMarked }: { endpoint: Endpoint; isMarked: boolean }) {
  const row = useMarkedFocus<HTMLAnchorElement>(isMarked)
  const rejected = endpoint.rejections.reduce((sum, rejection) => sum + rejection.count, 0)
  const last = endpoint.rejections.toSorted((a, b) => b.lastAt.localeCompare(a.lastAt))[0]
  const perMinute = endpoint.eventsPerMinute
  return (
    <li className="border-b border-line">
      <Link
        ref={row}
        to="/endpoints/$endpointId"
        params={{ endpointId: endpoint.id }}
        className={`grid gap-x-4 rounded-md px-2 py-3 no-underline hover:bg-raised sm:grid-cols-[1fr_8rem_7rem] sm:items-center ${isMarked ? 'bg-accent-wash' : ''}`}
      >
        <span className="min-w-0">
          <span className="flex items-baseline gap-2">
            <span className="truncate font-medium">{endpoint.name}</span>
            {endpoint.visitor && <span className="text-[13px] text-soft">of a visitor</span>}
          </span>
          <span className="block truncate font-mono text-xs text-soft">
            {endpoint.methods.join(' ')} {endpoint.path}
          </span>
          <span className="block truncate text-[13px] text-soft">
            {endpoint.authentication.map(({ type }) => schemeTitle(type)).join(', ')}
            {perMinute > 0 && ` · ${perMinute} a minute`}
          </span>
          {last && (
            <span className="block truncate text-[13px] text-caution">
              last rejected: {last.reason} from {last.sender}
            </span>
          )}
        </span>
        <AspectLabel aspect={aspectOf(endpoint, rejected)}>
          {endpoint.state !== 'active'
            ? endpoint.state
            : rejected > 0
              ? count(rejected, 'rejected', 'rejected')
              : 'active'}
        </AspectLabel>
        <span className="text-[13px] text-soft sm:text-right">
          {endpoint.lastEventAt ? <Ago time={endpoint.lastEventAt} /> : 'no event yet'}
        </span>
      </Link>
    </li>
  )
}

function aspectOf(endpoint: Endpoint, rejected: number): Aspect {
  if (endpoint.state !== 'active') return 'off'
  return rejected > 0 ? 'caution' : 'clear'
}
