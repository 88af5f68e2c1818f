import { type SelectQueryBuilder, sql } from 'kysely'
import type { TextSearch } from '../../core/text-search.ts'
import type { Database } from '../schema.ts'
import type { Spelling } from './spelling.ts'
import { isOwnedBy } from './teams.ts'

export interface EventFilter {
  endpointIds?: string[]
  kindTypes?: string[]
  /** Dotted names; each also stands for what lies below it. */
  kindNames?: string[]
  target?: { type?: string; value: string }
  outcome?: 'success' | 'error'
  sinceMs?: number
  untilMs?: number
  /** Found in the body, or in what is known of the request, in any case. */
  text?: string
  /** CEL, as reactions have it; one that compiles. */
  where?: string
  /** Events that one of these owns. */
  teams?: readonly string[]
}

/** What lies below a dotted name: '/' follows '.' in the order of bytes, so this range is what starts with "name." */
export const belowName = (name: string): [from: string, to: string] => [`${name}.`, `${name}/`]

type EventQuery<O> = SelectQueryBuilder<Database, 'event' | 'event_body', O>

/** All of a filter that the engine can judge; of a text, whether a fragment of it is there. */
export function narrow<O>(
  query: EventQuery<O>,
  filter: EventFilter,
  text: TextSearch | null,
  spelling: Spelling,
): EventQuery<O> {
  const { endpointIds, kindTypes, kindNames, target, outcome, sinceMs, untilMs, teams } = filter
  let narrowed = query
  if (endpointIds)
    narrowed = narrowed.where('event.endpoint_id', 'in', endpointIds.length > 0 ? endpointIds : [''])
  if (kindTypes?.length) narrowed = narrowed.where('event.kind_type', 'in', kindTypes)
  if (kindNames?.length) {
    narrowed = narrowed.where(where =>
      where.or(
        kindNames.flatMap(name => {
          const [from, to] = belowName(name)
          return [
            where('event.kind_name', '=', name),
            where.and([where('event.kind_name', '>=', from), where('event.kind_name', '<', to)]),
          ]
        }),
      ),
    )
  }
  if (target) {
    narrowed = narrowed.where(({ exists, selectFrom }) => {
      let targets = selectFrom('event_target')
        .select('event_target.position')
        .whereRef('event_target.position', '=', 'event.position')
        .where('event_target.value', '=', target.value)
      if (target.type !== undefined) targets = targets.where('event_target.type', '=', target.type)
      return exists(targets)
    })
  }
  if (outcome === 'error') narrowed = narrowed.where('event.error', 'is not', null)
  if (outcome === 'success') narrowed = narrowed.where('event.error', 'is', null)
  if (sinceMs !== undefined) narrowed = narrowed.where('event.received_at', '>=', sinceMs)
  if (untilMs !== undefined) narrowed = narrowed.where('event.received_at', '<=', untilMs)
  if (teams) narrowed = narrowed.where(isOwnedBy('event.team', teams))
  if (text) {
    narrowed = narrowed.where(where =>
      where.or(
        text.fragments.flatMap(fragment => [
          spelling.bodyContains(fragment),
          spelling.contains(sql.ref('event.detail'), fragment),
        ]),
      ),
    )
  }
  return narrowed
}
