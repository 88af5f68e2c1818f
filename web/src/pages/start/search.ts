import { optionalOneOf, optionalText } from '../../app/search.ts'
import { eventTabs, type EventTab } from '../events/search.ts'

export interface StartSearch {
  endpoint?: string | undefined
  /** The event that was chosen; without one the newest is open. */
  event?: string | undefined
  tab?: EventTab | undefined
}

export const startSearch = (search: Record<string, unknown>): StartSearch => ({
  endpoint: optionalText(search['endpoint']),
  event: optionalText(search['event']),
  tab: optionalOneOf(search['tab'], eventTabs),
})
