import { Lamp, type Aspect } from '../ui/aspect.tsx'
import { useLiveStatus } from '../live/live.ts'
import type { LiveStatus } from '../live/client.ts'

const aspects: Record<LiveStatus, Aspect> = {
  off: 'off',
  connecting: 'caution',
  live: 'clear',
  'catching-up': 'caution',
  reconnecting: 'danger',
}

const words: Record<LiveStatus, string> = {
  off: 'Not connected',
  connecting: 'Connecting…',
  live: 'Live',
  'catching-up': 'Catching up…',
  reconnecting: 'Reconnecting…',
}

/** How the live feed stands; nothing is lost while it reconnects. */
export function Connection() {
  const status = useLiveStatus()
  return (
    <span role="status" className="inline-flex min-w-0 items-center gap-2 text-[13px] text-soft">
      <Lamp aspect={aspects[status]} />
      <span className="truncate">{words[status]}</span>
    </span>
  )
}
