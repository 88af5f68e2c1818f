/** The time, and what is to be done later; a test moves both by hand. */
export interface Clock {
  nowMs(): number
  /** Answers how to call it off. */
  later(work: () => void, delayMs: number): () => void
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  later(work, delayMs) {
    const timer = setTimeout(work, delayMs)
    return () => clearTimeout(timer)
  },
}

export const pause = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise(resolve => void clock.later(resolve, delayMs))

/** Lets requests and sockets have their turn of the event loop. */
export const breathe = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
