import type { Change, FromClient, FromServer } from './protocol.ts'

/**
 * The one connection to the feed that all lists share.
 *
 *   off ──start──→ connecting ──subscribed──→ live          (or catching-up, when it resumes from a cursor)
 *                      ↑                        │
 *                      └──── backoff ────── reconnecting ←── connection lost
 *
 * It resumes from the cursor of the last frame it applied, so that nothing is missed and nothing told twice. When it
 * has no cursor, or the server no longer knows it, it starts from now and tells `onGap`: what a list read before that
 * moment may lack something, so it reads itself afresh. Where no connection ever comes about (a proxy that knows no
 * WebSocket), each failed try tells `onGap` too, so that lists still move.
 */
export interface LiveClient {
  start(): void
  stop(): void
  status(): LiveStatus
  onStatus(listener: () => void): () => void
  onChanges(listener: (changes: readonly Change[]) => void): () => void
  onGap(listener: () => void): () => void
}

export type LiveStatus = 'off' | 'connecting' | 'live' | 'catching-up' | 'reconnecting'

/** The part of a browser's WebSocket that is used here. */
export interface Socket {
  send(text: string): void
  close(): void
  addEventListener(type: 'open' | 'close', listener: () => void): void
  addEventListener(type: 'message', listener: (message: { data: unknown }) => void): void
}

export interface LiveOptions {
  connect(): Socket
  /** Runs `work` later and answers how to call it off. */
  later(work: () => void, delayMs: number): () => void
  random(): number
}

const firstDelayMs = 500
const longestDelayMs = 15_000
const pingEveryMs = 25_000
/** Whoever fell further behind than this begins from now: reading a list again costs less than that many changes. */
const mostToCatchUp = 5000

export function createLiveClient({ connect, later, random }: LiveOptions): LiveClient {
  let socket: Socket | null = null
  let cursor: string | null = null
  let status: LiveStatus = 'off'
  let failures = 0
  let wasConnected = false
  let isSubscribed = false
  let cancelTimer = () => {}
  let cancelPing = () => {}
  const statusListeners = new Set<() => void>()
  const changeListeners = new Set<(changes: readonly Change[]) => void>()
  const gapListeners = new Set<() => void>()

  function setStatus(next: LiveStatus): void {
    if (next === status) return
    status = next
    for (const listener of statusListeners) listener()
  }

  function open(): void {
    const opened = connect()
    socket = opened
    opened.addEventListener('open', () => {
      if (socket !== opened) return
      subscribe(opened)
      cancelPing = repeat(() => send(opened, { type: 'ping' }))
    })
    opened.addEventListener('message', ({ data }) => {
      if (socket === opened && typeof data === 'string') apply(opened, JSON.parse(data) as FromServer)
    })
    opened.addEventListener('close', () => {
      if (socket === opened) lost()
    })
  }

  const subscribe = (to: Socket): void => send(to, { type: 'subscribe', filter: {}, cursor })
  const send = (to: Socket, message: FromClient): void => to.send(JSON.stringify(message))

  function apply(from: Socket, message: FromServer): void {
    if (message.type === 'subscribed') {
      failures = 0
      wasConnected = true
      isSubscribed = true
      if (cursor === null) startFromNow(message.cursor)
      else setStatus('catching-up')
    } else if (message.type === 'frame') {
      if (!isSubscribed) return // It comes again, in its order.
      cursor = message.cursor
      for (const listener of changeListeners) listener(message.changes)
    } else if (message.type === 'caught-up') {
      if (!isSubscribed) return
      cursor = message.cursor
      setStatus('live')
    } else if (message.type === 'behind') {
      // The feed goes on behind the gap: what it tells before the new subscription would move the cursor past it.
      isSubscribed = false
      setStatus('catching-up')
      if (message.skipped.events + message.skipped.runs > mostToCatchUp) cursor = null
      subscribe(from)
    } else if (message.type === 'error' && cursor !== null) {
      cursor = null
      subscribe(from)
    }
  }

  function startFromNow(from: string): void {
    cursor = from
    setStatus('live')
    tellGap()
  }

  function lost(): void {
    socket = null
    isSubscribed = false
    cancelPing()
    cancelTimer()
    setStatus('reconnecting')
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** failures) * (0.75 + random() / 2)
    failures += 1
    cancelTimer = later(open, delayMs)
    if (!wasConnected) tellGap()
  }

  function tellGap(): void {
    for (const listener of gapListeners) listener()
  }

  function repeat(work: () => void): () => void {
    let cancel = () => {}
    const next = () => {
      cancel = later(() => {
        work()
        next()
      }, pingEveryMs)
    }
    next()
    return () => cancel()
  }

  return {
    start() {
      if (status !== 'off') return
      setStatus('connecting')
      open()
    },
    stop() {
      const former = socket
      socket = null
      cancelPing()
      cancelTimer()
      failures = 0
      wasConnected = false
      cursor = null
      setStatus('off')
      former?.close()
    },
    status: () => status,
    onStatus: listener => add(statusListeners, listener),
    onChanges: listener => add(changeListeners, listener),
    onGap: listener => add(gapListeners, listener),
  }
}

function add<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
