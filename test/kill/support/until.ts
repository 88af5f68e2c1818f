import { setTimeout as pause } from 'node:timers/promises'

/** Asks again and again until the answer is something; `what` is the sentence of the failure. */
export async function until<T>(
  what: () => string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  { deadlineMs = 30_000, everyMs = 10 } = {},
): Promise<T> {
  const endAt = Date.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (answer !== null && answer !== undefined && answer !== false) return answer
    if (Date.now() > endAt) throw new Error(`Not within ${deadlineMs / 1000} s: ${what()}`)
    await pause(everyMs)
  }
}
