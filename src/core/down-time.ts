/** Time in which Signalbox did not run: nobody could reach it, so nobody was silent. */
export interface Span {
  fromMs: number
  untilMs: number
}

/** How much of the time from `sinceMs` to `nowMs` it was down. The spans do not overlap. */
export const downMsSince = (downs: readonly Span[], sinceMs: number, nowMs: number): number =>
  downs.reduce(
    (sum, { fromMs, untilMs }) => sum + Math.max(0, Math.min(untilMs, nowMs) - Math.max(fromMs, sinceMs)),
    0,
  )

/** As long as any silence alarm may wait, and a little more. */
const keptMs = 32 * 86_400_000
const mostKept = 1000

export const withDown = (downs: readonly Span[], down: Span): Span[] =>
  [...downs, down].filter(({ untilMs }) => untilMs > down.untilMs - keptMs).slice(-mostKept)
