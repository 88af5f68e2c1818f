import { Link } from '@tanstack/react-router'
import type { EventDetail } from '../../../api/types.ts'
import { fullTime } from '../../../ui/format.ts'
import { Pairs } from '../../../ui/pairs.tsx'

/** Query, sender and everything else that is known about an event. */
export function FactsTab({ event }: { event: EventDetail }) {
  const { request, cause } = event
  const query = request ? [...new URLSearchParams(request.query)] : []
  const params = Object.entries(request?.params ?? {})
  return (
    <div className="flex flex-col gap-5">
      {request && (
        <Facts
          title="Request"
          rows={[
            ['Method', request.method],
            ['Path', request.path],
            ['Sender', request.sender],
            ['Verified', request.verified || 'not checked'],
            ['Delivery id', request.deliveryId ?? '–'],
          ]}
        />
      )}
      {request && (
        <section>
          <h3 className="mb-1 font-semibold">Query</h3>
          {query.length > 0 ? (
            <Pairs label="Query" rows={query} mono />
          ) : (
            <p className="text-soft">No query.</p>
          )}
        </section>
      )}
      {params.length > 0 && <Facts title="Path parameters" rows={params} />}
      <Facts
        title="Event"
        rows={[
          ['Id', event.id],
          ['Time', fullTime(event.time)],
          ['Kind', `${event.kind.name} (${event.kind.type})`],
          ['Targets', event.targets.map(({ type, value }) => `${type}: ${value}`).join('\n') || '–'],
          ['Owner', `${event.owner.type}: ${event.owner.name}`],
          ['Team', event.team ?? 'the whole organization'],
          ['Hops', String(event.hops)],
        ]}
      />
      {cause && (
        <p>
          Caused by{' '}
          <Link to="/runs/$runId" params={{ runId: cause.runId }} className="text-link">
            a run
          </Link>{' '}
          for{' '}
          <Link to="/events/$eventId" params={{ eventId: cause.eventId }} className="text-link">
            an earlier event
          </Link>
          .
        </p>
      )}
    </div>
  )
}

function Facts({ title, rows }: { title: string; rows: [string, string][] }) {
  return (
    <section>
      <h3 className="mb-1 font-semibold">{title}</h3>
      <Pairs label={title} rows={rows} mono />
    </section>
  )
}
