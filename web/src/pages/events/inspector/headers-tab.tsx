import type { EventDetail } from '../../../api/types.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Pairs } from '../../../ui/pairs.tsx'
import { headerLines } from './request-text.ts'

export function HeadersTab({ event }: { event: EventDetail }) {
  const { request } = event
  if (!request)
    return <p className="text-soft">This event did not come as a request, so it has no headers.</p>
  const lines = headerLines(request.headers)
  return (
    <div className="flex flex-col gap-2">
      <div className="flex justify-end">
        <CopyButton text={lines.map(([name, value]) => `${name}: ${value}`).join('\n')} what="headers" />
      </div>
      <Pairs label="Headers" rows={lines} mono />
    </div>
  )
}
