import { isUtf8 } from 'node:buffer'
import type { Event } from '../core/event.ts'
import { type Part, readParts } from '../core/multipart.ts'
import { eventSummary } from '../core/summary.ts'
import type { StoredEvent } from '../storage/key-queries.ts'
import { toEvent, toRun } from '../storage/rows.ts'
import { maySee } from './endpoints.ts'
import { notFound } from './errors.ts'
import { runAnswers } from './run-answer.ts'
import type { Services } from './services.ts'
import type { Viewer } from './viewer.ts'

export interface FoundEvent extends StoredEvent {
  value: Event
}

/** An event that this viewer may see; what is somebody else's is not found. */
export async function findEvent(
  { storage }: Pick<Services, 'storage'>,
  viewer: Viewer,
  id: string,
): Promise<FoundEvent> {
  const stored = await storage.read('event', { id })
  if (stored === null || !maySee(viewer, stored.event.endpoint_id)) throw notFound('event', id)
  return { ...stored, value: toEvent(stored.event) }
}

const maxTextBytes = 256 * 1024
const previewBytes = 2048
const maxPartTextBytes = 16 * 1024

/** Small parts are shown with their text, for as long as an answer is large enough to be shown at all. */
function partAnswers(parts: readonly Part[] | null) {
  let left = maxTextBytes
  return (
    parts?.map(({ bytes, ...part }) => {
      const isShown = bytes.length <= Math.min(maxPartTextBytes, left) && isUtf8(bytes)
      if (isShown) left -= bytes.length
      return { ...part, bytes: bytes.length, text: isShown ? bytes.toString('utf8') : null }
    }) ?? null
  )
}

/** Visitors see what came, not what this installation makes of it. */
export async function eventAnswer(services: Services, viewer: Viewer, { value, body }: FoundEvent) {
  const runs =
    viewer.kind === 'admin' ? await services.storage.query('runsOfEvent', { eventId: value.id }) : []
  return {
    ...eventSummary(value, body.subarray(0, previewBytes)),
    owner: value.owner,
    actor: value.actor,
    team: value.team,
    request: value.request,
    body: {
      contentType: value.contentType,
      bytes: value.bodyBytes,
      text: body.length <= maxTextBytes && isUtf8(body) ? Buffer.from(body).toString('utf8') : null,
      truncated: body.length > maxTextBytes,
      parts: partAnswers(readParts(value.contentType, body)),
    },
    runs: await runAnswers(services, runs.map(toRun)),
  }
}
