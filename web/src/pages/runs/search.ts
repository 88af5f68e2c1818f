import { optionalOneOf, optionalText } from '../../app/search.ts'
import type { Query } from '../../api/request.ts'
import type { Filters, View } from '../../api/views.ts'
import type { RunState, RunSummary } from '../../api/types.ts'
import { isRange, sinceOf } from '../../ui/range.ts'

/** What the address says about the list of runs. */
export interface RunSearch {
  reaction?: string | undefined
  event?: string | undefined
  state?: StateGroup | undefined
  range?: string | undefined
  view?: 'timeline' | undefined
}

/** States as people ask for them. */
export const stateGroups = {
  waiting: ['due', 'trying', 'in-progress', 'waiting-approval'],
  held: ['held'],
  succeeded: ['succeeded'],
  failed: ['failed', 'timed-out'],
  cancelled: ['cancelled', 'declined'],
} as const satisfies Record<string, readonly RunState[]>

export type StateGroup = keyof typeof stateGroups

export const stateGroupNames = Object.keys(stateGroups) as StateGroup[]

export function runSearch(search: Record<string, unknown>): RunSearch {
  const range = optionalText(search['range'])
  return {
    reaction: optionalText(search['reaction']),
    event: optionalText(search['event']),
    state: optionalOneOf(search['state'], stateGroupNames),
    range: range !== undefined && isRange(range) ? range : undefined,
    view: optionalOneOf(search['view'], ['timeline']),
  }
}

export function runQueryOf({ reaction, event, state, range }: RunSearch): Query {
  return { reaction, event, ...(state ? { state: stateGroups[state] } : {}), ...sinceOf(range, Date.now()) }
}

export function runMatches({ reaction, event, state, range }: RunSearch, run: RunSummary): boolean {
  if (reaction && run.reactionId !== reaction) return false
  if (event && run.eventId !== event) return false
  if (state && !(stateGroups[state] as readonly RunState[]).includes(run.state)) return false
  const { since, until } = sinceOf(range, Date.now())
  return (since === undefined || run.createdAt >= since) && (until === undefined || run.createdAt < until)
}

export const isFiltered = ({ view: _view, ...filters }: RunSearch): boolean =>
  Object.values(filters).some(value => value !== undefined)

/** What a saved view keeps of it, and back. */
export const filtersOf = ({ state, view, ...others }: RunSearch): Filters => ({
  ...others,
  ...(state === undefined ? {} : { state: stateGroups[state] }),
  ...(view === undefined ? {} : { timeline: true }),
})

export function searchOfView({ filters }: Pick<View, 'filters'>): RunSearch {
  const [state] = Array.isArray(filters['state']) ? filters['state'] : []
  const group = stateGroupNames.find(name => (stateGroups[name] as readonly unknown[]).includes(state))
  return runSearch({ ...filters, state: group, view: filters['timeline'] === true ? 'timeline' : undefined })
}
