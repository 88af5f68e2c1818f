import type { Storage } from '../storage/port.ts'
import type { Rejection } from '../storage/commands/endpoints.ts'

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

const flushEveryMs = 1000
const longestDetail = 500

export function countRejections(storage: Storage, now: () => number): Rejections {
  let pending = new Map<string, Rejection>()
  const flush = async () => {
    if (pending.size === 0) return
    const counted = pending
    pending = new Map()
    try {
      await storage.execute('recordRejections', { rejections: [...counted.values()] })
    } catch (error) {
      // That the store failed is among what was counted: it is written once it can be.
      for (const [key, one] of counted) {
        const newer = pending.get(key)
        pending.set(key, newer ? { ...newer, count: newer.count + one.count } : one)
      }
      throw error
    }
  }
  const timer = setInterval(() => void flush().catch(() => {}), flushEveryMs)
  return {
    add(endpointId, reason, sender, detail) {
      const key = `${endpointId} ${reason}`
      const count = (pending.get(key)?.count ?? 0) + 1
      pending.set(key, {
        endpointId,
        reason,
        count,
        atMs: now(),
        sender,
        detail: detail.slice(0, longestDetail),
      })
    },
    flush,
    async stop() {
      clearInterval(timer)
      await flush().catch(() => {})
    },
  }
}
