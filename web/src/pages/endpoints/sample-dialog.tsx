import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { endpointQuery, samplesQuery, type TestedSample, testEndpoint } from '../../api/endpoints.ts'
import type { Endpoint } from '../../api/types.ts'
import { AspectLabel } from '../../ui/aspect.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Select } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { schemeTitle } from './scheme-fields.ts'

interface SampleDialogProps {
  endpoint: Endpoint
  onClose: () => void
}

/** Sends a sample the way of every request, and shows what became of it. */
export function SampleDialog({ endpoint, onClose }: SampleDialogProps) {
  const queries = useQueryClient()
  const samples = useQuery(samplesQuery(endpoint.id))
  const [chosen, setChosen] = useState<string | null>(null)
  const [provider = samples.data?.provider, kind] = chosen?.split(' ') ?? []
  const sending = useMutation({
    mutationFn: () => testEndpoint(endpoint.id, { ...(provider && { provider }), ...(kind && { kind }) }),
    onSuccess: () => queries.invalidateQueries(endpointQuery(endpoint.id)),
  })
  const providers = samples.data?.providers.toSorted(
    (a, b) => Number(b.provider === samples.data.provider) - Number(a.provider === samples.data.provider),
  )
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Test ${endpoint.name} with a sample`}
      description="It is signed with the endpoint's secret and goes the way of every request. Its event is marked as a sample; reactions fire on it as ever."
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            look="primary"
            busy={sending.isPending}
            disabled={!samples.data}
            onClick={() => sending.mutate()}
          >
            {sending.data ? 'Send another' : 'Send it'}
          </Button>
        </>
      }
    >
      <div className="mt-3 flex flex-col gap-4">
        {samples.error && (
          <ProblemNote
            error={samples.error}
            what="The samples could not be read"
            retry={() => void samples.refetch()}
          />
        )}
        {providers && (
          <Select
            label="Sample"
            value={chosen ?? `${providers[0]?.provider} ${providers[0]?.kinds[0]}`}
            onChange={({ target }) => setChosen(target.value)}
          >
            {providers.map(one => (
              <optgroup key={one.provider} label={schemeTitle(one.provider)}>
                {one.kinds.map(name => (
                  <option key={name} value={`${one.provider} ${name}`}>
                    {name}
                  </option>
                ))}
              </optgroup>
            ))}
          </Select>
        )}
        {sending.error && <ProblemNote error={sending.error} what="No sample was sent" />}
        <div role="status">{sending.data && <Became tested={sending.data} />}</div>
      </div>
    </Dialog>
  )
}

function Became({ tested }: { tested: TestedSample }) {
  const { status, answer, verified, told, event, verdicts } = tested
  return (
    <dl className="grid grid-cols-[6rem_1fr] gap-x-4 gap-y-2 [overflow-wrap:anywhere]">
      <dt className="text-soft">Answer</dt>
      <dd>
        <AspectLabel aspect={status < 400 ? 'clear' : 'danger'}>{status}</AspectLabel>
        <code className="block font-mono text-[13px] whitespace-pre-wrap">{answer}</code>
      </dd>
      {verified && (
        <>
          <dt className="text-soft">Verified</dt>
          <dd>{verified}</dd>
        </>
      )}
      {told.map(({ reason, detail }) => (
        <div key={reason} className="contents">
          <dt className="text-soft">Because</dt>
          <dd>
            {reason}: {detail}
          </dd>
        </div>
      ))}
      <dt className="text-soft">Event</dt>
      <dd>
        {event ? (
          <Link to="/events/$eventId" params={{ eventId: event.id }} className="text-link">
            {event.kind.name}
          </Link>
        ) : (
          'none'
        )}
      </dd>
      {event && (
        <>
          <dt className="text-soft">Reactions</dt>
          <dd>
            {verdicts.length === 0 && 'None asks for such events of this endpoint.'}
            <ul>
              {verdicts.map(({ reactionId, reactionName, fires, held, reason }) => (
                <li key={reactionId}>
                  <span className="font-medium">{reactionName}</span>{' '}
                  {fires ? (held ? 'fired, and is held: it is paused' : 'fired') : `did not fire: ${reason}`}
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
    </dl>
  )
}
