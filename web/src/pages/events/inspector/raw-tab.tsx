import type { EventDetail } from '../../../api/types.ts'
import { Code } from '../../../ui/code.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Beginning } from './beginning.tsx'
import { rawRequest } from './request-text.ts'

/** The request line, the headers and the body, as near to the wire as what is kept. */
export function RawTab({ event }: { event: EventDetail }) {
  const text = rawRequest(event)
  return (
    <div className="flex flex-col gap-2">
      <div className="flex justify-end">
        <CopyButton text={text} what="raw request" />
      </div>
      <Code label="Raw request" wrap>
        {text}
      </Code>
      {event.body.text === null && event.body.bytes > 0 && (
        <Beginning eventId={event.id} bytes={event.body.bytes} />
      )}
    </div>
  )
}
