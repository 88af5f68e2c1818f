import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { hashToken, newToken } from '../core/seal.ts'
import { Problem } from './errors.ts'

/** Tokens of sign-in links. They live in memory: whoever restarts Signalbox gets a new link anyway. */
export interface SignInTokens {
  issue(): string
  /** True once for each token, within 15 minutes. */
  redeem(token: string): boolean
}

export const signInTokenLifeMs = 15 * 60_000
/** Links that were never used are forgotten, oldest first. */
const maxOpenTokens = 100

export function createSignInTokens(now: () => number): SignInTokens {
  const expiryOf = new Map<string, number>()
  return {
    issue() {
      const token = newToken('signin')
      expiryOf.set(hashToken(token), now() + signInTokenLifeMs)
      for (const key of expiryOf.keys()) if (expiryOf.size > maxOpenTokens) expiryOf.delete(key)
      return token
    },
    redeem(token) {
      const key = hashToken(token)
      const expiresAtMs = expiryOf.get(key) ?? 0
      expiryOf.delete(key)
      return expiresAtMs > now()
    },
  }
}

export interface Throttle {
  /** Throws a Problem when `who` has used up what it may do for now. */
  check(who: string): Promise<void>
  count(who: string): Promise<void>
}

/** At most `points` in `seconds` for one sender; the 429 says when to come back. */
export function createThrottle(
  code: 'session.throttled' | 'visitors.throttled',
  points: number,
  seconds: number,
): Throttle {
  const limiter = new RateLimiterMemory({ points, duration: seconds })
  const refusal = (waitMs: number) => {
    const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000))
    return new Problem(code, `Try again in ${retryAfterSeconds} s`, { retryAfterSeconds })
  }
  return {
    async check(who) {
      const used = await limiter.get(who)
      if (used !== null && used.remainingPoints <= 0) throw refusal(used.msBeforeNext)
    },
    async count(who) {
      try {
        await limiter.consume(who)
      } catch (spent) {
        throw spent instanceof RateLimiterRes ? refusal(spent.msBeforeNext) : spent
      }
    },
  }
}
