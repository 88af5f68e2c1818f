import { optionalOneOf, optionalText } from '../../app/search.ts'
import { isRange, sinceOf } from '../../ui/range.ts'
import type { EventSummary } from '../../api/types.ts'
import type { Query } from '../../api/request.ts'
import type { Filters, View } from '../../api/views.ts'

/** Which events are listed. */
export interface EventFilter {
  endpoint?: string | undefined
  kind?: string | undefined
  target?: string | undefined
  outcome?: 'success' | 'error' | undefined
  /** `1h`, or `2026-11-21T06:00:00Z/2026-11-21T07:00:00Z`. */
  range?: string | undefined
  text?: string | undefined
  /** CEL. */
  where?: string | undefined
}

export const eventTabs = ['body', 'headers', 'facts', 'raw', 'compare', 'reactions'] as const
export type EventTab = (typeof eventTabs)[number]

/** What the address says: which events, and what of the open one. */
export interface EventSearch extends EventFilter {
  tab?: EventTab | undefined
  /** The event that it is compared with. */
  with?: string | undefined
}

export function eventSearch(search: Record<string, unknown>): EventSearch {
  const range = optionalText(search['range'])
  return {
    endpoint: optionalText(search['endpoint']),
    kind: optionalText(search['kind']),
    target: optionalText(search['target']),
    outcome: optionalOneOf(search['outcome'], ['success', 'error']),
    range: range !== undefined && isRange(range) ? range : undefined,
    text: optionalText(search['text']),
    where: optionalText(search['where'], 4000),
    tab: optionalOneOf(search['tab'], eventTabs),
    with: optionalText(search['with']),
  }
}

export function eventQueryOf(search: EventFilter): Query {
  const { endpoint, kind, target, outcome, text, where } = search
  return { endpoint, kind, target, outcome, text, where, ...sinceOf(search.range, Date.now()) }
}

/** Would the server list this event, which came live? Of texts and expressions only the server knows. */
export function eventMatches(search: EventFilter, event: EventSummary): boolean {
  const { endpoint, kind, target, outcome, range } = search
  if (endpoint && event.endpointId !== endpoint) return false
  if (kind && event.kind.name !== kind && !event.kind.name.startsWith(`${kind}.`)) return false
  if (outcome && (outcome === 'error') !== (event.error !== null && event.error !== '')) return false
  if (target && !event.targets.some(({ type, value }) => target === value || target === `${type}:${value}`))
    return false
  const { until } = sinceOf(range, Date.now())
  return until === undefined || event.time < until
}

/** What a live event does not tell by itself. */
export const needsServer = ({ text, where }: EventFilter): boolean =>
  text !== undefined || where !== undefined

export const isFiltered = (search: EventFilter): boolean =>
  Object.values(search).some(value => value !== undefined)

/** What a saved view keeps of it, and back. */
export const filtersOf = ({ kind, ...others }: EventFilter): Filters => ({
  ...others,
  ...(kind === undefined ? {} : { kind: [kind] }),
})
export const searchOfView = ({ filters }: Pick<View, 'filters'>): EventSearch =>
  eventSearch({ ...filters, kind: Array.isArray(filters['kind']) ? filters['kind'][0] : undefined })
