import type { SharedEvent } from '../../api/shares.ts'
import { Code } from '../../ui/code.tsx'
import { bytes, fullTime } from '../../ui/format.ts'
import { JsonTree } from '../../ui/json-tree.tsx'
import { Pairs } from '../../ui/pairs.tsx'
import { bodyView } from '../events/inspector/body-view.ts'
import { headerLines } from '../events/inspector/request-text.ts'

const why = {
  asked: 'The body is left out.',
  'no-paths': 'The body is left out: only of JSON and forms can parts be masked.',
  'maybe-secret':
    'The body is left out: it may hold a secret, and only of JSON and forms can parts be masked.',
  'too-deep': 'The body is left out: it is nested too deep.',
  'too-large': 'The body is left out: it is larger than 256 KB.',
}

/** What somebody else sees of an event. */
export function SharedEventView({ event }: { event: SharedEvent }) {
  const { body, headers, query } = event
  const lines = headerLines(headers)
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <p className="text-soft">
        {[event.method, event.kind, fullTime(event.time)].filter(Boolean).join(' · ')}
      </p>
      <Part title={`Body, ${body.contentType ?? 'no content type'}, ${bytes(body.bytes)}`}>
        <Body body={body} />
      </Part>
      {query !== '' && (
        <Part title="Query">
          <Pairs label="Query" rows={[...new URLSearchParams(query)]} mono />
        </Part>
      )}
      {lines.length > 0 && (
        <Part title="Headers">
          <Pairs label="Headers" rows={lines} mono />
        </Part>
      )}
    </div>
  )
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="mb-1 text-[13px] font-medium text-soft">{title}</h3>
      {children}
    </section>
  )
}

function Body({ body }: { body: SharedEvent['body'] }) {
  if (body.withheld) return <p className="text-soft">{why[body.withheld]}</p>
  if (body.bytes === 0) return <p className="text-soft">There is no body.</p>
  if (body.text === null) return <p className="text-soft">The body is no text.</p>
  const view = bodyView({ ...body, truncated: false, parts: null })
  if (view.as === 'json') return <JsonTree value={view.value} root="body" />
  if (view.as === 'form') return <Pairs label="Form fields" rows={view.rows} mono />
  return (
    <Code label="Body" wrap>
      {body.text}
    </Code>
  )
}
