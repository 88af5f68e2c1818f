import { Download } from 'lucide-react'
import { partUrl } from '../../../api/events.ts'
import type { BodyPart } from '../../../api/types.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { Code } from '../../../ui/code.tsx'
import { bytes } from '../../../ui/format.ts'

const shownParts = 100

/** The parts of a multipart body: text as text, and each to be downloaded. */
export function PartsView({ eventId, parts }: { eventId: string; parts: readonly BodyPart[] }) {
  return (
    <>
      <ol aria-label="Parts of the body" className="flex flex-col gap-3">
        {parts.slice(0, shownParts).map((part, index) => (
          <Part key={index} part={part} url={partUrl(eventId, index)} number={index + 1} />
        ))}
      </ol>
      {parts.length === 0 && <p className="text-soft">It has no parts.</p>}
      {parts.length > shownParts && (
        <p className="text-[13px] text-soft">
          The first {shownParts} of {parts.length.toLocaleString()} parts. Download the body to see the rest.
        </p>
      )}
    </>
  )
}

function Part({ part, url, number }: { part: BodyPart; url: string; number: number }) {
  const { name, filename, contentType, text } = part
  const title = name ?? `Part ${number}`
  return (
    <li className="flex flex-col gap-2 rounded-lg border border-line p-3">
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          <p className="font-mono text-[13px]">{title}</p>
          <p className="text-[13px] text-soft">
            {[filename, contentType ?? 'no content type', bytes(part.bytes)].filter(Boolean).join(' · ')}
          </p>
        </div>
        <a className={buttonClass({ size: 'small' })} href={url} download aria-label={`Download ${title}`}>
          <Download size={14} aria-hidden />
          Download
        </a>
      </div>
      {text === null ? (
        <p className="text-[13px] text-soft">Not shown: it is no text, or too large.</p>
      ) : (
        text !== '' && (
          <Code label={`Text of ${title}`} wrap>
            {text}
          </Code>
        )
      )}
    </li>
  )
}
