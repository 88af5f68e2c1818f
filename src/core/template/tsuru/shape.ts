import { decodeText } from '../../context.ts'
import type { Event } from '../../event.ts'
import type { EventShape } from '../event-shape.ts'
import { readTsuruEvent, toTsuruEvent, type TsuruEvent } from './event.ts'
import { goJson } from './go-json.ts'

/** tsuru's own event where the body is one, else ours as tsuru would tell of it. */
export function tsuruEventOf(event: Event, body: Uint8Array): TsuruEvent {
  return readTsuruEvent(parsed(body)) ?? toTsuruEvent(event)
}

function parsed(body: Uint8Array): unknown {
  if (body[0] !== 0x7b) return null
  try {
    return JSON.parse(decodeText(body)) as unknown
  } catch {
    return null
  }
}

export const tsuruShape: EventShape = {
  context: tsuruEventOf,
  json: (event, body) => goJson(tsuruEventOf(event, body)),
}
