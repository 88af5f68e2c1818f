import type { KeyObject } from 'node:crypto'
import type { Event } from '../core/event.ts'
import { maskUrl } from '../core/mask.ts'
import type { ReactionDefinition } from '../core/reaction.ts'
import { RenderError, renderRequest } from './http-request.ts'
import { hiddenOf, maskerOf } from './record.ts'

/** What would be sent, secrets masked; or where the definition does not fit the event. */
export interface Rehearsal {
  request: {
    method: string
    url: string
    headers: [name: string, value: string][]
    body: string
    bodyBytes: number
  } | null
  /** Path into the definition, such as /action/url; line and column are 1-based. */
  problems: { path: string; message: string; line?: number; column?: number }[]
}

const shownBytes = 256 * 1024

/** The dry run: renders as an attempt would, and sends nothing. */
export function rehearse(
  definition: ReactionDefinition,
  event: Event,
  body: Uint8Array,
  keys: { causeKey: KeyObject; nowMs: number },
): Rehearsal {
  try {
    const request = renderRequest(definition, { event, body }, { id: 'r_0000000000000000', attempt: 1 }, keys)
    const hide = maskerOf(definition)
    const bytes = Buffer.from(request.body ?? '')
    return {
      request: {
        method: request.method,
        url: hide(maskUrl(request.url)),
        headers: hiddenOf(definition, request.headers),
        body: hide(bytes.toString('utf8')).slice(0, shownBytes),
        bodyBytes: bytes.length,
      },
      problems: [],
    }
  } catch (error) {
    if (!(error instanceof RenderError)) throw error
    const { path, message, line, column } = error
    return {
      request: null,
      problems: [
        {
          path,
          message,
          ...(line === undefined ? {} : { line }),
          ...(column === undefined ? {} : { column }),
        },
      ],
    }
  }
}
