import type { EventSummary } from '../../api/types.ts'

/** Where an event came from, in a few words. */
export function sourceOf(event: EventSummary): string {
  const [target] = event.targets
  const what = target ? target.value : ''
  if (event.endpointId !== null) return [event.method, what, event.sender].filter(Boolean).join(' · ')
  return target ? `${target.type} ${target.value}` : event.kind.type
}
