import { decodeText } from '../../context.ts'
import type { Event } from '../../event.ts'
import type { EventShape } from '../event-shape.ts'
import { tsuruContext } from './context.ts'
import { readTsuruEvent, toTsuruEvent, type TsuruEvent } from './event.ts'
import { goJson } from './go-json.ts'

/** The JSON of tsuru's own event where the body is one, else of ours as tsuru would tell of it. */
function jsonOf(event: Event, body: Uint8Array): unknown {
  const json = parsed(body)
  return readTsuruEvent(json) === null ? toTsuruEvent(event) : json
}

function parsed(body: Uint8Array): unknown {
  if (body[0] !== 0x7b) return null
  try {
    return JSON.parse(decodeText(body)) as unknown
  } catch {
    return null
  }
}

export const tsuruEventOf = (event: Event, body: Uint8Array): TsuruEvent =>
  readTsuruEvent(jsonOf(event, body)) ?? toTsuruEvent(event)

export const tsuruShape: EventShape = {
  // What is not in tsuru's own payload, such as custom data, is there for templates if the sender gave it.
  context: (event, body) => tsuruContext(jsonOf(event, body)),
  fromJson: tsuruContext,
  json: (event, body) => goJson(tsuruEventOf(event, body)),
}
