import { Activity, Gauge, Play, Radio, Settings, TrainTrack, Waypoints, type LucideIcon } from 'lucide-react'
import { useSession } from './session.ts'

/** A page that is reached from everywhere. */
export interface Station {
  to: '/' | '/overview' | '/events' | '/endpoints' | '/reactions' | '/runs' | '/settings'
  label: string
  icon: LucideIcon
  /** After `g`. */
  key: string
}

const start: Station = { to: '/', label: 'Start', icon: Play, key: 's' }
const events: Station = { to: '/events', label: 'Events', icon: Activity, key: 'e' }
const stations: Station[] = [
  start,
  { to: '/overview', label: 'Overview', icon: Gauge, key: 'o' },
  events,
  { to: '/endpoints', label: 'Endpoints', icon: Radio, key: 'n' },
  { to: '/reactions', label: 'Reactions', icon: Waypoints, key: 'r' },
  { to: '/runs', label: 'Runs', icon: TrainTrack, key: 'u' },
  { to: '/settings', label: 'Settings', icon: Settings, key: 't' },
]

/** The pages that whoever is here may see. */
export function useStations(): Station[] {
  const { signedIn, endpoints } = useSession()
  if (signedIn) return stations
  return endpoints.length > 0 ? [start, events] : [start]
}
