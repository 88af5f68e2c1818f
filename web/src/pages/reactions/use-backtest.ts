import { useInfiniteQuery } from '@tanstack/react-query'
import { backtest } from '../../api/backtest.ts'
import type { EventSummary, ReactionDefinition } from '../../api/types.ts'
import { useSettled } from './use-settled.ts'

export const spans = { '24h': 86_400_000, '7d': 7 * 86_400_000, '30d': 30 * 86_400_000 } as const
export type Span = keyof typeof spans

/** How many events are listed. */
const listed = 20

export interface PastRuns {
  fires: number
  looked: number
  events: EventSummary[]
  /** How far back was looked; null when all of the time was. */
  searchedTo: string | null
}

/** On which events of the past it would have fired, once the typing pauses. What it does does not matter for that. */
export function useBacktest({ name, trigger, filter, action }: ReactionDefinition, span: Span) {
  const text = JSON.stringify({ name: name || 'unnamed', trigger, filter })
  const settled = useSettled(text)
  const query = useInfiniteQuery({
    queryKey: ['backtest', settled, span],
    queryFn: ({ signal, pageParam }) =>
      backtest(
        {
          definition: {
            ...(JSON.parse(settled) as Pick<ReactionDefinition, 'name' | 'trigger' | 'filter'>),
            action: { type: action.type, url: 'https://example.com/' },
          } as ReactionDefinition,
          since: pageParam.since,
          limit: listed - pageParam.listed,
          ...(pageParam.cursor === null ? {} : { cursor: pageParam.cursor }),
        },
        signal,
      ),
    initialPageParam: {
      since: new Date(Date.now() - spans[span]).toISOString(),
      cursor: null as string | null,
      listed: 0,
    },
    getNextPageParam: ({ next, since }, pages) =>
      next === null
        ? undefined
        : { since, cursor: next, listed: pages.reduce((sum, { events }) => sum + events.length, 0) },
    enabled: trigger.type === 'events' || trigger.endpoint !== '',
    staleTime: 30_000,
    gcTime: 60_000,
    retry: false,
  })
  const pages = query.data?.pages ?? []
  const isWrong = pages.some(({ errors }) => errors.length > 0)
  const past: PastRuns | null =
    pages.length === 0 || isWrong
      ? null
      : {
          fires: pages.reduce((sum, page) => sum + page.fires, 0),
          looked: pages.reduce((sum, page) => sum + page.looked, 0),
          events: pages.flatMap(page => page.events),
          searchedTo: pages.at(-1)?.searchedTo ?? null,
        }
  return {
    past,
    isWrong,
    failure: query.error,
    isStale: text !== settled || query.isFetching,
    goOn: query.hasNextPage && !query.isFetching ? () => void query.fetchNextPage() : null,
  }
}
