import { useMemo, useSyncExternalStore } from 'react'
import { createFeed, type Feed, type FeedOptions, type FeedState } from './feed.ts'
import { live } from './live.ts'

/** A feed for as long as `key` stays the same; the key says everything that the options depend on. */
export function useFeed<T extends { id: string }>(
  key: string,
  options: Omit<FeedOptions<T>, 'live'>,
): [FeedState<T>, Feed<T>] {
  const feed = useMemo(() => createFeed({ ...options, live }), [key])
  const state = useSyncExternalStore(feed.subscribe, feed.snapshot)
  return [state, feed]
}
