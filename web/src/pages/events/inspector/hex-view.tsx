import { useQuery } from '@tanstack/react-query'
import { bodyBytes } from '../../../api/events.ts'
import { Code } from '../../../ui/code.tsx'
import { bytes } from '../../../ui/format.ts'
import { hexDump } from '../../../ui/hex.ts'
import { ProblemNote } from '../../../ui/problem-note.tsx'

const shownBytes = 4096

/** The first 4 KiB of a body that is no text. */
export function HexView({ eventId, bytes: size }: { eventId: string; bytes: number }) {
  const { data, error, isPending } = useQuery({
    queryKey: ['events', eventId, 'bytes'],
    queryFn: ({ signal }) => bodyBytes(eventId, shownBytes, signal),
    staleTime: Infinity,
  })
  if (error) return <ProblemNote error={error} what="The body could not be read" />
  if (isPending) return <p className="text-soft">Reading the body…</p>
  return (
    <>
      <Code label="Body as bytes">{hexDump(data)}</Code>
      {size > shownBytes && (
        <p className="text-[13px] text-soft">
          The first {bytes(shownBytes)} of {bytes(size)}. Download it to see the rest.
        </p>
      )}
    </>
  )
}
