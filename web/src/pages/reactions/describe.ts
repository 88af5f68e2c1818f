import type { Reaction } from '../../api/types.ts'
import type { Aspect } from '../../ui/aspect.tsx'

export function triggerText({ definition, endpointName }: Reaction): string {
  if (definition.trigger.type === 'endpoint') return endpointName ?? 'an endpoint that is gone'
  const kinds = definition.filter.kindNames
  return kinds.length > 0 ? kinds.join(', ') : 'all events'
}

const aspects: Record<Reaction['state'], Aspect> = { active: 'clear', paused: 'held', disabled: 'off' }

export const aspectOfReaction = ({ state, stateReason }: Reaction): Aspect =>
  state === 'disabled' && stateReason !== '' ? 'danger' : aspects[state]
