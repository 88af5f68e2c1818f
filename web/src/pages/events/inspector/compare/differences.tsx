import { structuredPatch } from 'diff'
import type { EventDetail } from '../../../../api/types.ts'
import { type Comparable, comparable } from './comparable.ts'

interface DifferencesProps {
  before: EventDetail
  after: EventDetail
}

/** What differs between two events, part by part, each change with three lines around it. */
export function Differences({ before, after }: DifferencesProps) {
  const former = comparable(before)
  return (
    <div className="flex flex-col gap-4">
      {comparable(after).map(({ part, text }, at) => (
        <section key={part} aria-label={part}>
          <h3 className="mb-1 text-[13px] font-medium text-soft">{part}</h3>
          <Part before={former[at]?.text ?? null} after={text} part={part} />
        </section>
      ))}
    </div>
  )
}

/** Beyond that nobody waits, or reads. */
const timeoutMs = 1000
const mostLines = 2000

function Part({
  before,
  after,
  part,
}: {
  before: string | null
  after: string | null
  part: Comparable['part']
}) {
  if (before === null || after === null)
    return <p className="text-soft">Not compared: one of them is no text, or too large.</p>
  if (before === after)
    return <p className="text-soft">{after === '' ? 'Nothing in either.' : 'The same in both.'}</p>
  const patch = structuredPatch('', '', ending(before), ending(after), '', '', {
    context: 3,
    timeout: timeoutMs,
  })
  if (patch === undefined) return <p className="text-soft">They are too different to be compared.</p>
  const lines = patch.hunks.flatMap((hunk, at) => (at === 0 ? hunk.lines : ['…', ...hunk.lines]))
  return (
    <div
      role="group"
      aria-label={`Differences of the ${part.toLowerCase()}`}
      className="overflow-hidden rounded-lg border border-line bg-surface font-mono text-[13px]"
    >
      {lines.slice(0, mostLines).map((line, at) => (
        <Line key={at} line={line} />
      ))}
      {lines.length > mostLines && (
        <p className="px-3 py-1 text-soft">{(lines.length - mostLines).toLocaleString()} more lines</p>
      )}
    </div>
  )
}

/** Without one, the last line of a text differs from the same line in the middle of another. */
const ending = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

const lineClass = 'block px-3 whitespace-pre-wrap [overflow-wrap:anywhere] no-underline'

function Line({ line }: { line: string }) {
  if (line.startsWith('-')) return <del className={`${lineClass} bg-danger-wash text-danger`}>{line}</del>
  if (line.startsWith('+')) return <ins className={`${lineClass} bg-clear-wash text-clear`}>{line}</ins>
  return <span className={`${lineClass} text-soft`}>{line}</span>
}
