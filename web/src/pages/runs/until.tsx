import { duration, fullTime } from '../../ui/format.ts'
import { useNow } from '../../ui/time.tsx'

/** `in 1 min 35 s`, counting down. */
export function Until({ time }: { time: string }) {
  const leftMs = Date.parse(time) - useNow()
  return (
    <time dateTime={time} title={fullTime(time)} className="whitespace-nowrap">
      {leftMs < 1000 ? 'now' : `in ${duration(Math.ceil(leftMs / 1000) * 1000)}`}
    </time>
  )
}
