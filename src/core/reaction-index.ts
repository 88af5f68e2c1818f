import { type Event, kindPrefixes } from './event.ts'
import type { Reaction } from './reaction.ts'

/**
 * Finds the reactions that could match an event, so that its cost follows their number and not the number that
 * exist. Reactions on an endpoint stand under its id. The others stand under each (kind name, target type, target
 * value) that they ask for, with `*` where they ask for nothing.
 */
export interface ReactionIndex {
  add(reaction: Reaction): void
  remove(reaction: Reaction): void
  candidates(event: Event): Reaction[]
}

const any = '*'
type Leaf = Reaction[]
type Key = [kind: string, type: string, value: string]

export function createReactionIndex(): ReactionIndex {
  const byEndpoint = new Map<string, Leaf>()
  const byKind = new Map<string, Map<string, Map<string, Leaf>>>()
  return {
    add(reaction) {
      const { trigger } = reaction.definition
      if (trigger.type === 'endpoint') return push(byEndpoint, trigger.endpoint, reaction)
      for (const [kind, type, value] of keys(reaction))
        push(within(within(byKind, kind), type), value, reaction)
    },
    remove(reaction) {
      const { trigger } = reaction.definition
      if (trigger.type === 'endpoint') return take(byEndpoint, trigger.endpoint, reaction)
      for (const [kind, type, value] of keys(reaction)) {
        const byType = byKind.get(kind)
        const byValue = byType?.get(type)
        if (!byType || !byValue) continue
        take(byValue, value, reaction)
        if (byValue.size === 0) byType.delete(type)
        if (byType.size === 0) byKind.delete(kind)
      }
    },
    candidates(event) {
      const found = new Set(event.endpointId === null ? [] : byEndpoint.get(event.endpointId))
      if (byKind.size === 0) return [...found]
      const types = [any, ...event.targets.map(target => target.type)]
      const values = [any, ...event.targets.map(target => target.value)]
      for (const kind of [any, ...kindPrefixes(event.kind.name)]) {
        const byType = byKind.get(kind)
        if (!byType) continue
        for (const type of types) {
          const byValue = byType.get(type)
          if (!byValue) continue
          for (const value of values) for (const reaction of byValue.get(value) ?? []) found.add(reaction)
        }
      }
      return [...found]
    },
  }
}

function keys(reaction: Reaction): Key[] {
  const { kindNames, targetTypes, targetValues, targets } = reaction.definition.filter
  const [paired] = Object.entries(targets)
  const types = paired ? [paired[0]] : targetTypes
  const values = paired ? paired[1] : targetValues
  return orAny(kindNames).flatMap(kind =>
    orAny(types).flatMap(type => orAny(values).map((value): Key => [kind, type, value])),
  )
}

const orAny = (values: readonly string[]): readonly string[] =>
  values.length === 0 ? [any] : [...new Set(values)]

function within<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let inner = map.get(key)
  if (!inner) map.set(key, (inner = new Map()))
  return inner
}

function push(map: Map<string, Leaf>, key: string, reaction: Reaction): void {
  const leaf = map.get(key)
  if (leaf) leaf.push(reaction)
  else map.set(key, [reaction])
}

function take(map: Map<string, Leaf>, key: string, reaction: Reaction): void {
  const rest = map.get(key)?.filter(other => other.id !== reaction.id)
  if (rest && rest.length > 0) map.set(key, rest)
  else map.delete(key)
}
