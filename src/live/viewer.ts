import type { Teams } from '../core/permission.ts'
import type { Topic } from './change.ts'

/** Who watches: a member sees what their teams own, a visitor what comes to their own endpoints. */
export type Viewer =
  | { kind: 'member'; sees: Readonly<Record<Topic, Teams>> }
  | { kind: 'visitor'; endpointIds: ReadonlySet<string> }

/** Names what may be seen: watchers with the same one may share what they are sent. */
export function scopeOf(viewer: Viewer): string {
  if (viewer.kind === 'visitor') return JSON.stringify([...viewer.endpointIds].sort())
  const { events, runs, configuration } = viewer.sees
  return JSON.stringify({ events, runs, configuration })
}

export const seesTheSame = (one: Viewer, other: Viewer): boolean => scopeOf(one) === scopeOf(other)
