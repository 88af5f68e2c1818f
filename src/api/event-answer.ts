import { isUtf8 } from 'node:buffer'
import type { Event } from '../core/event.ts'
import { type Part, readParts } from '../core/multipart.ts'
import { allows, includesTeam, type Permission } from '../core/permission.ts'
import { eventSummary } from '../core/summary.ts'
import type { StoredEvent } from '../storage/key-queries.ts'
import { toEvent, toRun } from '../storage/rows.ts'
import { notFound } from './errors.ts'
import { checkOwner, teamsOf } from './permit.ts'
import { runAnswers } from './run-answer.ts'
import type { Services } from './services.ts'
import type { Member } from './member.ts'
import type { Viewer } from './viewer.ts'

export interface FoundEvent extends StoredEvent {
  value: Event
}

/** An event that this viewer may see, or do that with; what is somebody else's is not found. */
export async function findEvent(
  { storage }: Pick<Services, 'storage'>,
  viewer: Viewer,
  id: string,
  permission: Permission = 'event.read',
): Promise<FoundEvent> {
  const stored = await storage.read('event', { id })
  if (stored === null) throw notFound('event', id)
  const value = toEvent(stored.event)
  if (!isSharedWith(viewer, value, permission)) {
    const { team, endpointId } = value
    checkOwner(viewer, { what: 'event', reference: id, team, endpointId }, permission)
  }
  return { ...stored, value }
}

/** What it is shared with may look at it and react to it, but not speak in its name. */
const isSharedWith = (viewer: Viewer, { sharedWith = [] }: Event, permission: Permission): boolean =>
  viewer.kind === 'member' &&
  (permission === 'event.read' || permission === 'event.replay') &&
  sharedWith.some(team => allows(viewer.grants, permission, team))

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

async function runsSeenOf({ storage }: Services, viewer: Member, eventId: string) {
  const teams = teamsOf(viewer, 'run.read')
  return (await storage.query('runsOfEvent', { eventId })).filter(({ team }) => includesTeam(teams, team))
}

/** Visitors see what came, not what this installation makes of it. */
export async function eventAnswer(services: Services, viewer: Viewer, { value, body }: FoundEvent) {
  const runs = viewer.kind === 'member' ? await runsSeenOf(services, viewer, value.id) : []
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
