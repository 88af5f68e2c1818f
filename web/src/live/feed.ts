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
  searchedTo: string | null
}

export interface FeedOptions<T> {
  load(cursor: string | null, signal: AbortSignal): Promise<List<T> & { searchedTo?: string | null }>
  /** The item in a change, if it is of this list's sort. */
  pick(change: Change): T | null
  matches(item: T): boolean
  live: Pick<LiveClient, 'onChanges' | 'onGap'>
}

/** Beyond this many, the oldest rows leave memory; narrowing the filter reaches them. */
export const maxRows = 10_000

export function createFeed<T extends { id: string }>({ load, pick, matches, live }: FeedOptions<T>): Feed<T> {
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

  function begin(): void {
    reading.abort()
    reading = new AbortController()
    const { signal } = reading
    isReading = true
    isStale = false
    load(null, signal).then(
      page => {
        if (signal.aborted) return
        isReading = false
        cursor = page.next
        const facts = { status: 'ready', problem: null, hasMore: page.next !== null } as const
        set({ ...facts, rows: page.items, searchedTo: page.searchedTo ?? null, loadingMore: false })
        if (!state.paused) release()
      },
      (error: unknown) => {
        if (signal.aborted) return
        isReading = false
        set({ status: 'failed', problem: asProblem(error) })
      },
    )
  }

  function readAfresh(): void {
    if (state.paused) isStale = true
    else begin()
  }

  function take(changes: readonly Change[]): void {
    for (const change of changes) {
      const item = pick(change)
      if (item) waiting.set(item.id, item)
    }
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
    const added = [...news.values()].filter(matches).reverse()
    const rows = [...added, ...kept].slice(0, maxRows)
    set({ rows, arrived: state.arrived + added.length, waiting: 0 })
  }

  function more(): void {
    if (state.loadingMore || !state.hasMore || state.rows.length >= maxRows) return
    const { signal } = reading
    set({ loadingMore: true })
    load(cursor, signal).then(
      page => {
        if (signal.aborted) return
        cursor = page.next
        const known = new Set(state.rows.map(row => row.id))
        const rows = [...state.rows, ...page.items.filter(item => !known.has(item.id))].slice(0, maxRows)
        const searchedTo = page.searchedTo ?? null
        set({ rows, hasMore: page.next !== null, loadingMore: false, problem: null, searchedTo })
      },
      (error: unknown) => {
        if (!signal.aborted) set({ loadingMore: false, hasMore: false, problem: asProblem(error) })
      },
    )
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
    more,
    pause: () => set({ paused: true }),
    resume() {
      set({ paused: false, waiting: 0 })
      if (isStale) begin()
      else if (!isReading) release()
    },
    retry() {
      set({ status: 'loading', problem: null })
      begin()
    },
  }

  function watch(): () => void {
    const ends = [live.onChanges(take), live.onGap(readAfresh)]
    begin()
    return () => {
      for (const end of ends) end()
      reading.abort()
    }
  }
}
