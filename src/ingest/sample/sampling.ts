import { AsyncLocalStorage } from 'node:async_hooks'
import type { Accept } from '../accept.ts'
import type { Rejections } from '../rejections.ts'

/** What became of a sample, beside the answer that its sender got. */
export interface Sampled {
  eventId: string | null
  /** What ingest told the owner: why it was turned away, or which handshake was answered. */
  told: { reason: string; detail: string }[]
}

/**
 * Samples go the way of every request. What is told of one on that way is caught here: its event is marked, which no
 * sender can do, and it counts for no rejection, since no sender was turned away.
 */
export interface Sampling {
  /** Whatever `deliver` sends in is a sample of `actor`'s. */
  run<T>(actor: string, deliver: () => Promise<T>): Promise<{ answer: T; sampled: Sampled }>
  accept: Accept
  rejections: Rejections
}

export const sampleMark = 'sample'

export function createSampling(accept: Accept, rejections: Rejections): Sampling {
  const current = new AsyncLocalStorage<Sampled & { actor: string }>()
  return {
    async run(actor, deliver) {
      const sampled = { actor, eventId: null, told: [] }
      const answer = await current.run(sampled, deliver)
      return { answer, sampled }
    },
    async accept(event, body) {
      const sampled = current.getStore()
      if (sampled === undefined) return accept(event, body)
      event.actor = sampled.actor
      if (event.request) event.request.verified = `${sampleMark}; ${event.request.verified}`
      const accepted = await accept(event, body)
      sampled.eventId = accepted.id
      return accepted
    },
    rejections: {
      ...rejections,
      add(endpointId, reason, sender, detail) {
        const sampled = current.getStore()
        if (sampled === undefined) rejections.add(endpointId, reason, sender, detail)
        else sampled.told.push({ reason, detail })
      },
    },
  }
}
