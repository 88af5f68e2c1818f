import type { ShapedEvent } from '../event-shape.ts'
import { fromTsuruEvent, readTsuruEvent } from './event.ts'

/** Null for what is no event of tsuru's. */
export function readTsuru(json: unknown): ShapedEvent | null {
  const event = readTsuruEvent(json)
  return event === null ? null : fromTsuruEvent(event)
}
