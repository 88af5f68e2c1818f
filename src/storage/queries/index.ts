import * as configuration from './configuration.ts'
import * as events from './events.ts'
import * as runs from './runs.ts'

/** Lists and searches: `(db, input) => output`, the same source for both engines. */
export const queries = { ...events, ...runs, ...configuration }

export type Queries = typeof queries
