import type { WebSocket } from 'ws'
import type { Clock } from './clock.ts'
import type { Hub } from './hub.ts'
import { readMessage } from './message.ts'
import { closeCodes } from './protocol.ts'
import { type Connection, type Subscription, tell } from './subscription.ts'
import { seesTheSame, type Viewer } from './viewer.ts'

/** One connection: reads what the watcher says, and ends when it is dead, too loud, or may watch no more. */
export interface Watcher {
  close(code: number, reason: string): void
  terminate(): void
  readonly closed: Promise<void>
}

export interface WatcherOptions {
  hub: Hub
  viewer: Viewer
  clock: Clock
  /** Who it is now: sessions end, and endpoints of visitors expire. Null: nobody any more. */
  identifyAgain(): Promise<Viewer | null>
  onError(error: unknown): void
}

const heartbeatMs = 30_000
const maxMessagesPerSecond = 20

export function watch(socket: WebSocket, options: WatcherOptions): Watcher {
  const { hub, viewer, clock } = options
  const connection: Connection = {
    waitingBytes: () => socket.bufferedAmount,
    // As bytes that are text: a string would be encoded again for every watcher.
    send: message => socket.send(message, { binary: false }),
    tryLater: reason => socket.close(closeCodes.tryLater, reason),
  }
  let subscription: Subscription | null = null
  let alive = true
  let cancelHeartbeat = () => {}
  let window = { atMs: clock.nowMs(), messages: 0 }

  const unsubscribe = () => {
    if (subscription !== null) hub.end(subscription)
    subscription = null
  }

  function heed(text: string): void {
    if (isTooLoud()) {
      unsubscribe()
      return socket.close(closeCodes.policy, `more than ${maxMessagesPerSecond} messages a second`)
    }
    const message = readMessage(text)
    if (message.type === 'ping') return tell({ connection }, { type: 'pong' })
    if (message.type === 'invalid') {
      const { code, detail } = message
      return tell({ connection }, { type: 'error', code, detail })
    }
    unsubscribe()
    subscription = hub.subscribe(connection, message.filter, viewer, message.from)
  }

  function isTooLoud(): boolean {
    const nowMs = clock.nowMs()
    if (nowMs - window.atMs >= 1000) window = { atMs: nowMs, messages: 0 }
    window.messages += 1
    return window.messages > maxMessagesPerSecond
  }

  function heartbeat(): void {
    cancelHeartbeat = clock.later(() => {
      if (!alive) return socket.terminate()
      alive = false
      socket.ping()
      checkAccess().catch(options.onError)
      heartbeat()
    }, heartbeatMs)
  }

  async function checkAccess(): Promise<void> {
    const now = await options.identifyAgain()
    if (now !== null && seesTheSame(now, viewer)) return
    unsubscribe()
    socket.close(closeCodes.policy, 'what you may see has changed; connect again')
  }

  socket.on('message', (data: Buffer) => {
    alive = true
    if (socket.readyState === socket.OPEN) heed(data.toString('utf8'))
  })
  socket.on('pong', () => {
    alive = true
  })
  const closed = new Promise<void>(resolve => {
    socket.on('close', () => {
      cancelHeartbeat()
      unsubscribe()
      resolve()
    })
  })
  heartbeat()
  return {
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
    closed,
  }
}
