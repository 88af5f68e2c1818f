import { type Event, kindPrefixes } from './event.ts'
import type { Filter, Reaction } from './reaction.ts'
import { compileWhere } from './where.ts'

/** Why a reaction did, or did not, fire on an event. Codes are stable; the sentence is for people. */
export type Verdict = { fires: true; held: boolean } | { fires: false; code: NoCode; reason: string }

export type NoCode =
  | 'reaction.disabled'
  | 'reaction.deleted'
  | 'reaction.younger'
  | 'reaction.other-team'
  | 'event.too-many-hops'
  | 'trigger.other-endpoint'
  | 'filter.kind-type'
  | 'filter.kind-name'
  | 'filter.target-type'
  | 'filter.target-value'
  | 'filter.targets'
  | 'filter.outcome'
  | 'filter.where'
  | 'filter.where-error'

const no = (code: NoCode, reason: string): Verdict => ({ fires: false, code, reason })
const fires: Verdict = { fires: true, held: false }
const firesHeld: Verdict = { fires: true, held: true }

/** The whole decision of react, for one event and one reaction. `context` is asked for only when a `where` needs it. */
export function judge(
  reaction: Reaction,
  event: Event,
  context: () => object,
  maxHops: number,
  replayed = false,
): Verdict {
  const { definition } = reaction
  if (reaction.state === 'deleted') return no('reaction.deleted', 'The reaction had been deleted')
  if (reaction.state === 'disabled')
    return no('reaction.disabled', reaction.stateReason || 'The reaction was disabled')
  if (!replayed && event.position <= reaction.sincePosition) {
    return no('reaction.younger', 'The event is older than the reaction; replay it to run the reaction on it')
  }
  if (!definition.anyTeam && !maySee(reaction.team, event)) {
    return no('reaction.other-team', 'The event belongs to another team')
  }
  if (event.hops >= maxHops) {
    return no(
      'event.too-many-hops',
      `The event is ${event.hops} hops away from its origin; the limit is ${maxHops}`,
    )
  }
  const { trigger } = definition
  if (trigger.type === 'endpoint' && trigger.endpoint !== event.endpointId) {
    return no('trigger.other-endpoint', 'The event did not come from the endpoint of the reaction')
  }
  const refused = judgeFilter(definition.filter, event, context)
  return refused ?? (reaction.state === 'paused' ? firesHeld : fires)
}

const maySee = (team: string | null, event: Event): boolean =>
  team === null || event.team === team || event.sharedWith?.includes(team) === true

/** What the lists of a filter look at. */
type EventFacts = Pick<Event, 'kind' | 'targets' | 'error'>

/** Lists: any of one list, all of the lists; type and value of a target are not paired (that is what `targets` does). */
export function judgeFilter(filter: Filter, event: EventFacts, context: () => object): Verdict | null {
  const { kindTypes, kindNames, targetTypes, targetValues, outcome, where } = filter
  if (kindTypes.length > 0 && !kindTypes.includes(event.kind.type)) {
    return no('filter.kind-type', `The kind type is ${event.kind.type}, not ${either(kindTypes)}`)
  }
  if (kindNames.length > 0 && !kindPrefixes(event.kind.name).some(name => kindNames.includes(name))) {
    return no('filter.kind-name', `The kind is ${event.kind.name}, not ${either(kindNames)} or below`)
  }
  if (targetTypes.length > 0 && !event.targets.some(target => targetTypes.includes(target.type))) {
    return no('filter.target-type', `No target is of type ${either(targetTypes)}`)
  }
  if (targetValues.length > 0 && !event.targets.some(target => targetValues.includes(target.value))) {
    return no('filter.target-value', `No target is named ${either(targetValues)}`)
  }
  const unmet = Object.entries(filter.targets).find(([type, values]) => !hasTarget(event, type, values))
  if (unmet) return no('filter.targets', `No ${unmet[0]} target is ${either(unmet[1])}`)
  if (outcome !== 'any' && (outcome === 'error') !== (event.error !== null && event.error !== '')) {
    return no(
      'filter.outcome',
      outcome === 'error' ? 'The event tells of no error' : `The event tells of an error: ${event.error}`,
    )
  }
  return where.trim() === '' ? null : judgeWhere(where, context)
}

const hasTarget = (event: EventFacts, type: string, values: string[]): boolean =>
  event.targets.some(target => target.type === type && values.includes(target.value))

function judgeWhere(where: string, context: () => object): Verdict | null {
  const compiled = compileWhere(where)
  if (!compiled.ok) return no('filter.where-error', `The expression does not compile: ${compiled.message}`)
  const result = compiled.evaluate(context())
  if (result.matches) return null
  if (result.error === null) return no('filter.where', `The expression is false: ${where}`)
  return no('filter.where-error', `The expression could not be evaluated: ${result.error}`)
}

const either = (values: readonly string[]): string =>
  values.length <= 4 ? values.join(' or ') : `${values.slice(0, 3).join(', ')} or ${values.length - 3} more`
