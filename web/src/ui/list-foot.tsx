import type { FeedState } from '../live/feed.ts'
import { ProblemNote } from './problem-note.tsx'

interface ListFootProps {
  state: Pick<FeedState<unknown>, 'loadingMore' | 'problem' | 'hasMore'>
  /** The plural: "events". */
  what: string
  note: string | null
  retry: () => void
}

/** The end of a list: more is being read, or that was all, or why it stops here. */
export function ListFoot({ state, what, note, retry }: ListFootProps) {
  if (state.problem) {
    return (
      <div className="p-4">
        <ProblemNote error={state.problem} what={`Older ${what} could not be read`} retry={retry} />
      </div>
    )
  }
  const text = state.loadingMore
    ? `Reading older ${what}…`
    : (note ?? (state.hasMore ? '' : `No older ${what}.`))
  return <p className="px-4 py-5 text-center text-[13px] text-soft">{text}</p>
}
