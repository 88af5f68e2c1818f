import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { FlaskConical, Power, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { changeEndpoint, deleteEndpoint, endpointQuery, endpointsQuery } from '../../api/endpoints.ts'
import type { Endpoint } from '../../api/types.ts'
import { AspectLabel } from '../../ui/aspect.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Ago } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'
import { Address } from '../start/address.tsx'
import { AnswerForm } from './answer-form.tsx'
import { AtTheProvider } from './at-the-provider.tsx'
import { EndpointForm } from './endpoint-form.tsx'
import { Listeners } from './listeners.tsx'
import { Rejections } from './rejections.tsx'
import { SampleDialog } from './sample-dialog.tsx'
import { FormerToken, RotateToken } from './send-token.tsx'

const route = getRouteApi('/endpoints/$endpointId')

export function EndpointPage() {
  const { endpointId } = route.useParams()
  const { data: endpoint, error, refetch } = useQuery(endpointQuery(endpointId))
  const back = (
    <Link to="/endpoints" className="text-link">
      Endpoints
    </Link>
  )
  if (!endpoint) {
    return (
      <Page title="Endpoint" back={back}>
        {error ? (
          <ProblemNote error={error} what="The endpoint could not be read" retry={() => void refetch()} />
        ) : (
          <p className="text-soft">Reading the endpoint…</p>
        )}
      </Page>
    )
  }
  return (
    <Page title={endpoint.name} back={back} actions={<Actions endpoint={endpoint} />}>
      <p className="-mt-3 flex flex-wrap items-center gap-x-3 text-[13px] text-soft">
        <AspectLabel aspect={endpoint.state === 'active' ? 'clear' : 'off'}>{endpoint.state}</AspectLabel>
        <span>
          {endpoint.lastEventAt ? (
            <>
              last event <Ago time={endpoint.lastEventAt} />
            </>
          ) : (
            'no event yet'
          )}
        </span>
        <Link to="/events" search={{ endpoint: endpoint.id }} className="text-link">
          Its events
        </Link>
      </p>
      <Section title="Address" actions={<RotateToken endpoint={endpoint} />}>
        <Address endpoint={endpoint} />
        <FormerToken endpoint={endpoint} />
        <AtTheProvider endpoint={endpoint} />
      </Section>
      {endpoint.handshakes.length > 0 && (
        <Section title="Answered handshakes">
          <Rejections rejections={endpoint.handshakes} aspect="clear" />
        </Section>
      )}
      {endpoint.rejections.length > 0 && (
        <Section title="Rejected requests">
          <Rejections rejections={endpoint.rejections} />
        </Section>
      )}
      <Listeners endpointId={endpoint.id} />
      <Section title="Answer">
        <AnswerForm key={endpoint.id} endpoint={endpoint} />
      </Section>
      <Section title="Settings">
        <Settings endpoint={endpoint} />
      </Section>
    </Page>
  )
}

function useRefresh(id: string) {
  const queries = useQueryClient()
  return () => {
    void queries.invalidateQueries({ ...endpointsQuery, exact: true })
    return queries.invalidateQueries(endpointQuery(id))
  }
}

function Settings({ endpoint }: { endpoint: Endpoint }) {
  const refresh = useRefresh(endpoint.id)
  return (
    <EndpointForm
      key={endpoint.updatedAt}
      endpoint={endpoint}
      label="Save"
      save={change => changeEndpoint(endpoint.id, change)}
      onSaved={() => {
        toast('Saved. It holds for the next request.')
        void refresh()
      }}
    />
  )
}

function Actions({ endpoint }: { endpoint: Endpoint }) {
  const navigate = useNavigate()
  const refresh = useRefresh(endpoint.id)
  const [asking, setAsking] = useState<'nothing' | 'sample' | 'state' | 'delete'>('nothing')
  const close = () => setAsking('nothing')
  const isActive = endpoint.state !== 'disabled'
  return (
    <div className="flex flex-wrap gap-1.5">
      <Link to="/reactions/new" search={{ endpoint: endpoint.id }} className={buttonClass()}>
        Make a reaction
      </Link>
      <Button onClick={() => setAsking('sample')}>
        <FlaskConical size={15} aria-hidden />
        Test with a sample
      </Button>
      <Button onClick={() => setAsking('state')}>
        <Power size={15} aria-hidden />
        {isActive ? 'Disable' : 'Enable'}
      </Button>
      <Button look="danger" onClick={() => setAsking('delete')}>
        <Trash2 size={15} aria-hidden />
        Delete
      </Button>
      {asking === 'sample' && <SampleDialog endpoint={endpoint} onClose={close} />}
      <Confirm
        open={asking === 'state'}
        onClose={close}
        title={`${isActive ? 'Disable' : 'Enable'} ${endpoint.name}`}
        description={
          isActive
            ? 'Senders get an error until it is enabled again. Nothing that it received is lost.'
            : 'Requests are taken again from now on.'
        }
        label={isActive ? 'Disable' : 'Enable'}
        run={() => changeEndpoint(endpoint.id, { state: isActive ? 'disabled' : 'active' })}
        onDone={() => void refresh()}
      />
      <Confirm
        open={asking === 'delete'}
        onClose={close}
        title={`Delete ${endpoint.name}`}
        description="Senders get an error from now on, and reactions on it no longer fire. Its events stay until their time of keeping ends."
        label={`Delete ${endpoint.name}`}
        danger
        run={() => deleteEndpoint(endpoint.id)}
        onDone={() => {
          void refresh()
          void navigate({ to: '/endpoints' })
        }}
      />
    </div>
  )
}
