import * as configuration from './configuration.ts'
import { eventQueries } from './events.ts'
import * as runs from './runs.ts'
import type { Spelling } from './spelling.ts'

/** Lists and searches: `(db, input) => output`, the same source for both engines. */
export const queriesIn = (spelling: Spelling) => ({ ...eventQueries(spelling), ...runs, ...configuration })

export type Queries = ReturnType<typeof queriesIn>
