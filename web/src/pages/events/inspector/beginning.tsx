import { useQuery } from '@tanstack/react-query'
import { bodyBytes } from '../../../api/events.ts'
import { Code } from '../../../ui/code.tsx'
import { bytes } from '../../../ui/format.ts'
import { hexDump } from '../../../ui/hex.ts'
import { ProblemNote } from '../../../ui/problem-note.tsx'

const shownBytes = 4096

/** The beginning of a body that is no text, or too much of it. */
export function Beginning({ eventId, bytes: size }: { eventId: string; bytes: number }) {
  const { data, error, isPending } = useQuery({
    queryKey: ['events', eventId, 'bytes'],
    queryFn: ({ signal }) => bodyBytes(eventId, shownBytes, signal),
    staleTime: Infinity,
  })
  if (error) return <ProblemNote error={error} what="The body could not be read" />
  if (isPending) return <p className="text-soft">Reading the body…</p>
  const text = textOf(data)
  return (
    <>
      {text === null ? (
        <Code label="Body as bytes">{hexDump(data)}</Code>
      ) : (
        <Code label="Body" wrap>
          {text}
        </Code>
      )}
      {size > shownBytes && (
        <p className="text-[13px] text-soft">
          The first {bytes(shownBytes)} of {bytes(size)}. Download it to see the rest.
        </p>
      )}
    </>
  )
}

/** What ends in the middle of a character is text all the same. */
function textOf(data: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data, { stream: true })
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}
