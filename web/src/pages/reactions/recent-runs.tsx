import type { Reaction } from '../../api/types.ts'
import { aspectOfRun, type Aspect } from '../../ui/aspect.tsx'
import { count } from '../../ui/format.ts'

const colours: Record<Aspect, string> = {
  clear: 'bg-clear-lamp h-4',
  caution: 'bg-caution-lamp h-3',
  danger: 'bg-danger-lamp h-4',
  held: 'bg-held-lamp h-3',
  off: 'bg-line h-2',
}

/** The last 20 runs as a row of bars, the newest at the right. */
export function RecentRuns({ recent }: { recent: Reaction['recent'] }) {
  if (recent.length === 0) return <span className="text-[13px] text-soft">No runs yet</span>
  const failed = recent.filter(({ state }) => aspectOfRun(state) === 'danger').length
  const text = `${count(recent.length, 'recent run')}, ${failed} failed`
  return (
    <span role="img" aria-label={text} title={text} className="flex h-4 items-end gap-[3px]">
      {recent.toReversed().map(({ state }, index) => (
        <span key={index} className={`w-1.5 rounded-sm ${colours[aspectOfRun(state)]}`} />
      ))}
    </span>
  )
}
