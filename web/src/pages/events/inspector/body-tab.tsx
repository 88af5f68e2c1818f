import { Download } from 'lucide-react'
import { bodyUrl } from '../../../api/events.ts'
import type { EventDetail } from '../../../api/types.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { Code } from '../../../ui/code.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { bytes } from '../../../ui/format.ts'
import { JsonTree } from '../../../ui/json-tree.tsx'
import { Pairs } from '../../../ui/pairs.tsx'
import { bodyView } from './body-view.ts'
import { UseInReaction } from './use-in-reaction.tsx'
import { Beginning } from './beginning.tsx'
import { PartsView } from './parts-view.tsx'
import { XmlView } from './xml-view.tsx'

/** The body in the form that is easiest to read. */
export function BodyTab({ event }: { event: EventDetail }) {
  const { body } = event
  if (body.bytes === 0) return <p className="text-soft">This event has no body.</p>
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2 text-[13px] text-soft">
        <span className="min-w-0 flex-1 truncate">
          {body.contentType ?? 'No content type'} · {bytes(body.bytes)}
          {event.request?.inflated &&
            `, inflated from ${bytes(event.request.inflated.bytes)} of ${event.request.inflated.encoding}`}
        </span>
        {body.text !== null && !body.truncated && <CopyButton text={body.text} what="body" />}
        <a className={buttonClass({ size: 'small' })} href={bodyUrl(event.id)} download={`${event.id}.bin`}>
          <Download size={14} aria-hidden />
          Download
        </a>
      </div>
      {body.truncated && (
        <p className="rounded-md bg-caution-wash px-3 py-2 text-caution">
          Too large to show whole. Download it to see the rest.
        </p>
      )}
      <Shown event={event} />
    </div>
  )
}

function Shown({ event }: { event: EventDetail }) {
  const view = bodyView(event.body)
  switch (view.as) {
    case 'json':
      return (
        <UseInReaction event={event}>
          <JsonTree value={view.value} root="body" />
        </UseInReaction>
      )
    case 'parts':
      return <PartsView eventId={event.id} parts={view.parts} />
    case 'xml':
      return <XmlView text={view.text} />
    case 'form':
      return <Pairs label="Form fields" rows={view.rows} mono />
    case 'text':
      return (
        <Code label="Body" wrap>
          {view.text}
        </Code>
      )
    case 'binary':
      return <Beginning eventId={event.id} bytes={event.body.bytes} />
    case 'nothing':
      return null
  }
}
