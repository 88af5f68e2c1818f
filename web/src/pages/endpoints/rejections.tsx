import type { Rejection } from '../../api/types.ts'
import { type Aspect, AspectLabel } from '../../ui/aspect.tsx'
import { count } from '../../ui/format.ts'
import { Ago } from '../../ui/time.tsx'

interface RejectionsProps {
  rejections: readonly Rejection[]
  aspect?: Aspect
}

/** Requests that were turned away, and why; senders are told less. */
export function Rejections({ rejections, aspect = 'caution' }: RejectionsProps) {
  return (
    <ul className="rounded-lg border border-line bg-surface">
      {rejections.map(({ reason, count: times, lastAt, sender, detail }) => (
        <li key={reason} className="border-b border-line px-4 py-3 last:border-0">
          <p className="flex flex-wrap items-baseline gap-x-3">
            <span className="min-w-0 flex-1">
              <AspectLabel aspect={aspect}>{reason}</AspectLabel>
            </span>
            <span className="text-[13px] text-soft">
              {count(times, 'time')}, last <Ago time={lastAt} /> from {sender}
            </span>
          </p>
          <p className="mt-1 break-words text-soft [overflow-wrap:anywhere]">{detail}</p>
        </li>
      ))}
    </ul>
  )
}
