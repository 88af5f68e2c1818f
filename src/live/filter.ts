import { kindPrefixes } from '../core/event.ts'
import { includesTeam } from '../core/permission.ts'
import { type Change, type Topic, topics } from './change.ts'
import { scopeOf, type Viewer } from './viewer.ts'

/** Every field that is given must hold of a change; a change that has no such thing is left out. */
export interface Filter {
  topics?: Topic[]
  /** The endpoint that was changed, or that the event came to; a run goes by its event. */
  endpoints?: string[]
  /** Dotted prefixes of the event's kind; a run goes by its event. */
  kinds?: string[]
  /** The reaction that was changed, or that the run is of. */
  reactions?: string[]
  /** Events that tell of a failure; runs and attempts that failed. */
  outcome?: 'error'
}

export type Matches = (change: Change) => boolean

/** The same for all who are to be told the same, however they put it. */
export const audienceKey = (filter: Filter, viewer: Viewer): string =>
  JSON.stringify([
    scopeOf(viewer),
    ...[filter.topics, filter.endpoints, filter.kinds, filter.reactions].map(
      list => list && [...new Set(list)].sort(),
    ),
    filter.outcome,
  ])

export function compileFilter(filter: Filter, viewer: Viewer): Matches {
  const tests = [visibleTo(viewer)]
  const { outcome } = filter
  if (filter.topics) {
    const wanted = new Set(filter.topics)
    tests.push(change => wanted.has(change.topic))
  }
  if (filter.endpoints) {
    const wanted = new Set(filter.endpoints)
    tests.push(({ endpointId }) => endpointId !== null && wanted.has(endpointId))
  }
  if (filter.reactions) {
    const wanted = new Set(filter.reactions)
    tests.push(({ reactionId }) => reactionId !== null && wanted.has(reactionId))
  }
  if (filter.kinds) {
    const wanted = new Set(filter.kinds)
    tests.push(
      ({ kindName }) => kindName !== null && kindPrefixes(kindName).some(prefix => wanted.has(prefix)),
    )
  }
  if (outcome !== undefined) tests.push(({ failed }) => failed)
  return change => tests.every(test => test(change))
}

/** Visitors see what came to their endpoints, not what this installation makes of it: no runs, no reactions. */
function visibleTo(viewer: Viewer): Matches {
  if (viewer.kind === 'member') {
    const { sees } = viewer
    if (topics.every(topic => sees[topic] === 'all')) return () => true
    return ({ topic, team }) => includesTeam(sees[topic], team)
  }
  const { endpointIds } = viewer
  return ({ topic, endpointId }) => topic !== 'runs' && endpointId !== null && endpointIds.has(endpointId)
}
