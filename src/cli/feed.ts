import WebSocket from 'ws'
import type { Connection } from './connection.ts'
import { Failure, failureOfAnswer, exitCodes, isTemporaryStatus } from './failure.ts'
import type { EventSummary } from './shapes.ts'

/**
 * One connection to the live feed.
 *
 *   connecting ──open──→ subscribing ──subscribed──→ following ──behind──→ subscribing (again, from the last cursor)
 *        └───────────────────┴──────────────────────────┴── lost, refused or stopped: the promise resolves
 *
 * While subscribing, frames are left alone: after `behind` they lie beyond the gap that is about to be read again.
 */

export interface Subscription {
  filter: { topics: string[]; endpoints?: string[]; kinds?: string[]; outcome?: 'error' }
  cursor: string | null
}

export interface FeedHandlers {
  subscribed(): void
  /** False: whoever prints them is full; call `resume` when it has drained. */
  events(events: EventSummary[], resume: () => void, cursor: string): boolean
  behind(skipped: number): void
}

export type FeedEnd =
  /** Worth another try. */
  | { kind: 'lost'; reason: string; error: unknown }
  /** The server said no, and would say so again. */
  | { kind: 'refused'; failure: Failure }
  | { kind: 'stopped' }

interface Change {
  type: string
  event?: EventSummary
}

type Message =
  | { type: 'subscribed' | 'caught-up'; cursor: string }
  | { type: 'frame'; cursor: string; changes: Change[] }
  | { type: 'behind'; cursor: string; skipped: { events: number } }
  | { type: 'error'; code: string; detail: string }
  | { type: 'pong' }

const handshakeTimeoutMs = 10_000
/** A connection that carries nothing may be dead without anybody noticing: ask, and give up on no answer. */
const heartbeatMs = 20_000
/** A frame holds at most 100 events of 256 bytes of preview; this leaves room for targets and paths. */
const maxFrameBytes = 16 * 1024 * 1024
const maxProblemBytes = 64 * 1024

/** Follows the feed until the connection ends. `subscription.cursor` is moved forward as events are handed over. */
export function followFeed(
  connection: Connection,
  subscription: Subscription,
  handlers: FeedHandlers,
  signal: AbortSignal,
): Promise<FeedEnd> {
  const url = new URL('api/live', connection.url)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const headers = connection.token === null ? {} : { authorization: `Bearer ${connection.token}` }
  const socket = new WebSocket(url, {
    headers,
    perMessageDeflate: false,
    handshakeTimeout: handshakeTimeoutMs,
    maxPayload: maxFrameBytes,
  })
  let following = false

  const subscribe = (): void => {
    following = false
    socket.send(JSON.stringify({ type: 'subscribe', ...subscription }))
  }

  return new Promise(resolve => {
    const stopHeartbeat = keepAlive(socket, () => following)
    const end = (how: FeedEnd): void => {
      stopHeartbeat()
      // What has arrived but was not handed over yet is read again from the cursor.
      socket.removeAllListeners('message')
      signal.removeEventListener('abort', stop)
      socket.terminate()
      resolve(how)
    }
    const stop = (): void => end({ kind: 'stopped' })
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()

    socket.on('open', subscribe)
    socket.on('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes <= maxProblemBytes) chunks.push(chunk)
      })
      response.on('close', () =>
        end(endOfRefusal(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'), connection)),
      )
    })
    socket.on('error', error => end({ kind: 'lost', reason: error.message || String(error), error }))
    socket.on('close', (code, reason) => {
      const why =
        reason.toString('utf8') || (code === 1006 ? 'it broke off' : `it was closed with code ${code}`)
      end({ kind: 'lost', reason: why, error: new Error(why) })
    })
    socket.on('message', data => {
      const message = parseMessage((data as Buffer).toString('utf8'))
      if (message === null)
        end({ kind: 'lost', reason: 'the server sent something that is no message', error: null })
      else receive(message, end)
    })
  })

  function receive(message: Message, end: (how: FeedEnd) => void): void {
    if (message.type === 'error') return end({ kind: 'refused', failure: failureOfMessage(message) })
    if (message.type === 'subscribed') {
      following = true
      // A resumed feed keeps its own cursor until it has been handed what lies between.
      if (subscription.cursor === null) subscription.cursor = message.cursor
      handlers.subscribed()
    }
    if (!following) return
    if (message.type === 'behind') {
      handlers.behind(message.skipped.events)
      subscribe()
    }
    if (message.type === 'caught-up') subscription.cursor = message.cursor
    if (message.type === 'frame') hand(message)
  }

  function hand({ changes, cursor }: { changes: Change[]; cursor: string }): void {
    const events = changes.flatMap(change => (change.type === 'event' && change.event ? [change.event] : []))
    subscription.cursor = cursor
    if (events.length > 0 && !handlers.events(events, () => socket.resume(), cursor)) socket.pause()
  }
}

function parseMessage(text: string): Message | null {
  try {
    const message: unknown = JSON.parse(text)
    return typeof message === 'object' && message !== null && 'type' in message ? (message as Message) : null
  } catch {
    return null
  }
}

/**
 * Ends a connection that is dead, or whose subscription stays unanswered from one beat to the next.
 * A paused socket cannot see an answer, and needs none: it is us who are slow.
 */
function keepAlive(socket: WebSocket, isFollowing: () => boolean): () => void {
  let answered = true
  let wasFollowing = true
  const hear = (): void => {
    answered = true
  }
  socket.on('pong', hear).on('message', hear)
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN || socket.isPaused) return
    if (!answered || (!wasFollowing && !isFollowing())) return socket.terminate()
    answered = false
    wasFollowing = isFollowing()
    socket.ping()
  }, heartbeatMs)
  return () => clearInterval(timer)
}

function endOfRefusal(status: number, document: string, connection: Connection): FeedEnd {
  const failure = failureOfAnswer(status, document, connection.url.origin)
  const isFinal = status >= 400 && !isTemporaryStatus(status)
  return isFinal ? { kind: 'refused', failure } : { kind: 'lost', reason: failure.message, error: failure }
}

const failureOfMessage = ({ code, detail }: { code: string; detail: string }): Failure =>
  new Failure(`The feed ended (${code})`, { exitCode: exitCodes.refused, problem: { code, detail } })
