import type { Work } from '../core/intake.ts'

/**
 * Everything that this process has claimed: what its leases are extended for, and what bounds its memory. 2,000 runs
 * were as fast as 4,000. A run that was cancelled and opened again may be claimed twice here: the newer claim counts,
 * and the older one's work is aborted.
 */
export interface Held {
  readonly size: number
  /** How many more runs may be held. */
  room(): number
  fits(bodyBytes: number): boolean
  add(work: Work): void
  remove(work: Work): void
  signalOf(work: Work): AbortSignal
  claims(): Claim[]
  /** It is gone: whatever is done for it counts for nothing. */
  abort(claim: Claim): void
}

export interface Claim {
  runId: string
  claimNo: number
}

const maxHeld = 2_000
const maxHeldBytes = 64 * 1024 * 1024

export function createHeld(): Held {
  const controllers = new Map<Work, AbortController>()
  const newest = new Map<string, Work>()
  let bytes = 0
  const abort = (work: Work | undefined) => work && controllers.get(work)?.abort()
  return {
    get size() {
      return controllers.size
    },
    room: () => (bytes >= maxHeldBytes ? 0 : maxHeld - controllers.size),
    fits: bodyBytes => controllers.size < maxHeld && bytes + bodyBytes <= maxHeldBytes,
    add(work) {
      abort(newest.get(work.run.id))
      newest.set(work.run.id, work)
      controllers.set(work, new AbortController())
      bytes += work.body.byteLength
    },
    remove(work) {
      if (!controllers.delete(work)) return
      bytes -= work.body.byteLength
      if (newest.get(work.run.id) === work) newest.delete(work.run.id)
    },
    signalOf: work => controllers.get(work)!.signal,
    claims: () => [...newest.values()].map(({ run }) => ({ runId: run.id, claimNo: run.claimNo })),
    abort({ runId, claimNo }) {
      const work = newest.get(runId)
      if (work?.run.claimNo === claimNo) abort(work)
    },
  }
}
