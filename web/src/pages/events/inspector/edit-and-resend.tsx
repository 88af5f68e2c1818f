import { useState } from 'react'
import { resend, type ResendChange } from '../../../api/events.ts'
import type { EventDetail } from '../../../api/types.ts'
import { Confirm } from '../../../ui/confirm.tsx'
import { Input, TextArea } from '../../../ui/field.tsx'
import { headerChange, headerText } from './header-text.ts'

interface EditAndResendProps {
  event: EventDetail
  onClose: () => void
  onDone: (eventId: string) => void
}

/** What is not edited is sent as it came, byte by byte. */
export function EditAndResend({ event, onClose, onDone }: EditAndResendProps) {
  const { request, body: former } = event
  const isEditable = former.text !== null && !former.truncated
  const [method, setMethod] = useState(request?.method ?? '')
  const [query, setQuery] = useState(request?.query ?? '')
  const [headers, setHeaders] = useState(headerText(request?.headers ?? {}))
  const [contentType, setContentType] = useState(former.contentType ?? '')
  const [body, setBody] = useState(former.text ?? '')
  const edited = headerChange(request?.headers ?? {}, headers)
  const type = request ? (/^content-type:\s*(.*)$/im.exec(headers)?.[1] ?? '') : contentType
  const jsonProblem = /json/i.test(type) && isEditable ? problemOfJson(body) : null
  const change: ResendChange = {
    ...(isEditable && body !== former.text ? { body } : {}),
    ...(request
      ? {
          ...(method !== request.method ? { method: method.toUpperCase() } : {}),
          ...(query !== request.query ? { query } : {}),
          ...('change' in edited && Object.keys(edited.change).length > 0 ? { headers: edited.change } : {}),
        }
      : contentType !== '' && contentType !== former.contentType
        ? { contentType }
        : {}),
  }
  return (
    <Confirm
      open
      onClose={onClose}
      title="Edit and resend"
      description="A new event arrives now, marked as resent. The stored one stays as it is."
      label="Resend"
      disabled={'mistake' in edited}
      run={() => resend(event.id, change)}
      onDone={({ id }) => onDone(id)}
    >
      {request ? (
        <>
          <div className="grid gap-3 sm:grid-cols-[8rem_1fr]">
            <Input label="Method" mono value={method} onChange={e => setMethod(e.target.value)} />
            <Input
              label="Query"
              mono
              placeholder="a=1&b=2"
              value={query}
              onChange={e => setQuery(e.target.value)}
            />
          </div>
          <TextArea
            label="Headers"
            mono
            rows={5}
            value={headers}
            onChange={e => setHeaders(e.target.value)}
            error={'mistake' in edited && edited.mistake}
          />
        </>
      ) : (
        <Input label="Content type" mono value={contentType} onChange={e => setContentType(e.target.value)} />
      )}
      {isEditable ? (
        <TextArea
          label="Body"
          mono
          rows={12}
          value={body}
          onChange={e => setBody(e.target.value)}
          hint={jsonProblem && `This is not JSON (${jsonProblem}). It can be sent all the same.`}
        />
      ) : (
        <p className="text-soft">
          The body is no text, or too large to edit here: it is sent as it came. The command line puts a file
          in its place.
        </p>
      )}
    </Confirm>
  )
}

function problemOfJson(text: string): string | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
