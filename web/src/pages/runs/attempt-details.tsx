import type { Attempt } from '../../api/types.ts'
import { Code } from '../../ui/code.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { bytes } from '../../ui/format.ts'
import { pretty } from '../../ui/exact-json.ts'
import { Timings } from './timings.tsx'

/** One try: what left, what came back, and where the time went. */
export function AttemptDetails({ attempt }: { attempt: Attempt }) {
  const { request, response } = attempt
  return (
    <div className="flex flex-col gap-4 pb-3">
      {attempt.outcome !== 'succeeded' && (
        <p className="break-words [overflow-wrap:anywhere]">
          {attempt.message}
          {attempt.errorCode && (
            <span className="block font-mono text-[13px] text-danger">{attempt.errorCode}</span>
          )}
        </p>
      )}
      {request ? (
        <Message
          title="Request"
          line={`${request.method} ${request.url}`}
          headers={request.headers}
          body={request.body}
          note={request.bodyBytes > 0 ? bytes(request.bodyBytes) : 'no body'}
        />
      ) : (
        <p className="text-soft">No request was made.</p>
      )}
      {response ? (
        <Message
          title="Answer"
          line={`${response.status}${response.remoteAddress ? ` from ${response.remoteAddress}` : ''}`}
          headers={response.headers}
          body={response.body}
          note={
            response.bodyTruncated
              ? `${bytes(response.bodyBytes)}, of which the beginning is kept`
              : response.bodyBytes > 0
                ? bytes(response.bodyBytes)
                : 'no body'
          }
        />
      ) : (
        <p className="text-soft">No answer came.</p>
      )}
      {response && <Timings timings={response.timings} />}
    </div>
  )
}

interface MessageProps {
  title: string
  line: string
  headers: [string, string][]
  body: string
  note: string
}

function Message({ title, line, headers, body, note }: MessageProps) {
  const head = [line, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n')
  return (
    <section>
      <div className="mb-1 flex items-center gap-2">
        <h4 className="flex-1 font-medium">
          {title} <span className="text-[13px] font-normal text-soft">{note}</span>
        </h4>
        <CopyButton text={`${head}\n\n${body}`} what={title.toLowerCase()} />
      </div>
      <Code label={title} wrap>
        {body === '' ? head : `${head}\n\n${pretty(body)}`}
      </Code>
    </section>
  )
}
