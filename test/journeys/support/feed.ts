import WebSocket from 'ws'
import { until } from '../../kill/support/until.ts'
import type { EventSummary, RunSummary } from './shapes.ts'
import { atEnd, type Scope } from './at-end.ts'
import type { Signalbox } from './signalbox.ts'

export type Change =
  | { type: 'event'; event: EventSummary }
  | { type: 'run'; run: RunSummary; attempt: { number: number; outcome: string; message: string } | null }
  | { type: 'configuration'; topic: string; id: string }

interface Message {
  type: string
  cursor?: string
  changes?: Change[]
  code?: string
  detail?: string
}

/** Somebody who watches the live feed. */
export interface Feed {
  changes: Change[]
  events(): EventSummary[]
  /** Of the last frame, to go on from. */
  cursor(): string | null
  messages: Message[]
  have(what: string, holds: (feed: Feed) => boolean, deadlineMs?: number): Promise<void>
  close(): void
}

export interface FeedOptions {
  headers: Record<string, string>
  filter?: Record<string, unknown>
  cursor?: string | null
}

/** Answers once the subscription stands. Throws when the upgrade is refused, with the status. */
export async function watch(
  scope: Scope,
  box: Pick<Signalbox, 'url'>,
  { headers, filter = {}, cursor = null }: FeedOptions,
): Promise<Feed> {
  const socket = new WebSocket(`${box.url.replace(/^http/, 'ws')}/api/live`, {
    // As browsers do: what comes with a cookie has to say from which page.
    headers: { ...headers, ...(headers['cookie'] === undefined ? {} : { origin: box.url }) },
  })
  atEnd(scope, () => socket.terminate())
  const messages: Message[] = []
  let at: string | null = cursor
  const feed: Feed = {
    changes: [],
    messages,
    events: () => feed.changes.flatMap(change => (change.type === 'event' ? [change.event] : [])),
    cursor: () => at,
    have: async (what, holds, deadlineMs = 10_000) => {
      await until(
        () => `${what}. The feed told: ${JSON.stringify(messages)}`,
        () => holds(feed),
        { deadlineMs },
      )
    },
    close: () => socket.close(),
  }
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message
    messages.push(message)
    if (message.type === 'frame') feed.changes.push(...(message.changes ?? []))
    at = message.cursor ?? at
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve).once('error', reject)
  })
  socket.send(JSON.stringify({ type: 'subscribe', filter, cursor }))
  await feed.have('the subscription stands', () => messages.some(({ type }) => type === 'subscribed'))
  return feed
}
