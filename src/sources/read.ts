import type { Caller } from '../act/http/call.ts'
import type { Event } from '../core/event.ts'
import { newEventId } from '../core/ids.ts'
import type { ShapedEvent } from '../core/template/event-shape.ts'
import { type ListedEvent, ListingError, pageSize, pageUrl, readPage } from '../integrations/tsuru/listing.ts'
import type { Accept } from '../ingest/accept.ts'
import type { Storage } from '../storage/port.ts'
import type { SourceTable } from '../storage/schema.ts'

/** Events are listed by when they began: from here on some may be new, or may have gone on when they were seen. */
export interface Progress {
  sinceMs: number
}

export interface ReadOptions {
  storage: Storage
  accept: Accept
  caller: Pick<Caller, 'call'>
  now(): number
}

/** Clocks of several servers differ, and an event is stored a moment after it began. */
const overlapMs = 60_000
/** What goes on for longer is waited for no more. */
const longestMs = 7 * 86_400_000
const answerTimeoutMs = 30_000
const maxAnswerBytes = 32 * 1024 * 1024

/**
 * Takes whatever ended since it was last asked. How far it got is stored after the events that it found are: a crash
 * between the two has them listed once more, and each is known by its id. `known` spares asking the store about them.
 */
export async function readSource(
  source: SourceTable,
  token: string,
  known: Set<string>,
  options: ReadOptions,
): Promise<void> {
  const { sinceMs } = JSON.parse(source.progress) as Progress
  let latestMs = sinceMs
  let goingOnMs = Number.POSITIVE_INFINITY
  for (let skip = 0; ; skip += pageSize) {
    const page = await ask(source, token, sinceMs, skip, options)
    const ended = page.filter(({ id, isRunning }) => !isRunning && !known.has(id))
    await Promise.all(ended.map(one => take(source, one, options)))
    for (const { id } of ended) known.add(id)
    const nowMs = options.now()
    for (const { startMs, isRunning } of page) {
      latestMs = Math.max(latestMs, Math.min(startMs, nowMs))
      if (isRunning && startMs > nowMs - longestMs) goingOnMs = Math.min(goingOnMs, startMs)
    }
    const progress: Progress = { sinceMs: Math.max(sinceMs, Math.min(goingOnMs, latestMs - overlapMs)) }
    await options.storage.execute('noteSource', {
      id: source.id,
      progress: JSON.stringify(progress),
      problem: null,
      asked_at: nowMs,
    })
    if (page.length < pageSize) return
  }
}

async function ask(
  source: SourceTable,
  token: string,
  sinceMs: number,
  skip: number,
  { caller }: ReadOptions,
): Promise<ListedEvent[]> {
  const answer = await caller.call({
    method: 'GET',
    url: pageUrl(source.url, sinceMs, skip),
    headers: [
      ['Authorization', `bearer ${token}`],
      ['Accept', 'application/json'],
    ],
    body: null,
    timeoutMs: answerTimeoutMs,
    followRedirects: 0,
    insecure: false,
    proxyUrl: null,
    maxAnswerBytes,
  })
  if (!answer.ok) throw new ListingError(answer.error.message)
  if (answer.bodyTruncated)
    throw new ListingError(`A page of its events is larger than ${maxAnswerBytes} bytes`)
  return readPage(answer.status, answer.body)
}

async function take(
  source: SourceTable,
  { id, event, body }: ListedEvent,
  options: ReadOptions,
): Promise<void> {
  // It has no place here; the rest goes on.
  if (event === null) return
  await options.accept(toEvent(source, id, event, body.length, options.now()), body)
}

function toEvent(
  source: SourceTable,
  id: string,
  shaped: ShapedEvent,
  bodyBytes: number,
  nowMs: number,
): Event {
  const { kind, targets, owner, error, atMs, team, sharedWith } = shaped
  const isOwned = source.team !== null
  return {
    kind,
    targets,
    owner,
    error,
    id: newEventId(nowMs),
    position: 0,
    receivedAtMs: Math.min(atMs ?? nowMs, nowMs),
    team: isOwned ? source.team : team,
    ...(isOwned || sharedWith.length === 0 ? {} : { sharedWith }),
    // One source is one sender: what it delivered is kept once.
    actor: source.id,
    endpointId: null,
    cause: null,
    hops: 0,
    request: {
      method: 'GET',
      path: '/1.1/events',
      query: '',
      headers: {},
      params: {},
      sender: new URL(source.url).host,
      verified: `source ${source.name}`,
      deliveryId: id,
    },
    contentType: 'application/json',
    bodyBytes,
  }
}
