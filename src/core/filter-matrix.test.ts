import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from './event.ts'
import { judgeFilter } from './filter.ts'
import type { Filter } from './reaction.ts'

/** The rule in other words: sets of an event that the lists of a filter have to meet. */
function expected(filter: Filter, event: Event): boolean {
  const meets = (list: readonly string[], set: readonly string[]) =>
    list.length === 0 || list.some(one => set.includes(one))
  const parts = event.kind.name.split('.')
  const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join('.'))
  const succeeded = event.error === null
  return (
    meets(filter.kindTypes, [event.kind.type]) &&
    meets(filter.kindNames, prefixes) &&
    meets(
      filter.targetTypes,
      event.targets.map(target => target.type),
    ) &&
    meets(
      filter.targetValues,
      event.targets.map(target => target.value),
    ) &&
    (filter.outcome === 'any' || (filter.outcome === 'success') === succeeded)
  )
}

const event = (kind: Event['kind'], targets: Event['targets'], error: string | null): Event => ({
  id: 'evt_0',
  position: 1,
  receivedAtMs: 0,
  kind,
  targets,
  owner: { type: 'user', name: 'me' },
  error,
  team: null,
  actor: 'me',
  endpointId: null,
  cause: null,
  hops: 0,
  request: null,
  contentType: null,
  bodyBytes: 0,
})

test('the lists of a filter: OR inside, AND between, type and value unpaired, prefixes at dots only', () => {
  const app = { type: 'app', value: 'x' }
  const volume = { type: 'volume', value: 'y' }
  const events = (
    ['app.update.env.set', 'app.update', 'app', 'application', 'team rename', 'App.update'] as const
  )
    .flatMap(name => [
      { type: 'permission' as const, name },
      { type: 'internal' as const, name },
    ])
    .flatMap(kind =>
      [[app], [app, volume], [{ type: '', value: '' }], []].map(targets => ({ kind, targets })),
    )
    .flatMap(({ kind, targets }) => [event(kind, targets, null), event(kind, targets, 'boom')])
  const kindNames = [
    [],
    ['app'],
    ['app.update'],
    ['app.up'],
    ['app.update.env.set', 'nothing'],
    ['team rename'],
    [''],
  ]
  const targetTypes = [[], ['app'], ['volume'], ['App', 'volume'], ['']]
  const targetValues = [[], ['x'], ['y', 'z'], ['']]
  const kindTypes: Filter['kindTypes'][] = [[], ['permission'], ['internal', 'permission'], ['external']]
  let fired = 0
  let count = 0
  for (const names of kindNames)
    for (const types of targetTypes)
      for (const values of targetValues)
        for (const ofType of kindTypes)
          for (const outcome of ['any', 'success', 'error'] as const)
            for (const one of events) {
              const filter: Filter = {
                kindNames: names,
                targetTypes: types,
                targetValues: values,
                kindTypes: ofType,
                targets: {},
                outcome,
                where: '',
              }
              const fires = judgeFilter(filter, one, () => ({})) === null
              assert.equal(fires, expected(filter, one), JSON.stringify({ filter, one }))
              count++
              if (fires) fired++
            }
  assert.equal(count, 161_280)
  assert.ok(fired > 1_000 && fired < count)
})
