import type { Rejection } from '../storage/commands/endpoints.ts'
import type { Storage } from '../storage/port.ts'
import { gather } from './gather.ts'

/** A handshake was answered, not turned away; it is counted in the same way, under this. */
export const handshakePrefix = 'handshake.'

/**
 * What was turned away, for the owner of the endpoint to see: counted in memory, written once a second. A flood of
 * forged requests so costs the disk one row an endpoint and reason.
 */
export interface Rejections {
  add(endpointId: string, reason: string, sender: string, detail: string): void
  flush(): Promise<void>
  stop(): Promise<void>
}

/** Counted with them, though the request itself was taken: the custom answer could not be made. */
export const answerFailed = 'answer.failed'

const longestDetail = 500

/** `onMany`: of these so many came in a row that it should be told. */
export function countRejections(
  storage: Storage,
  now: () => number,
  onMany: (rejections: Rejection[]) => void = () => {},
): Rejections {
  const gathered = gather<Rejection>(
    async rejections => {
      const tellable = await storage.execute('recordRejections', { rejections })
      if (tellable.length > 0) onMany(tellable)
    },
    (former, newer) => ({ ...newer, count: former.count + newer.count }),
  )
  return {
    ...gathered,
    add(endpointId, reason, sender, detail) {
      const counted = {
        endpointId,
        reason,
        count: 1,
        atMs: now(),
        sender,
        detail: detail.slice(0, longestDetail),
        refused: reason !== answerFailed && !reason.startsWith(handshakePrefix),
      }
      gathered.add(`${endpointId} ${reason}`, counted)
    },
  }
}
