import { alarmKinds } from './alarm.ts'
import type { ReactionDefinition } from './reaction.ts'

/** Does it tell of alarms, ready-made or by hand? */
export const tellsOfAlarms = ({ trigger, filter }: ReactionDefinition): boolean =>
  trigger.type === 'events' &&
  filter.outcome !== 'success' &&
  (filter.kindTypes.length === 0 || filter.kindTypes.includes('signalbox')) &&
  Object.keys(alarmKinds).some(kind => filter.kindNames.some(name => `${kind}.`.startsWith(`${name}.`)))
