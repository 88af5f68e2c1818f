import type { Work } from '../core/intake.ts'

/**
 * Everything that this process has claimed, by run: what its leases are extended for, and what bounds its memory.
 * 2,000 runs were as fast as 4,000.
 */
export interface Held {
  readonly size: number
  /** How many more runs may be held. */
  room(): number
  fits(bodyBytes: number): boolean
  add(work: Work): void
  remove(work: Work): void
  signalOf(work: Work): AbortSignal
  claims(): { runId: string; claimNo: number }[]
  /** Its claim is gone: whatever it is doing counts for nothing. */
  abort(runId: string): void
}

const maxHeld = 2_000
const maxHeldBytes = 64 * 1024 * 1024

export function createHeld(): Held {
  const byRun = new Map<string, { work: Work; controller: AbortController }>()
  let bytes = 0
  return {
    get size() {
      return byRun.size
    },
    room: () => (bytes >= maxHeldBytes ? 0 : maxHeld - byRun.size),
    fits: bodyBytes => byRun.size < maxHeld && bytes + bodyBytes <= maxHeldBytes,
    add(work) {
      byRun.set(work.run.id, { work, controller: new AbortController() })
      bytes += work.body.byteLength
    },
    remove(work) {
      if (byRun.delete(work.run.id)) bytes -= work.body.byteLength
    },
    signalOf: work => byRun.get(work.run.id)!.controller.signal,
    claims: () => [...byRun.values()].map(({ work }) => ({ runId: work.run.id, claimNo: work.run.claimNo })),
    abort: runId => byRun.get(runId)?.controller.abort(),
  }
}
