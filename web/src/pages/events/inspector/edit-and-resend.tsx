import { useState } from 'react'
import { resend } from '../../../api/events.ts'
import type { EventDetail } from '../../../api/types.ts'
import { Confirm } from '../../../ui/confirm.tsx'
import { Input, TextArea } from '../../../ui/field.tsx'

interface EditAndResendProps {
  event: EventDetail
  onClose: () => void
  onDone: (eventId: string) => void
}

export function EditAndResend({ event, onClose, onDone }: EditAndResendProps) {
  const [body, setBody] = useState(event.body.text ?? '')
  const [contentType, setContentType] = useState(event.body.contentType ?? '')
  const jsonProblem = /json/i.test(contentType) ? problemOfJson(body) : null
  return (
    <Confirm
      open
      onClose={onClose}
      title="Edit and resend"
      description="A new event with this body arrives now. The stored one stays as it is."
      label="Resend"
      run={() => resend(event.id, { body, ...(contentType === '' ? {} : { contentType }) })}
      onDone={({ id }) => onDone(id)}
    >
      <Input label="Content type" mono value={contentType} onChange={e => setContentType(e.target.value)} />
      <TextArea
        label="Body"
        mono
        rows={12}
        value={body}
        onChange={e => setBody(e.target.value)}
        hint={jsonProblem && `This is not JSON (${jsonProblem}). It can be sent all the same.`}
      />
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
