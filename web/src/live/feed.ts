import { asProblem, type Problem } from '../api/problem.ts'
import type { List } from '../api/types.ts'
import type { LiveClient } from './client.ts'
import type { Change } from './protocol.ts'

/**
 * A list that stays true: pages read from the API, with what the live feed tells put on top, each id once.
 * While it is paused the view stands still, and what comes waits.
 */
export interface Feed<T> {
  snapshot(): FeedState<T>
  subscribe(listener: () => void): () => void
  more(): void
  pause(): void
  resume(): void
  retry(): void
  /** Ends a search that goes on by itself; `goOn` takes it up where it stopped. */
  stop(): void
  goOn(): void
}

export interface FeedState<T> {
  /** Newest first. */
  rows: readonly T[]
  status: 'loading' | 'ready' | 'failed'
  problem: Problem | null
  loadingMore: boolean
  hasMore: boolean
  paused: boolean
  /** How many changes wait for the end of the pause. */
  waiting: number
  /** How many rows came live since the list was opened. */
  arrived: number
  /** Back to when a search has looked that has not come to its end. */
  searchedTo: string | null
  /** It goes on by itself. */
  searching: boolean
}

export interface FeedOptions<T> {
  load(cursor: string | null, signal: AbortSignal): Promise<List<T> & { searchedTo?: string | null }>
  /** The item in a change, if it is of this list's sort. */
  pick(change: Change): T | null
  matches(item: T): boolean
  /** Where only the server can tell what matches: asked for the newest of the list after something came. */
  newest?(signal: AbortSignal): Promise<readonly T[]>
  later?(work: () => void): void
  live: Pick<LiveClient, 'onChanges' | 'onGap'>
}

/** Beyond this many, the oldest rows leave memory; narrowing the filter reaches them. */
export const maxRows = 10_000

/** A search that has found so many pauses until somebody scrolls on. */
const enoughFound = 100

export function createFeed<T extends { id: string }>({
  load,
  pick,
  matches,
  newest,
  later = soon,
  live,
}: FeedOptions<T>): Feed<T> {
  let state: FeedState<T> = {
    rows: [],
    status: 'loading',
    problem: null,
    loadingMore: false,
    hasMore: false,
    paused: false,
    waiting: 0,
    arrived: 0,
    searchedTo: null,
    searching: false,
  }
  let cursor: string | null = null
  let reading = new AbortController()
  let isReading = false
  /** There was a gap during a pause: read afresh when it ends. */
  let isStale = false
  /** What came while the first page was being read, or during a pause; by id, the latest state. */
  let waiting = new Map<string, T>()
  let stop = () => {}
  const listeners = new Set<() => void>()

  function set(change: Partial<FeedState<T>>): void {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }

  async function begin(): Promise<void> {
    reading.abort()
    reading = new AbortController()
    const { signal } = reading
    isReading = true
    isStale = false
    try {
      const page = await load(null, signal)
      if (signal.aborted) return
      cursor = page.next
      const searchedTo = page.searchedTo ?? null
      set({
        status: 'ready',
        problem: null,
        rows: page.items,
        hasMore: cursor !== null,
        searchedTo,
        loadingMore: false,
        searching: searchedTo !== null,
      })
    } catch (error) {
      if (signal.aborted) return
      // What was read before is worth more than an error in its place; the connection's state tells the rest.
      if (state.status !== 'ready') set({ status: 'failed', problem: asProblem(error) })
    }
    isReading = false
    if (state.status === 'ready' && !state.paused) release()
    void search()
  }

  /** While an answer ended for want of time, the next one is asked for, until enough was found or somebody stops it. */
  async function search(): Promise<void> {
    const { signal } = reading
    const upTo = state.rows.length + enoughFound
    while (state.searching && !signal.aborted) {
      await more()
      if (signal.aborted) return
      if (state.searchedTo === null || state.problem || state.rows.length >= Math.min(upTo, maxRows))
        set({ searching: false })
    }
  }

  function readAfresh(): void {
    if (state.paused) isStale = true
    else void begin()
  }

  function take(changes: readonly Change[]): void {
    const items = changes.flatMap(change => pick(change) ?? [])
    if (newest) {
      if (items.length > 0) askNewest(newest)
      return
    }
    takeItems(items)
  }

  let isAsking = false
  function askNewest(ask: NonNullable<typeof newest>): void {
    if (isAsking) return
    isAsking = true
    const { signal } = reading
    later(() => {
      isAsking = false
      if (signal.aborted) return
      ask(signal)
        .then(items =>
          takeItems(items.filter(item => !state.rows.some(row => row.id === item.id)).toReversed()),
        )
        // What was missed is found by the next one, or when the list is read again.
        .catch(() => {})
    })
  }

  function takeItems(items: readonly T[]): void {
    for (const item of items) waiting.set(item.id, item)
    if (waiting.size === 0) return
    if (state.paused) set({ waiting: countOf(waiting) })
    else if (!isReading && state.status === 'ready') release()
  }

  const countOf = (items: Map<string, T>): number => [...items.values()].filter(matches).length

  function release(): void {
    const news = waiting
    waiting = new Map()
    if (news.size === 0) return
    const kept: T[] = []
    for (const row of state.rows) {
      const newer = news.get(row.id)
      news.delete(row.id)
      if (newer === undefined) kept.push(row)
      else if (matches(newer)) kept.push(newer)
    }
    const added = [...news.values()].filter(matches).toReversed()
    const rows = [...added, ...kept].slice(0, maxRows)
    set({ rows, arrived: state.arrived + added.length, waiting: 0 })
  }

  async function more(): Promise<void> {
    if (state.loadingMore || !state.hasMore || state.rows.length >= maxRows) return
    const { signal } = reading
    set({ loadingMore: true })
    try {
      const page = await load(cursor, signal)
      if (signal.aborted) return
      cursor = page.next
      const known = new Set(state.rows.map(row => row.id))
      const rows = [...state.rows, ...page.items.filter(item => !known.has(item.id))].slice(0, maxRows)
      set({
        rows,
        hasMore: cursor !== null,
        loadingMore: false,
        problem: null,
        searchedTo: page.searchedTo ?? null,
      })
    } catch (error) {
      if (!signal.aborted) set({ loadingMore: false, hasMore: false, problem: asProblem(error) })
    }
  }

  return {
    snapshot: () => state,
    subscribe(listener) {
      if (listeners.size === 0) stop = watch()
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) stop()
      }
    },
    // A search that was stopped goes on when it is told to, not because its end is in view.
    more: () => void (state.searchedTo === null && more()),
    pause: () => set({ paused: true }),
    resume() {
      set({ paused: false, waiting: 0 })
      if (isStale) void begin()
      else if (!isReading) release()
    },
    retry() {
      set({ status: 'loading', problem: null })
      void begin()
    },
    stop: () => set({ searching: false }),
    goOn() {
      if (state.searching || !state.hasMore) return
      set({ searching: true })
      void search()
    },
  }

  function watch(): () => void {
    const ends = [live.onChanges(take), live.onGap(readAfresh)]
    void begin()
    return () => {
      for (const end of ends) end()
      reading.abort()
    }
  }
}

const newestEveryMs = 1000
const soon = (work: () => void): void => void setTimeout(work, newestEveryMs)
