import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { someEvent, someReaction } from '../../test/support/examples.ts'
import type { Event } from './event.ts'
import { judge } from './filter.ts'
import { createReactionIndex } from './reaction-index.ts'
import type { Reaction } from './reaction.ts'

/** Few words, so that they meet; among them those that could be taken for marks of the index itself. */
const words = ['a', 'b', '*', '', 'constructor', '__proto__']
const word = fc.constantFrom(...words)
const kindName = fc
  .array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 3 })
  .map(p => p.join('.'))
const list = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 3 })
const endpoint = fc.constantFrom('ep_1', 'ep_2')

const events: fc.Arbitrary<Event> = fc
  .record({
    kind: fc.record({ type: fc.constantFrom('external' as const, 'platform' as const), name: kindName }),
    targets: list(fc.record({ type: word, value: word })),
    endpointId: fc.option(endpoint),
    error: fc.option(fc.constant('boom')),
  })
  .map(someEvent)

const filters = fc.record({
  kindTypes: list(fc.constantFrom('external' as const, 'platform' as const)),
  kindNames: list(kindName),
  targetTypes: list(word),
  targetValues: list(word),
  targets: fc.dictionary(word, list(word), { maxKeys: 2 }),
  outcome: fc.constantFrom('any' as const, 'error' as const, 'success' as const),
})
const triggers = fc.oneof(
  fc.constant({ type: 'events' as const }),
  endpoint.map(id => ({ type: 'endpoint' as const, endpoint: id })),
)
const reactions: fc.Arbitrary<Reaction[]> = fc
  .array(fc.record({ filter: filters, trigger: triggers }), { maxLength: 20 })
  .map(definitions => definitions.map((definition, at) => someReaction({ id: `rea_${at}`, definition })))

const firesOn = (reaction: Reaction, event: Event): boolean => judge(reaction, event, () => ({}), 8).fires
const ids = (found: readonly Reaction[]): string[] => found.map(({ id }) => id).sort()

function indexOf(all: readonly Reaction[]) {
  const index = createReactionIndex()
  for (const reaction of all) index.add(reaction)
  return index
}

test('every reaction that fires is among the candidates, once', () => {
  fc.assert(
    fc.property(reactions, events, (all, event) => {
      const found = ids(indexOf(all).candidates(event))
      assert.equal(new Set(found).size, found.length)
      for (const reaction of all) if (firesOn(reaction, event)) assert.ok(found.includes(reaction.id))
    }),
    { numRuns: 2000 },
  )
})

test('in whatever order reactions come and go, the index is that of those that are left', () => {
  const plan = fc.tuple(reactions, fc.array(fc.nat(19)), fc.array(events, { minLength: 1, maxLength: 4 }))
  fc.assert(
    fc.property(plan, ([all, removals, someEvents]) => {
      const index = indexOf(all)
      const left = new Map(all.map(reaction => [reaction.id, reaction]))
      for (const at of removals) {
        const reaction = all[at]
        if (!reaction) continue
        // One that is gone is put back, to see that it comes and goes.
        if (left.delete(reaction.id)) {
          index.remove(reaction)
        } else {
          left.set(reaction.id, reaction)
          index.add(reaction)
        }
      }
      const fresh = indexOf([...left.values()])
      for (const event of someEvents)
        assert.deepEqual(ids(index.candidates(event)), ids(fresh.candidates(event)))
    }),
    { numRuns: 1000 },
  )
})

test('removing one that was never added changes nothing', () => {
  const there = someReaction({ id: 'rea_1', definition: { filter: { kindNames: ['a'] } } })
  const index = indexOf([there])
  for (const filter of [{}, { kindNames: ['a'] }, { kindNames: ['b'], targets: { a: ['b'] } }])
    index.remove(someReaction({ id: 'rea_2', definition: { filter } }))
  const trigger = { type: 'endpoint', endpoint: 'ep_1' } as const
  index.remove(someReaction({ id: 'rea_3', definition: { trigger } }))
  assert.deepEqual(index.candidates(someEvent({ kind: { type: 'external', name: 'a.b' } })), [there])
})

test('what cannot match is no candidate: the cost of an event follows those that could', () => {
  const others = Array.from({ length: 500 }, (_, at) =>
    someReaction({
      id: `rea_${at}`,
      definition:
        at % 2 === 0
          ? { trigger: { type: 'endpoint', endpoint: `ep_other${at}` } }
          : { filter: { kindNames: [`kind${at}`], targets: { app: [`app${at}`] } } },
    }),
  )
  const mine = someReaction({ id: 'mine', definition: { trigger: { type: 'endpoint', endpoint: 'ep_1' } } })
  const named = someReaction({ id: 'named', definition: { filter: { kindNames: ['webhook'] } } })
  const index = indexOf([...others, mine, named])
  assert.deepEqual(ids(index.candidates(someEvent())), ['mine', 'named'])
})
